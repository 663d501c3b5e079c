import type { HoldExpiryProfile } from "../specs/hold-expiry.ts";
import type { ForcedRule } from "../specs/forced-outcomes.ts";
import { type LinkSpec, defaultLinks } from "../specs/links.ts";
import { retention } from "../specs/limits.ts";
import { parseIsoTime } from "./kernel/clock.ts";
import { type ProcessLimits, defaultProcessLimits } from "./config/process-limits.ts";
import { forcedRulesOf } from "./config/forced-outcomes-file.ts";
import { readLinksFile } from "./config/links-file.ts";
import { type Result, fail, ok } from "./kernel/result.ts";

/** Everything that a running switch can be told. Frozen: whoever is handed it may keep it. */
export interface Config {
  readonly host: string;
  /** HTTP: the API, health, metrics and administration. 0 takes a free port. */
  readonly adminPort: number;
  readonly links: readonly LinkSpec[];
  /** Answers that are spoiled on purpose; none where the switch is strict. */
  readonly forcedRules: readonly ForcedRule[];
  /** Addresses and subnets that may connect. */
  readonly peers: readonly string[];
  /** Who may use what lies under /_admin: card numbers in the clear among it. */
  readonly adminPeers: readonly string[];
  /** null: a folder of its own that goes with the process. */
  readonly dataDir: string | null;
  readonly durability: Durability;
  /** null: what the data set has, or 16 for a new one. */
  readonly shardCount: number | null;
  /** null: a Redis of our own. */
  readonly redisUrl: string | null;
  /** Limit of our own Redis; null: none. */
  readonly memoryBytesMax: number | null;
  readonly seed: Seed;
  /** Business time of a new data set, in milliseconds; null: that of the machine. */
  readonly businessStartMs: number | null;
  /** null: chance cannot be repeated. */
  readonly rngSeed: number | null;
  readonly logLevel: LogLevel;
  /** How long a hold lives by itself: by the API's rule, or by each network's own (rules: Holds, Expiry). */
  readonly holdExpiryProfile: HoldExpiryProfile;
  /** Seconds of wall time for which outcomes are kept (rules: Identity). */
  readonly retention: { readonly holdlessS: number; readonly terminalS: number; readonly tombstoneS: number };
  /** Where webhook endpoints may be. */
  readonly endpointPolicy: { readonly allowsLoopback: boolean; readonly allowsPrivate: boolean };
  readonly limits: ProcessLimits;
}

export type Durability = "always" | "relaxed" | "volatile";
export type Seed = "demo" | "none";
export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";

export interface ConfigError {
  /** The flag that is wrong, or the variable it came from. */
  readonly name: string;
  /** One line, for a person. */
  readonly message: string;
}

/** What a setting is called, where it comes from, and what it may be. */
interface Setting<T> {
  readonly flag: string;
  readonly env: string;
  readonly value: string;
  readonly help: string;
  readonly fallback: string;
  /** The value, or what was expected. */
  readonly read: (text: string) => Result<T, string>;
}

const endpointPolicies = {
  local: { allowsLoopback: true, allowsPrivate: false },
  private: { allowsLoopback: true, allowsPrivate: true },
  public: { allowsLoopback: false, allowsPrivate: false },
} as const;
const logLevels: readonly LogLevel[] = ["debug", "info", "warn", "error", "silent"];
const kept = {
  holdlessS: Math.max(retention.declineMs, retention.messageWithoutHoldMs) / 1000,
  terminalS: retention.holdAfterTerminalMs / 1000,
  tombstoneS: retention.tombstoneMs / 1000,
};
const secondsMax = 31_622_400;

