import type { JournalEntry } from "../store/journal-entry.ts";
import { luaConstants } from "../store/library.ts";

/** How long answers are kept, in seconds of wall time (rules: Identity of a message, and of a chain). */
export interface Retention {
  /** Declines and messages without a hold. */
  readonly holdlessS: number;
  /** Messages with a hold, after it has ended. */
  readonly terminalS: number;
  /** What an early reversal leaves behind. */
  readonly tombstoneS: number;
}

export const defaultRetention: Retention = { holdlessS: 86_400, terminalS: 86_400, tombstoneS: 172_800 };

/** Wall time at which the first answer that the entry left on its chain may be forgotten; null: it left a hold, or none. */
export function dueOf(entry: JournalEntry, retention: Retention): number | null {
  const wallS = Math.floor(entry.wallMs / 1000);
  if (entry.kind === "authorization") {
    if (entry.outcome === luaConstants.APPROVED) return null;
    const isAwaited = entry.outcome === luaConstants.REVERSED_BEFORE;
    return (wallS + (isAwaited ? retention.tombstoneS : retention.holdlessS)) * 1000;
  }
  if (entry.kind !== "reversal") return null;
  if (entry.outcome === luaConstants.TOMBSTONE) return (wallS + retention.tombstoneS) * 1000;
  const isTerminal = entry.outcome === luaConstants.RELEASED;
  return (wallS + Math.min(retention.holdlessS, isTerminal ? retention.terminalS : retention.holdlessS)) * 1000;
}
