import { join } from "node:path";

/** always: nothing acknowledged is lost in a power cut. relaxed: up to two seconds may be. volatile: keeps nothing. */
export type Durability = "always" | "relaxed" | "volatile";

/** A file or folder of which the path must not change: the process is recognised by it. */
export interface RedisSettings {
  readonly dataDir: string;
  readonly socketPath: string;
  readonly durability: Durability;
  /** Beyond it writes are refused, never evicted; null: no limit. */
  readonly memoryBytesMax: number | null;
  /** Longest value of a compact hash, in bytes. */
  readonly hashValueBytesMax: number;
}

const hashFieldsMax = 128;
const rewriteSizeMin = "32mb";
const busyReplyMs = 200;

/**
 * The arguments of the server. They stay visible in the process list (`set-proc-title no`), which is how a later owner
 * of the data directory recognises a Redis that its own dead predecessor has left running.
 */
export function serverArguments(settings: RedisSettings): string[] {
  const pairs: Record<string, string> = {
    ...identity(settings),
    port: "0",
    unixsocketperm: "700",
    "set-proc-title": "no",
    "always-show-logo": "no",
    logfile: logFileIn(settings.dataDir),
    save: "",
    ...persistence(settings.durability),
    "maxmemory-policy": "noeviction",
    maxmemory: String(settings.memoryBytesMax ?? 0),
    "hash-max-listpack-entries": String(hashFieldsMax),
    "hash-max-listpack-value": String(settings.hashValueBytesMax),
    "busy-reply-threshold": String(busyReplyMs),
    "latency-tracking": "no",
  };
  return Object.entries(pairs).flatMap(([name, value]) => [`--${name}`, value]);
}

/** The folder and socket by which one of our servers is told from any other. */
export function identity(place: { readonly dataDir: string; readonly socketPath: string }): Record<string, string> {
  return { dir: place.dataDir, unixsocket: place.socketPath };
}

export function logFileIn(dataDir: string): string {
  return join(dataDir, "redis.log");
}

export function aofManifestIn(dataDir: string): string {
  return join(dataDir, "appendonlydir", "appendonly.aof.manifest");
}

// `aof-load-truncated yes` would cut any tail without a word: one flipped digit of a length makes half a file a "tail".
// aof-repair.ts decides instead.
function persistence(durability: Durability): Record<string, string> {
  if (durability === "volatile") return { appendonly: "no" };
  return {
    appendonly: "yes",
    appendfsync: durability === "always" ? "always" : "everysec",
    "auto-aof-rewrite-min-size": rewriteSizeMin,
    "aof-load-truncated": "no",
  };
}
