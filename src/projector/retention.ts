import { retention } from "../../specs/limits.ts";
import { zero } from "../kernel/money.ts";
import {
  type AdviceEntry,
  type FinancialEntry,
  type JournalEntry,
  type ReversalEntry,
  touches,
} from "../store/entry.ts";
import { luaConstants } from "../store/library.ts";
import type { Retention } from "../store/purge.ts";

/** In seconds of wall time (rules: Identity of a message, and of a chain). */
export const defaultRetention: Retention = {
  holdlessS: Math.max(retention.declineMs, retention.messageWithoutHoldMs) / 1000,
  terminalS: retention.holdAfterTerminalMs / 1000,
  tombstoneS: retention.tombstoneMs / 1000,
};

/**
 * Wall time at which the first answer that the entry left on its chain may be forgotten; null: it left an open hold, or
 * none. It may be too early, since an answer that names a hold goes with it: the purge tells when to look again.
 */
export function dueOf(entry: JournalEntry, kept: Retention): number | null {
  const keptS = keptFor(entry, kept);
  return keptS === null ? null : (Math.floor(entry.wallMs / 1000) + keptS) * 1000;
}

function keptFor(entry: JournalEntry, { holdlessS, terminalS, tombstoneS }: Retention): number | null {
  switch (entry.kind) {
    case "authorization":
      if (entry.outcome === luaConstants.REVERSED_BEFORE) return tombstoneS;
      return entry.approved > zero ? null : holdlessS;
    case "advice":
      return Math.min(holdlessS, endsHold(entry) ? terminalS : holdlessS);
    case "financial":
      if (entry.outcome === luaConstants.CAPTURED_HOLD) return Math.min(terminalS, tombstoneS);
      return isPosted(entry) || entry.outcome === luaConstants.REVERSED_BEFORE ? tombstoneS : holdlessS;
    case "reversal":
      if (entry.outcome === luaConstants.TOMBSTONE) return tombstoneS;
      return Math.min(holdlessS, endsHold(entry) ? terminalS : holdlessS);
    case "expiry":
      return terminalS;
    case "clearing":
      return Math.min(terminalS, tombstoneS);
    case "answer":
      return entry.outcome === luaConstants.CONFIRMED ? null : holdlessS;
    default:
      return null;
  }
}

function endsHold({ outcome, touched }: AdviceEntry | ReversalEntry): boolean {
  return touched === touches.hold && (outcome === luaConstants.RELEASED || outcome === luaConstants.COMPLETED);
}

function isPosted({ outcome }: FinancialEntry): boolean {
  return outcome === luaConstants.POSTED || outcome === luaConstants.FORCE_POSTED;
}
