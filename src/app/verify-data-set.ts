import { type Result, ok } from "../kernel/result.ts";
import { openRecords } from "../records/database.ts";
import { createClient } from "../store/client.ts";
import { type VerifyReport, verify } from "../verify/verify.ts";
import { type AppError, appError } from "./app-error.ts";
import type { Books } from "./books.ts";
import type { RolePlace } from "./role-place.ts";

export interface VerifyAnswer extends VerifyReport {
  readonly dataSetId: string;
  readonly durationMs: number;
}

/** Compares Redis with what journal and records say it has to be. The data set has to be at rest. */
export async function verifyDataSet(place: RolePlace, books: Books): Promise<Result<VerifyAnswer, AppError>> {
  const { dataSet, redis, clock } = place;
  const startedMs = clock.monotonicNow();
  const records = openRecords({ path: dataSet.recordsPath, dataSetId: dataSet.id });
  if (!records.ok) return appError("records_unusable", records.error.message);
  const client = createClient({ address: redis.address, password: redis.password });
  try {
    const report = await verify({
      redis: client,
      keyspace: books.engine.keyspace,
      records: records.value,
      name: (prefix, shard, no) => books.engine.ids.encode(prefix, { shard, no }),
    });
    return ok({ ...report, dataSetId: dataSet.id, durationMs: Math.round(clock.monotonicNow() - startedMs) });
  } catch (error) {
    return appError("redis_failed", `verify could not read: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    client.disconnect();
    records.value.close();
  }
}
