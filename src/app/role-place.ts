import type { AskPlatform } from "../authorizer/ask-platform.ts";
import type { Config } from "../config.ts";
import type { Failpoint } from "../failpoints.ts";
import { type Random, secureRandom, seededRandom } from "../kernel/random.ts";
import { type Result, ok } from "../kernel/result.ts";
import type { Log } from "../log.ts";
import type { HotAddress } from "../store/hot-connection.ts";
import { type AppError, appError } from "./app-error.ts";
import type { DataSet } from "./data-set.ts";
import { type Engine, defaultEngineLimits, openEngine } from "./engine.ts";
import { readSetting } from "./setting.ts";
import type { SharedClock } from "./shared-clock.ts";

/** What a role is given, whether it has a process of its own or not. */
export interface RolePlace {
  readonly config: Config;
  readonly dataSet: DataSet;
  readonly redis: { readonly address: HotAddress; readonly password: string | null };
  readonly clock: SharedClock;
  readonly log: Log;
  readonly failpoint: Failpoint | null;
  readonly hasProcessOfItsOwn: boolean;
  /** Who asks the endpoints of programs; absent: nobody. */
  readonly ask?: AskPlatform;
}

/** Streams of chance that do not run into each other. */
export const randomStreams = { ground: 0, switch: 1, platform: 2 } as const;

/** An engine for a role; its clock goes by the data set's setting from then on. */
export async function openRoleEngine(
  place: RolePlace,
  stream: keyof typeof randomStreams,
): Promise<Result<Engine, AppError>> {
  const { config, dataSet, redis, clock, failpoint } = place;
  const opened = await openEngine({
    address: redis.address,
    password: redis.password,
    namespace: dataSet.namespace,
    shardCount: dataSet.shardCount,
    keys: dataSet.keys,
    clock,
    random: randomOf(config, stream),
    limits: {
      ...defaultEngineLimits,
      cardViewsMax: config.limits.cardViewsMax,
      merchantsMax: config.limits.merchantsMax,
    },
    ...(place.ask === undefined ? {} : { ask: place.ask }),
  });
  if (!opened.ok) return appError("redis_failed", opened.error.message);
  const engine = failpoint === null ? opened.value : withFailpoint(opened.value, failpoint);
  const setting = await readSetting(engine, defaultEngineLimits.connectTimeoutMs);
  if (setting.ok && setting.value !== null) clock.follow(setting.value);
  if (setting.ok) return ok(engine);
  engine.close();
  return setting;
}

export function randomOf(config: Config, stream: keyof typeof randomStreams): Random {
  return config.rngSeed === null ? secureRandom : seededRandom(config.rngSeed + randomStreams[stream]);
}

function withFailpoint(engine: Engine, failpoint: Failpoint): Engine {
  return { ...engine, committer: { ...engine.committer, onAnswered: () => failpoint("commit.after") } };
}
