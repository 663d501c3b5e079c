import { expect } from "chai";
import { openRecords } from "../../src/records/database.ts";
import { type Redis, createClient } from "../../src/store/client.ts";
import { type VerifyReport, verify } from "../../src/verify/verify.ts";
import { atRest, busyProgram } from "./busy-program.ts";
import { type TestEngine, openTestEngine } from "./engine.ts";
import { sharedRedis } from "./redis.ts";
import type { SmallProgram } from "./small-program.ts";

/** The busy program at rest, to be tampered with by the Redis client and verified. */
export interface CheckedProgram {
  readonly test: TestEngine;
  readonly program: SmallProgram;
  readonly redis: Redis;
  readonly check: () => Promise<VerifyReport>;
  readonly close: () => Promise<void>;
}

export async function openCheckedProgram(): Promise<CheckedProgram> {
  const test = (await openTestEngine()) ?? expect.fail("no engine");
  const redis = createClient({ address: { path: (await sharedRedis()).socketPath } });
  const program = await busyProgram(test);
  await atRest(test, redis);
  const opened = openRecords({ path: test.recordsPath, dataSetId: null, isDurable: false });
  if (!opened.ok) throw new Error(opened.error.message);
  const records = opened.value;
  return {
    test,
    program,
    redis,
    check: () => verify({ redis, keyspace: test.engine.keyspace, records }),
    close: async () => {
      records.close();
      redis.disconnect();
      await test.close();
    },
  };
}