export const settings = {
  host: setting("host", "ADDRESS", { fallback: "127.0.0.1", help: "address to listen on" }, readText),
  adminPort: setting("port", "PORT", { fallback: "12120", help: "HTTP port; 0: a free one" }, readPort),
  visaPort: setting("visa-port", "PORT", { fallback: "8583", help: "visa-style link" }, readPort),
  mastercardPort: setting("mastercard-port", "PORT", { fallback: "8584", help: "mastercard-style link" }, readPort),
  genericPort: setting("generic-port", "PORT", { fallback: "8585", help: "plain ISO 8583:1987 link" }, readPort),
  peers: setting(
    "peers",
    "LIST",
    { help: "addresses and subnets that may connect: this machine; with another --host, private networks too" },
    optional(readList),
  ),
  linksFile: setting("links", "FILE", { help: "JSON list of links instead of the three" }, optional(readText)),
  forced: setting("forced-outcomes", "FILE", { help: "answers to spoil; strict: none" }, optional(readText)),
  dataDir: setting("data-dir", "FOLDER", { fallback: ".data/default", help: "where the data set is kept" }, readText),
  durability: setting(
    "durability",
    "MODE",
    { fallback: "always", help: "always: nothing is lost; relaxed: two seconds may be; volatile: keeps nothing" },
    oneOf<Durability>(["always", "relaxed", "volatile"]),
  ),
  shardCount: setting("shards", "COUNT", { help: "shards of a new data set (16)" }, optional(wholeNumber(1, 256))),
  redisUrl: { ...setting("redis", "URL", { help: "a Redis of yours" }, optional(readText)), env: "REDIS_URL" },
  memoryMb: setting("memory-mb", "MB", { help: "limit of our own Redis" }, optional(wholeNumber(8, 1_048_576))),
  seed: setting("seed", "WHAT", { fallback: "none", help: "demo: the demo program" }, oneOf<Seed>(["demo", "none"])),
  clock: setting("clock", "TIME", { help: "business time of a new data set: 2026-01-05T09:00Z" }, optional(readTime)),
  rngSeed: setting("rng-seed", "NUMBER", { help: "chance that repeats" }, optional(wholeNumber(0, 0xffff_ffff))),
  logLevel: setting("log-level", "LEVEL", { fallback: "info", help: logLevels.join(", ") }, oneOf<LogLevel>(logLevels)),
  holdlessS: setting(
    "retention",
    "SECONDS",
    { fallback: String(kept.holdlessS), help: "how long declines are remembered" },
    wholeNumber(1, secondsMax),
  ),
  terminalS: setting(
    "retention-ended",
    "SECONDS",
    { fallback: String(kept.terminalS), help: "how long ended holds are" },
    wholeNumber(1, secondsMax),
  ),
  tombstoneS: setting(
    "retention-early",
    "SECONDS",
    { fallback: String(kept.tombstoneS), help: "how long early reversals are" },
    wholeNumber(1, secondsMax),
  ),
  holdExpiryProfile: setting(
    "hold-expiry",
    "PROFILE",
    { fallback: "stripe", help: "when a hold ends by itself: stripe, or network for each network's own rules" },
    oneOf<HoldExpiryProfile>(["stripe", "network"]),
  ),
  endpoints: setting(
    "endpoints",
    "REACH",
    {
      fallback: "local",
      help: "where webhook endpoints may be: local (this machine and outside), private (anywhere), public (outside, by https)",
    },
    oneOf<keyof typeof endpointPolicies>(["local", "private", "public"]),
  ),
  rateLimit: setting(
    "rate-limit",
    "COUNT",
    { help: "requests a second that each key of the API may make: as many as it likes" },
    optional(wholeNumber(1, 1_000_000)),
  ),
  traceEvery: setting(
    "trace-every",
    "COUNT",
    { fallback: "64", help: "follow one request of so many" },
    wholeNumber(1, 1_000_000),
  ),
} as const;

type Values = { [Name in keyof typeof settings]: ValueOf<(typeof settings)[Name]> };
type ValueOf<S> = S extends Setting<infer T> ? T : never;
type SettingName = keyof typeof settings;

