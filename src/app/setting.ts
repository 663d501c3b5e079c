import type { Clock, ClockSetting } from "../kernel/clock.ts";
import { type Result, ok } from "../kernel/result.ts";
import { commit } from "../store/commit.ts";
import { type AppError, appError } from "./app-error.ts";
import type { DataSet } from "./data-set.ts";
import type { Engine } from "./engine.ts";

/** What all processes of a data set share, in one key of shard 0. */
export interface Setting extends ClockSetting {
  readonly version: number;
  readonly dataSetId: string;
  /** Grows with each reset: then business time may begin anew. */
  readonly epoch: number;
}

const formatNow = 1;
const field = "s";
const objectNo = 1;
const headBytes = 5;

/** The setting in Redis; null where there is none. */
export function readSetting(engine: Engine, timeoutMs: number): Promise<Result<Setting | null, AppError>> {
  const { hot, keyspace, committer } = engine;
  return new Promise((resolve) => {
    const command = ["HGET", keyspace.setting(), field];
    hot.read(keyspace.slot(0), command, committer.now() + timeoutMs, (reply) => {
      if (reply.kind !== "ok") resolve(appError("redis_failed", "Redis does not tell the data set's setting"));
      else if (typeof reply.value !== "string") resolve(ok(null));
      else resolve(unpack(Buffer.from(reply.value, "latin1")));
    });
    hot.flush();
  });
}

/** Writes the next version of the setting; somebody else's version in between is an error. */
export async function writeSetting(
  engine: Engine,
  clock: Clock,
  change: Omit<Setting, "version">,
  before: number | "absent",
): Promise<Result<Setting, AppError>> {
  const key = engine.keyspace.setting();
  const setting: Setting = { ...change, version: before === "absent" ? 1 : before + 1 };
  const result = await commit(engine.committer, {
    shard: 0,
    account: 0,
    objectType: "setting",
    objectNo,
    version: setting.version,
    body: bodyOf(setting),
    currency: 0,
    accountVersion: 0,
    steps: [
      { do: "expect", key, field, version: before },
      { do: "set", key, field, value: pack(setting) },
    ],
    idempotency: null,
    wallMs: clock.wallNow(),
    businessMs: clock.businessNow(),
  });
  if (result.outcome === "done") return ok(setting);
  const cause = "cause" in result ? result.cause : result.outcome;
  return appError("redis_failed", `the data set's setting could not be written: ${cause}`);
}

/** Reads the setting of a data set, or writes the first one. Redis of another data set is refused. */
export async function agreeOnSetting(
  engine: Engine,
  clock: Clock,
  dataSet: DataSet,
  first: {
    readonly offsetMs: number;
    readonly epoch: number;
    readonly hasRecords: boolean;
    readonly timeoutMs: number;
  },
): Promise<Result<Setting, AppError>> {
  const read = await readSetting(engine, first.timeoutMs);
  if (!read.ok) return read;
  const found = read.value;
  if (found === null) {
    if (first.hasRecords) {
      return appError(
        "data_differs",
        `Redis has nothing of data set ${dataSet.id}, though the records in ${dataSet.dir} have`,
      );
    }
    const setting = { dataSetId: dataSet.id, epoch: first.epoch, offsetMs: first.offsetMs, frozenAtMs: null };
    return writeSetting(engine, clock, setting, "absent");
  }
  if (found.dataSetId === dataSet.id) return ok(found);
  return appError("wrong_data_set", `Redis holds data set ${found.dataSetId}, and ${dataSet.dir} is ${dataSet.id}`);
}

// | format 1 | version 4 | JSON |: the function compares the four bytes and looks no further.
function pack(setting: Setting): Uint8Array {
  const json = Buffer.from(JSON.stringify(bodyOf(setting)));
  const head = Buffer.alloc(headBytes);
  head.writeUInt8(formatNow, 0);
  head.writeUInt32BE(setting.version, 1);
  return Buffer.concat([head, json]);
}

function unpack(bytes: Buffer): Result<Setting, AppError> {
  if (bytes.length < headBytes || bytes.readUInt8(0) !== formatNow) {
    return appError("bad_data_set", "the data set's setting in Redis was written by another version");
  }
  // Written by `pack`, under the format byte that was just compared.
  const body = JSON.parse(bytes.toString("utf8", headBytes)) as ReturnType<typeof bodyOf>;
  return ok({
    version: bytes.readUInt32BE(1),
    dataSetId: body.data_set_id,
    epoch: body.epoch,
    offsetMs: body.clock_offset_ms,
    frozenAtMs: body.clock_frozen_at_ms,
  });
}

function bodyOf(setting: Setting) {
  return {
    object: "setting",
    data_set_id: setting.dataSetId,
    epoch: setting.epoch,
    clock_offset_ms: setting.offsetMs,
    clock_frozen_at_ms: setting.frozenAtMs,
  };
}
