import { retention } from "../../specs/limits.ts";
import type { JournalEntry } from "../store/entry.ts";
import { luaConstants } from "../store/library.ts";
import type { Retention } from "../store/purge.ts";

/** In seconds of wall time (rules: Identity of a message, and of a chain). */
export const defaultRetention: Retention = {
  holdlessS: Math.max(retention.declineMs, retention.messageWithoutHoldMs) / 1000,
  terminalS: retention.holdAfterTerminalMs / 1000,
  tombstoneS: retention.tombstoneMs / 1000,
};

/** Wall time at which the first answer that the entry left on its chain may be forgotten; null: it left a hold, or none. */
export function dueOf(entry: JournalEntry, kept: Retention): number | null {
  const wallS = Math.floor(entry.wallMs / 1000);
  if (entry.kind === "authorization") {
    if (entry.outcome === luaConstants.APPROVED) return null;
    const isAwaited = entry.outcome === luaConstants.REVERSED_BEFORE;
    return (wallS + (isAwaited ? kept.tombstoneS : kept.holdlessS)) * 1000;
  }
  if (entry.kind !== "reversal") return null;
  if (entry.outcome === luaConstants.TOMBSTONE) return (wallS + kept.tombstoneS) * 1000;
  const isTerminal = entry.outcome === luaConstants.RELEASED;
  return (wallS + Math.min(kept.holdlessS, isTerminal ? kept.terminalS : kept.holdlessS)) * 1000;
}
