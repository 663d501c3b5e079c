import type Stripe from "stripe";
import type { LinkSpec } from "../specs/links.ts";
import { EventWaiter } from "./app/event-waiter.ts";
import { type InProcess, openInProcess } from "./app/in-process.ts";
import type { ClockView } from "./app/clock-control.ts";
import { parseDuration } from "./app/duration.ts";
import type { ProgramAccess } from "./app/program-access.ts";
import type { Seeding } from "./app/platform-role.ts";
import type { VerifyAnswer } from "./app/verify-data-set.ts";
import { type Config, type Durability, type LogLevel, readConfig } from "./config.ts";
import { defaultProcessLimits } from "./config/process-limits.ts";
import { MovableClock, parseIsoTime } from "./kernel/clock.ts";
import { secureRandom } from "./kernel/random.ts";
import { minor } from "./kernel/money.ts";
import type { Result } from "./kernel/result.ts";
import { createLog } from "./log.ts";
import { demoKey, newKeySecret } from "./resources/api-keys.ts";
import type { Program } from "./resources/program.ts";
import { type SeededProgram, seedDemo } from "./seed.ts";

export interface StartOptions {
  /** "demo" (see specs/demo-program.ts), "none" (default), or what fills the new data set. */
  readonly seed?: "demo" | "none" | ((program: Program) => Promise<unknown>);
  /** Keeps nothing: no append-only file, records without waiting for the disk. */
  readonly volatile?: boolean;
  /** Default: a folder of its own, which goes with `close()`. */
  readonly dataDir?: string;
  readonly durability?: Durability;
  /** Business time of a new data set: "2026-01-05T09:00Z". Default: the machine's. */
  readonly clock?: string;
  /** Makes authorization codes and generated PANs repeatable. */
  readonly rngSeed?: number;
  /** Default: the three default links on free ports. Every link has to be named "visa-style", "mastercard-style" or "generic" to be found by name. */
  readonly links?: readonly LinkSpec[];
  readonly shardCount?: number;
  /** A Redis that somebody else runs. Default: one of our own, whatever REDIS_URL says. */
  readonly redisUrl?: string;
  /** Seconds of wall time for which outcomes are kept. */
  readonly retention?: Partial<Config["retention"]>;
  readonly logLevel?: LogLevel;
  /** Default: a free port. */
  readonly port?: number;
}

/** Days, hours … as numbers, "31d", or milliseconds. */
export type Span =
  | string
  | number
  | { readonly days?: number; readonly hours?: number; readonly minutes?: number; readonly seconds?: number };

export interface RunningSwitch {
  /** `key` is a key of the API that opens everything and lives as long as the switch. */
  readonly api: { readonly url: string; readonly port: number; readonly key: string };
  readonly visa: { readonly port: number };
  readonly mastercard: { readonly port: number };
  readonly generic: { readonly port: number };
  readonly clock: {
    show(): ClockView;
    /** Resolves when every process goes by it and what falls due has run. */
    advance(span: Span): Promise<ClockView>;
    freeze(): Promise<ClockView>;
    unfreeze(): Promise<ClockView>;
  };
  /** Writes accounts, cardholders and cards, and reads the records. After `reset()` ask for it again. */
  readonly access: ProgramAccess;
  /** The official SDK, pointed at this switch; rejects with SwitchError where the package `stripe` is not installed. */
  stripe(config?: Stripe.StripeConfig): Promise<Stripe>;
  readonly events: {
    /**
     * The next event of a type that has happened since the start, or that happens within `timeoutMs` (10 s): each is
     * handed out once, those of connected accounts too. Rejects with SwitchError where none comes.
     */
    waitFor(type: Stripe.Event.Type, options?: { readonly timeoutMs?: number }): Promise<Stripe.Event>;
  };
  /** The demo program, where `seed` is "demo"; null otherwise. After `reset()` ask for it again. */
  readonly demo: SeededProgram | null;
  readonly dataDir: string;
  readonly shardCount: number;
  /** Nothing in flight, and the records hold all of the journal. */
  settled(): Promise<void>;
  verify(): Promise<VerifyAnswer>;
  /** An empty data set, seeded again; ports and keys stay. */
  reset(): Promise<void>;
  /** Leaves nothing behind: no process, no port, no timer, no temporary folder. */
  close(): Promise<void>;
}

/** What keeps a switch from starting, with a code for programs and one line for a person. */
export class SwitchError extends Error {
  override readonly name = "SwitchError";
  readonly code: string;

  constructor(error: { readonly code: string; readonly message: string }) {
    super(error.message);
    this.code = error.code;
  }
}

const settleMsMax = 30_000;
const eventMsMax = 10_000;

/**
 * Starts a whole switch in this process, on free ports and in a data set of its own; several run side by side. Throws
 * SwitchError.
 */
