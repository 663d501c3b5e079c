import type { AppError } from "./app/app-error.ts";
import { appError } from "./app/app-error.ts";
import { renderBanner } from "./app/banner.ts";
import { type Ground, openGround } from "./app/ground.ts";
import type { Config } from "./config.ts";
import { type Result, ok } from "./kernel/result.ts";
import type { Log } from "./log.ts";
import { Child } from "./supervisor/child.ts";
import { ControlServer } from "./supervisor/control-server.ts";
import { type PlacePart, type Role, type RoleInfo, roles } from "./supervisor/control-protocol.ts";

/** The data set, its Redis and the two processes that serve it. */
export interface Supervisor {
  readonly ground: Ground;
  readonly ports: Readonly<Record<string, number>>;
  readonly adminUrl: string;
  /** A key of the API that is told only now; null: none. */
  readonly newKey: string | null;
  readonly pids: () => Readonly<Record<Role | "redis", number | null>>;
  readonly banner: () => string;
  /** Signs off, ends what is in flight, waits for the records, stops Redis: within five seconds. */
  readonly close: () => Promise<void>;
}

/** Longest waits for the end of each, five seconds together; what is left then is killed. */
const endMs = { switch: 3_000, platform: 1_500 } as const satisfies Readonly<Record<Role, number>>;

/** Opens the ground, then the platform, then the links. Errors are those of whoever could not start. */
export async function startSupervisor(config: Config, log: Log): Promise<Result<Supervisor, AppError>> {
  const ground = await openGround(config, log);
  if (!ground.ok) return ground;
  const processes = new Processes(ground.value, log);
  const started = await processes.start();
  if (started.ok) return ok(supervisorOf(ground.value, processes, started.value));
  await processes.close();
  await ground.value.close();
  return started;
}

function supervisorOf(ground: Ground, processes: Processes, info: Readonly<Record<Role, RoleInfo>>): Supervisor {
  const { config, dataSet, redis } = ground;
  const { ports } = info.switch;
  const adminUrl = info.platform.adminUrl ?? "";
  const { newKey } = info.platform;
  return {
    ground,
    ports,
    adminUrl,
    newKey,
    pids: () => ({ ...processes.pids(), redis: redis.pid() }),
    banner: () => renderBanner({ config, dataSet, redis: redis.description, adminUrl, newKey, ports }),
    close: async () => {
      await processes.close();
      await ground.close();
    },
  };
}

type Settled = (result: Result<RoleInfo, AppError>) => void;

/** The children, and the socket between them. */
class Processes {
  readonly #log: Log;
  readonly #control: ControlServer;
  readonly #children: Readonly<Record<Role, Child>>;
  readonly #waiting = new Map<Role, Settled>();

  constructor({ config, dataSet, redis }: Ground, log: Log) {
    this.#log = log;
    const { keys: _secret, ...openly } = dataSet;
    this.#control = new ControlServer({
      place: { config, dataSet: openly, redis: { address: redis.address, password: redis.password } },
      onLine: (role, line) => {
        if (line.kind === "ready") this.#ready(role, line.info);
        else this.#failed(role, line.error);
      },
    });
    this.#children = { switch: this.#child("switch"), platform: this.#child("platform") };
  }

  pids(): Readonly<Record<Role, number | null>> {
    return { switch: this.#children.switch.pid, platform: this.#children.platform.pid };
  }

  // The platform first: what it seeds is there before anybody can ask for a card.
  async start(): Promise<Result<Readonly<Record<Role, RoleInfo>>, AppError>> {
    await this.#control.listen();
    const platform = await this.#startOne("platform");
    if (!platform.ok) return platform;
    const links = await this.#startOne("switch");
    return links.ok ? ok({ platform: platform.value, switch: links.value }) : links;
  }

  // The links first: what they still have in flight, the platform still writes down.
  async close(): Promise<void> {
    for (const role of roles) {
      this.#control.stop(role);
      await this.#children[role].end(endMs[role]);
    }
    await this.#control.close();
  }

  #startOne(role: Role): Promise<Result<RoleInfo, AppError>> {
    return new Promise((resolve) => {
      this.#waiting.set(role, resolve);
      this.#children[role].start();
    });
  }

  #child(role: Role): Child {
    return new Child({
      role,
      controlPath: this.#control.path,
      log: this.#log,
      onFirstEnd: (end) => this.#settle(role, appError("not_running", `the ${role} process did not start: ${end}`)),
    });
  }

  #ready(role: Role, info: RoleInfo): void {
    this.#children[role].noteReady();
    this.#control.place = atPorts(this.#control.place, info);
    this.#log.info({ role, pid: this.#children[role].pid }, "a process is ready");
    this.#settle(role, ok(info));
  }

  /** At the first start this is the end; later it is tried again, as the cause may pass. */
  #failed(role: Role, error: AppError): void {
    this.#log.error({ role, ...error }, "a process cannot open its role");
    if (this.#waiting.has(role)) this.#settle(role, { ok: false, error });
    else this.#control.stop(role);
  }

  #settle(role: Role, result: Result<RoleInfo, AppError>): void {
    this.#waiting.get(role)?.(result);
    this.#waiting.delete(role);
  }
}

/** Ports that were free at the first start are kept for the next: peers come back to where they were. */
function atPorts(place: PlacePart, { adminUrl, ports }: RoleInfo): PlacePart {
  const links = place.config.links.map((link) => {
    const port = ports[link.name] ?? link.endpoint.port;
    return { ...link, endpoint: { ...link.endpoint, port } };
  });
  const adminPort = adminUrl === null ? place.config.adminPort : Number(new URL(adminUrl).port);
  return { ...place, config: { ...place.config, links, adminPort } };
}
