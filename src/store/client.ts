import { Redis } from "ioredis";
import type { HotAddress } from "./hot-connection.ts";

export interface ColdClientOptions {
  readonly address: HotAddress;
  readonly password?: string | null;
  /** After this long without an answer a call fails; its outcome is then unknown. */
  readonly commandTimeoutMs?: number;
}

/**
 * ioredis for everything but the hot path. No call is ever sent twice: with its defaults ioredis executes a lost reply
 * again, and with `autoResendUnfulfilledCommands: false` alone a promise may never settle. `maxRetriesPerRequest: 0`
 * rejects at once. A rejection means that the outcome is unknown.
 */
export function createClient(options: ColdClientOptions): Redis {
  const where = "path" in options.address ? { path: options.address.path } : { ...options.address };
  const client = new Redis({
    ...where,
    ...(typeof options.password === "string" ? { password: options.password } : {}),
    maxRetriesPerRequest: 0,
    enableOfflineQueue: true,
    commandTimeout: options.commandTimeoutMs ?? 10_000,
    retryStrategy: (attempt) => Math.min(50 * attempt, 500),
  });
  // Without a listener an unreachable Redis would end the process; callers see the rejected call.
  client.on("error", () => undefined);
  return client;
}

export type { Redis } from "ioredis";