export async function startSwitch(options: StartOptions = {}): Promise<RunningSwitch> {
  const config = configOf(options);
  const seeded: { demo: SeededProgram | null } = { demo: null };
  const apiKey = newKeySecret(secureRandom, false);
  const opened = valueOf(
    await openInProcess({
      config,
      log: createLog({ level: config.logLevel, process: "cardswitch", isReadable: process.stderr.isTTY }),
      seed: seedingOf(options.seed, seeded),
      failpoint: null,
      keys: { first: options.seed === "demo" ? demoKey : null, ofProcess: apiKey },
    }),
  );
  return running(opened, seeded, apiKey);
}

function running(opened: InProcess, seeded: { demo: SeededProgram | null }, key: string): RunningSwitch {
  const { admin, ground, platform, switchRole } = opened;
  const { clock } = platform;
  const events = new EventWaiter(() => platform.api(), new MovableClock());
  const portOf = (name: string): { port: number } => ({ port: switchRole.ports[name] ?? 0 });
  return {
    api: { url: admin.url, port: admin.port, key },
    stripe: (config = {}) => openSdk(key, { host: "127.0.0.1", protocol: "http", port: admin.port, ...config }),
    visa: portOf("visa-style"),
    mastercard: portOf("mastercard-style"),
    generic: portOf("generic"),
    events: { waitFor: (type, { timeoutMs = eventMsMax } = {}) => nextEvent(events, type, timeoutMs) },
    clock: {
      show: () => clock.show(),
      advance: async (span) => valueOf(await clock.advance(msOf(span))),
      freeze: async () => valueOf(await clock.freeze()),
      unfreeze: async () => valueOf(await clock.unfreeze()),
    },
    get access() {
      return platform.books().access;
    },
    get demo() {
      return seeded.demo;
    },
    dataDir: ground.dataSet.dir,
    shardCount: ground.dataSet.shardCount,
    settled: async () => {
      if (await platform.settled(settleMsMax)) return;
      throw new SwitchError({ code: "not_settled", message: "the switch did not come to rest" });
    },
    verify: async () => valueOf(await platform.verify()),
    reset: async () => {
      valueOf(await platform.reset());
    },
    close: () => opened.close(),
  };
}

async function nextEvent(events: EventWaiter, type: Stripe.Event.Type, timeoutMs: number): Promise<Stripe.Event> {
  const event = await events.next(type, timeoutMs);
  if (event === null) throw new SwitchError({ code: "timed_out", message: `no ${type} within ${timeoutMs} ms` });
  // The contract's type tests hold the renderer of events to the SDK's type.
  return event as Stripe.Event;
}

async function openSdk(key: string, config: Stripe.StripeConfig): Promise<Stripe> {
  try {
    const { default: Sdk } = await import("stripe");
    return new Sdk(key, config);
  } catch (error) {
    const message = "stripe() needs the package stripe: npm install stripe";
    if (error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND") {
      throw new SwitchError({ code: "sdk_missing", message });
    }
    throw error;
  }
}

/** The same settings as those of the command line, with what suits a guest: free ports and silence. */
function configOf(options: StartOptions): Config {
  const flags: Record<string, string> = { port: "0", "visa-port": "0", "mastercard-port": "0", "generic-port": "0" };
  if (options.shardCount !== undefined) flags["shards"] = String(options.shardCount);
  if (options.rngSeed !== undefined) flags["rng-seed"] = String(options.rngSeed);
  if (options.redisUrl !== undefined) flags["redis"] = options.redisUrl;
  if (options.port !== undefined) flags["port"] = String(options.port);
  if (options.clock !== undefined) flags["clock"] = options.clock;
  flags["log-level"] = options.logLevel ?? "silent";
  flags["durability"] = options.volatile === true ? "volatile" : (options.durability ?? "always");
  const read = readConfig({ flags, env: {} });
  if (!read.ok) throw new SwitchError({ code: "bad_config", message: read.error.message });
  const { links = read.value.links, dataDir = null, retention } = options;
  return Object.freeze({
    ...read.value,
    links,
    dataDir: options.volatile === true ? null : dataDir,
    retention: { ...read.value.retention, ...retention },
    limits: { ...defaultProcessLimits, traceEvery: 1 },
  });
}

function seedingOf(seed: StartOptions["seed"], seeded: { demo: SeededProgram | null }): Seeding | null {
  if (seed === undefined || seed === "none") return null;
  if (seed !== "demo") return seed;
  return async (program) => {
    seeded.demo = await seedDemo(program, program.committer.keyspace.shardCount);
  };
}

function msOf(span: Span): number {
  if (typeof span === "number") return span;
  if (typeof span === "string") {
    const ms = parseDuration(span);
    if (ms !== null) return ms;
    throw new SwitchError({ code: "bad_config", message: `"${span}" is no duration such as 31d or 90m` });
  }
  const { days = 0, hours = 0, minutes = 0, seconds = 0 } = span;
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}

function valueOf<T>(result: Result<T, { readonly code: string; readonly message: string }>): T {
  if (result.ok) return result.value;
  throw new SwitchError(result.error);
}

export { minor, parseIsoTime };
export type { ClockView, Program, ProgramAccess, SeededProgram, VerifyAnswer };
