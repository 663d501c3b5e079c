import { readConfig } from "../config.ts";
import { MovableClock } from "../kernel/clock.ts";
import type { Result } from "../kernel/result.ts";
import { createLog } from "../log.ts";
import { type AppError, appError } from "./app-error.ts";
import { type InProcess, openInProcess } from "./in-process.ts";

const freePorts = { port: "0", "visa-port": "0", "mastercard-port": "0", "generic-port": "0" } as const;

/**
 * A whole switch in this process, on free ports, with a data set of its own that goes with it. It begins at noon: a
 * limit that ends at midnight between two messages would make a right answer look wrong.
 */
export async function openScratchSwitch(): Promise<Result<InProcess, AppError>> {
  const config = readConfig({ flags: { ...freePorts, durability: "volatile" }, env: process.env });
  if (!config.ok) return appError("bad_config", config.error.message);
  return openInProcess({
    config: { ...config.value, dataDir: null, businessStartMs: noonOfToday() },
    log: createLog({ level: "error", process: "scratch", isReadable: process.stderr.isTTY }),
    seed: null,
    failpoint: null,
  });
}

/** Business time at which a demo or a scenario begins, in milliseconds. */
export function noonOfToday(): number {
  const dayMs = 86_400_000;
  return Math.floor(new MovableClock().wallNow() / dayMs) * dayMs + dayMs / 2;
}
