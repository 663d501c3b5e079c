import { type AppError, appError } from "../app/app-error.ts";
import { openGround } from "../app/ground.ts";
import { openRoleEngine } from "../app/role-place.ts";
import { readSetting } from "../app/setting.ts";
import { SharedClock } from "../app/shared-clock.ts";
import type { Config } from "../config.ts";
import { readFailpoints } from "../failpoints.ts";
import { type Result, ok } from "../kernel/result.ts";
import { createLog } from "../log.ts";
import type { Role } from "./control-protocol.ts";
import { type OpenRole, openRole } from "./role-process.ts";

const settingPollMs = 500;
const settingTimeoutMs = 2_000;

/**
 * One role without a supervisor, on a Redis that somebody else runs and with the data set's folder at hand: several
 * switches on one data set. Nobody pushes the clock to it, so it looks at the setting itself.
 */
export async function runAlone(role: Role, config: Config): Promise<Result<OpenRole, AppError>> {
  if (config.redisUrl === null) {
    return appError("bad_config", "--role needs REDIS_URL: one role alone has no Redis of its own");
  }
  const failpoint = readFailpoints(process.env["FAILPOINT"]);
  if (!failpoint.ok) return appError("bad_config", failpoint.error);
  const log = createLog({ level: config.logLevel, process: role, isReadable: process.stderr.isTTY });
  const ground = await openGround(config, log, { hasRecords: role === "platform" });
  if (!ground.ok) return ground;
  const { dataSet, redis } = ground.value;
  const clock = new SharedClock();
  const place = { config, dataSet, redis, clock, log, failpoint: failpoint.value, hasProcessOfItsOwn: true };
  const opened = await openRole({ role, place, neighbours: { isExpected: false, switch: () => null } });
  if (!opened.ok) return opened;
  const engine = await openRoleEngine(place, "ground");
  if (!engine.ok) {
    await opened.value.close();
    return engine;
  }
  const poll = setInterval(() => {
    void readSetting(engine.value, settingTimeoutMs).then((found) => {
      if (found.ok && found.value !== null) clock.follow(found.value);
    });
  }, settingPollMs);
  return ok({
    info: opened.value.info,
    close: async () => {
      clearInterval(poll);
      engine.value.close();
      await opened.value.close();
      await ground.value.close();
    },
  });
}
