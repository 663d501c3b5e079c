import type { Config } from "../config.ts";
import type { Failpoint } from "../failpoints.ts";
import { type Result, ok } from "../kernel/result.ts";
import type { Log } from "../log.ts";
import { type AdminServer, openAdminServer } from "./admin-server.ts";
import type { AppError } from "./app-error.ts";
import type { Neighbours } from "./doors.ts";
import { type Ground, openGround } from "./ground.ts";
import { type PlatformKeys, type PlatformRole, type Seeding, openPlatformRole } from "./platform-role.ts";
import type { AskEndpoint } from "./questions.ts";
import type { RolePlace } from "./role-place.ts";
import { SharedClock } from "./shared-clock.ts";
import { type SwitchRole, openSwitchRole } from "./switch-role.ts";

export interface InProcessOptions {
  readonly config: Config;
  readonly log: Log;
  readonly seed: Seeding | null;
  readonly failpoint: Failpoint | null;
  /** Keys of the API; default: none. */
  readonly keys?: PlatformKeys;
  /** Default: no program has an endpoint. */
  readonly askEndpoint?: AskEndpoint;
}

/** Both roles in the caller's process. */
export interface InProcess {
  readonly ground: Ground;
  readonly switchRole: SwitchRole;
  readonly platform: PlatformRole;
  readonly admin: AdminServer;
  readonly neighbours: Neighbours;
  /** Signs off, ends what is in flight, waits for the records, stops Redis. */
  readonly close: () => Promise<void>;
}

type Closing = () => Promise<void>;

/** Opens everything, or closes again what it had opened. */
export async function openInProcess(options: InProcessOptions): Promise<Result<InProcess, AppError>> {
  const { config, log, failpoint } = options;
  const opened: Closing[] = [];
  const close = async (): Promise<void> => {
    for (const one of opened.splice(0).toReversed()) await one();
  };
  const ground = await openGround(config, log);
  if (!ground.ok) return ground;
  opened.push(ground.value.close);
  const { dataSet, redis } = ground.value;
  const common = { config, dataSet, redis, log, failpoint, hasProcessOfItsOwn: false };
  const rest = await openRoles(common, options, opened);
  if (rest.ok) return ok({ ground: ground.value, ...rest.value, close });
  await close();
  return rest;
}

type Roles = Omit<InProcess, "ground" | "close">;

async function openRoles(
  common: Omit<RolePlace, "clock">,
  {
    askEndpoint,
    keys = { first: null, ofProcess: null },
    seed,
  }: Pick<InProcessOptions, "askEndpoint" | "keys" | "seed">,
  opened: Closing[],
): Promise<Result<Roles, AppError>> {
  // The platform comes first: its seed is there before anybody can ask for a card.
  let links: SwitchRole | null = null;
  const neighbours: Neighbours = { isExpected: true, switch: () => links?.door ?? null };
  const place = { ...common, clock: new SharedClock() };
  const platform = await openPlatformRole({
    place,
    neighbours,
    seed,
    keys,
    ...(askEndpoint === undefined ? {} : { askEndpoint }),
  });
  if (!platform.ok) return platform;
  opened.push(platform.value.close);
  const { questions } = platform.value;
  const switchRole = await openSwitchRole({ ...common, clock: new SharedClock(), ask: questions });
  if (!switchRole.ok) return switchRole;
  links = switchRole.value;
  opened.push(switchRole.value.close);
  const admin = await openAdminServer({ place, platform: platform.value, neighbours });
  if (!admin.ok) return admin;
  opened.push(admin.value.close);
  return ok({ switchRole: switchRole.value, platform: platform.value, admin: admin.value, neighbours });
}
