import type { Config } from "../config.ts";
import { type Result, ok } from "../kernel/result.ts";
import type { Log } from "../log.ts";
import { openRecords, type Records } from "../records/database.ts";
import { RecordsQueries } from "../records/queries.ts";
import { createClient } from "../store/client.ts";
import { checkStart } from "../verify/start-check.ts";
import { type AppError, appError } from "./app-error.ts";
import { type DataSet, openDataSet, removeIfTemporary } from "./data-set.ts";
import type { Engine } from "./engine.ts";
import { type MoneyRedis, openMoneyRedis } from "./money-redis.ts";
import { openRoleEngine, randomOf } from "./role-place.ts";
import { type Setting, agreeOnSetting } from "./setting.ts";
import { SharedClock } from "./shared-clock.ts";

/** What every way of running stands on: a data set, its Redis, and the word of the start check that they agree. */
export interface Ground {
  readonly config: Config;
  readonly dataSet: DataSet;
  readonly redis: MoneyRedis;
  readonly setting: Setting;
  /** Stops our own Redis and deletes a temporary data set. Nobody may use either any more. */
  readonly close: () => Promise<void>;
}

export interface GroundScope {
  /** False where the records are kept elsewhere: then nothing is compared with them. */
  readonly hasRecords: boolean;
  /** Whether a folder that holds no data set gets one. Default true. */
  readonly mayCreate?: boolean;
}

const settingTimeoutMs = 10_000;

/** Opens all of it or nothing. Errors name what a person has to change. */
export async function openGround(
  config: Config,
  log: Log,
  scope: GroundScope = { hasRecords: true },
): Promise<Result<Ground, AppError>> {
  const opened = openDataSet({
    dir: config.dataDir,
    shardCount: config.shardCount,
    isSharingRedis: config.redisUrl !== null,
    mayCreate: scope.mayCreate ?? true,
    random: randomOf({ ...config, rngSeed: null }, "ground"),
  });
  if (!opened.ok) return opened;
  const dataSet = opened.value;
  const redis = await openMoneyRedis(config, dataSet, log);
  if (!redis.ok) {
    removeIfTemporary(dataSet);
    return redis;
  }
  const parts = { redis: redis.value, log };
  const setting = await (scope.hasRecords
    ? agree(config, dataSet, parts)
    : agreeWithoutRecords(config, dataSet, parts));
  const close = async (): Promise<void> => {
    await redis.value.stop();
    removeIfTemporary(dataSet);
  };
  if (setting.ok) return ok({ config, dataSet, redis: redis.value, setting: setting.value, close });
  await close();
  return setting;
}

interface Parts {
  readonly redis: MoneyRedis;
  readonly log: Log;
}

async function agree(config: Config, dataSet: DataSet, { redis, log }: Parts): Promise<Result<Setting, AppError>> {
  const clock = new SharedClock();
  const records = openRecords({
    path: dataSet.recordsPath,
    dataSetId: dataSet.id,
    isDurable: config.durability !== "volatile",
  });
  if (!records.ok) {
    const isOther = records.error.code === "wrong_data_set";
    return appError(isOther ? "wrong_data_set" : "records_unusable", records.error.message);
  }
  const place = { config, dataSet, redis, clock, log, failpoint: null, hasProcessOfItsOwn: false };
  const engine = await openRoleEngine(place, "ground");
  if (!engine.ok) {
    records.value.close();
    return engine;
  }
  // Records without an entry are those of a start that was cut short before it had written anything.
  const queries = new RecordsQueries(records.value);
  const hasRecords = Array.from({ length: dataSet.shardCount }, (_, shard) => queries.checkpoint(shard)).some(
    (no) => no > 0,
  );
  const offsetMs = config.businessStartMs === null ? 0 : config.businessStartMs - clock.wallNow();
  const first = { offsetMs, epoch: 1, hasRecords, timeoutMs: settingTimeoutMs };
  const setting = await agreeOnSetting(engine.value, clock, dataSet, first);
  const checked = setting.ok
    ? await check(records.value, { redis, engine: engine.value, setting: setting.value })
    : setting;
  engine.value.close();
  records.value.close();
  return checked;
}

async function agreeWithoutRecords(
  config: Config,
  dataSet: DataSet,
  { redis, log }: Parts,
): Promise<Result<Setting, AppError>> {
  const clock = new SharedClock();
  const place = { config, dataSet, redis, clock, log, failpoint: null, hasProcessOfItsOwn: false };
  const engine = await openRoleEngine(place, "ground");
  if (!engine.ok) return engine;
  const first = { offsetMs: 0, epoch: 1, hasRecords: false, timeoutMs: settingTimeoutMs };
  const setting = await agreeOnSetting(engine.value, clock, dataSet, first);
  engine.value.close();
  return setting;
}

/** Redis and records have to go on together, or no link opens. */
async function check(
  records: Records,
  parts: { readonly redis: MoneyRedis; readonly engine: Engine; readonly setting: Setting },
): Promise<Result<Setting, AppError>> {
  const client = createClient({ address: parts.redis.address, password: parts.redis.password });
  try {
    const report = await checkStart({
      redis: client,
      keyspace: parts.engine.keyspace,
      records,
      redisDataSetId: parts.setting.dataSetId,
    });
    if (report.ok) return ok(parts.setting);
    return appError(report.error.code === "wrong_data_set" ? "wrong_data_set" : "data_differs", report.error.message);
  } catch (error) {
    return appError(
      "redis_failed",
      `the start check could not be made: ${error instanceof Error ? error.message : String(error)}`,
    );
  } finally {
    client.disconnect();
  }
}