export interface ConfigSources {
  /** By flag, without dashes; what is not given is undefined. */
  readonly flags: Readonly<Record<string, string | undefined>>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Flag before environment before default. The error names what is wrong and what would be right. */
export function readConfig(sources: ConfigSources): Result<Config, ConfigError> {
  const values: Partial<Record<SettingName, unknown>> = {};
  for (const name of Object.keys(settings) as SettingName[]) {
    const found = readSetting<unknown>(settings[name], sources);
    if (!found.ok) return found;
    values[name] = found.value;
  }
  // Each value was read by the setting of its name just above.
  const read = values as Values;
  const peers = read.peers ?? usualPeers(read.host);
  const forced = forcedRulesOf(read.forced);
  if (!forced.ok) return fail({ name: "--forced-outcomes", message: forced.error });
  const links = read.linksFile === null ? ok(linksOf(read, peers)) : readLinksFile(read.linksFile);
  if (!links.ok) return fail({ name: "--links", message: links.error });
  return ok(toConfig(read, { peers, links: links.value, forcedRules: forced.value }));
}

function toConfig(values: Values, found: Pick<Config, "links" | "peers" | "forcedRules">): Config {
  return Object.freeze({
    ...found,
    host: values.host,
    adminPort: values.adminPort,
    adminPeers: values.peers ?? thisMachine,
    // What keeps nothing has no business in a folder that somebody wants to keep.
    dataDir: values.durability === "volatile" ? null : values.dataDir,
    durability: values.durability,
    shardCount: values.shardCount,
    redisUrl: values.redisUrl,
    memoryBytesMax: values.memoryMb === null ? null : values.memoryMb * 1_048_576,
    seed: values.seed,
    businessStartMs: values.clock,
    rngSeed: values.rngSeed,
    logLevel: values.logLevel,
    holdExpiryProfile: values.holdExpiryProfile,
    endpointPolicy: endpointPolicies[values.endpoints],
    retention: { holdlessS: values.holdlessS, terminalS: values.terminalS, tombstoneS: values.tombstoneS },
    limits: {
      ...defaultProcessLimits,
      traceEvery: values.traceEvery,
      apiRequestsPerSecondMax: values.rateLimit,
    },
  });
}

const thisMachine = ["127.0.0.0/8", "::1"];
const privateNetworks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"];

/** Who listens beyond this machine expects peers from beyond it, such as other containers; never from anywhere. */
function usualPeers(host: string): readonly string[] {
  const isHere = host === "localhost" || host === "::1" || host.startsWith("127.");
  return isHere ? thisMachine : [...thisMachine, ...privateNetworks];
}

/** The three default links at the wanted places. */
function linksOf({ host, ...ports }: Values, peers: readonly string[]): LinkSpec[] {
  const portOf = { "visa-style": ports.visaPort, "mastercard-style": ports.mastercardPort, generic: ports.genericPort };
  return defaultLinks.map((link) => ({ ...link, endpoint: { kind: "listen", host, port: portOf[link.name] }, peers }));
}

function readSetting<T>(wanted: Setting<T>, { flags, env }: ConfigSources): Result<T, ConfigError> {
  const flag = flags[wanted.flag];
  const variable = env[wanted.env];
  const isSet = variable !== undefined && variable !== "";
  const text = flag ?? (isSet ? variable : wanted.fallback);
  const read = wanted.read(text);
  if (read.ok) return read;
  const name = flag === undefined ? wanted.env : `--${wanted.flag}`;
  return fail({ name, message: `${name} is "${text}"; it has to be ${read.error}` });
}

function setting<T>(
  flag: string,
  value: string,
  text: { readonly fallback?: string; readonly help: string },
  read: (text: string) => Result<T, string>,
): Setting<T> {
  const env = `CARDSWITCH_${flag.toUpperCase().replaceAll("-", "_")}`;
  return { flag, env, value, fallback: text.fallback ?? "", help: text.help, read };
}

function readText(text: string): Result<string, string> {
  return text.trim() === "" ? fail("something") : ok(text.trim());
}

function readPort(text: string): Result<number, string> {
  return wholeNumber(0, 65_535)(text);
}

function readList(text: string): Result<readonly string[], string> {
  const list = text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
  return list.length === 0 ? fail("a list with commas") : ok(list);
}

function readTime(text: string): Result<number, string> {
  const ms = parseIsoTime(text);
  return ms === null ? fail("a time such as 2026-01-05T09:00Z") : ok(ms);
}

function wholeNumber(least: number, most: number): (text: string) => Result<number, string> {
  return (text) => {
    const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
    return number >= least && number <= most ? ok(number) : fail(`a whole number from ${least} to ${most}`);
  };
}

function oneOf<Choice extends string>(choices: readonly Choice[]): (text: string) => Result<Choice, string> {
  return (text) => {
    const choice = choices.find((candidate) => candidate === text);
    return choice === undefined ? fail(`one of ${choices.join(", ")}`) : ok(choice);
  };
}

function optional<T>(read: (text: string) => Result<T, string>): (text: string) => Result<T | null, string> {
  return (text) => (text === "" ? ok(null) : read(text));
}
