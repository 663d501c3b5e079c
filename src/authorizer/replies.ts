import { decisionTable } from "../../specs/decision-table.ts";
import { assert, must } from "../kernel/assert.ts";
import { type Minor, minor } from "../kernel/money.ts";
import type { HotReply } from "../store/hot-connection.ts";
import { luaConstants } from "../store/library.ts";
import type { RespValue } from "../store/resp.ts";
import {
  type AdviceDecision,
  type AdviceOutcome,
  type AuthorizationDecision,
  type ClearingDecision,
  type DeclineCheck,
  type FinancialDecision,
  type NotDecided,
  type ReversalDecision,
  type ReversalOutcome,
  adviceOutcomes,
  clearingOutcomes,
  reversalOutcomes,
} from "./decision.ts";

/** A function's reply as the words it is made of; `again` tells the caller to call once more. */
export type FunctionReply =
  | {
      readonly kind: "stored";
      readonly isDuplicate: boolean;
      readonly stored: StoredOutcome;
    }
  | { readonly kind: "word"; readonly word: string; readonly detail: string }
  | { readonly kind: "none"; readonly decision: NotDecided };

export interface StoredOutcome {
  readonly outcome: number;
  readonly reason: number;
  readonly amount: bigint;
  readonly code: string;
  readonly journalNo: number;
  /** What stands behind the common part: see lua/prelude.lua, answer. Latin-1, mostly empty. */
  readonly behind: string;
}

/** Reads a packed decision (see lua/prelude.lua, answer), or a list of words. */
export function readReply(reply: HotReply): FunctionReply {
  if (reply.kind !== "ok") {
    const cause = reply.kind === "redirected" ? reply.error.code : reply.cause;
    return { kind: "none", decision: { outcome: reply.kind === "unknown" ? "unknown" : "refused", cause } };
  }
  const { value } = reply;
  if (typeof value === "string" && value.length >= answerBytes) return readAnswer(value);
  const [word, detail] = Array.isArray(value) ? value : [];
  return { kind: "word", word: textOf(word), detail: textOf(detail) };
}

const answerBytes = 18;
const duplicate = 2;

//   | 1 decided, 2 duplicate | outcome 1 | reason 1 | amount 6 | code 3 | journal number 6 |
function readAnswer(packed: string): FunctionReply {
  return {
    kind: "stored",
    isDuplicate: packed.charCodeAt(0) === duplicate,
    stored: {
      outcome: packed.charCodeAt(1),
      reason: packed.charCodeAt(2),
      amount: BigInt(uintAt(packed, 3, 6)),
      code: String(uintAt(packed, 9, 3)).padStart(6, "0"),
      journalNo: uintAt(packed, 12, 6),
      behind: packed.length === answerBytes ? "" : packed.slice(answerBytes),
    },
  };
}

function uintAt(packed: string, at: number, bytes: number): number {
  let value = 0;
  for (let i = at; i < at + bytes; i++) value = value * 256 + packed.charCodeAt(i);
  return value;
}

function textOf(value: RespValue | undefined): string {
  return typeof value === "string" ? value : "";
}

export function authorizationDecision(
  shard: number,
  isDuplicate: boolean,
  stored: StoredOutcome,
  cardCurrency: number | null,
): AuthorizationDecision {
  const { journalNo } = stored;
  // Every field by name: a spread of three costs 1.6 µs, and this is built for each message.
  switch (stored.outcome) {
    case luaConstants.APPROVED: {
      const approvedAmount = minor(stored.amount);
      const isInquiry = stored.behind.length === balancesBytes;
      return {
        outcome: "approved",
        shard,
        journalNo,
        isDuplicate,
        approvedAmount,
        authorizationCode: stored.code,
        availableAmount: isInquiry ? doubleAt(stored.behind, 0) : null,
        ledgerAmount: isInquiry ? minor(doubleAt(stored.behind, 0) + doubleAt(stored.behind, 8)) : null,
        balanceCurrency: isInquiry ? cardCurrency : null,
      };
    }
    case luaConstants.PARTIAL: {
      const [approvedAmount, cardAmount] = [minor(stored.amount), askedOf(stored)];
      const authorizationCode = stored.code;
      return { outcome: "partial", shard, journalNo, isDuplicate, approvedAmount, cardAmount, authorizationCode };
    }
    case luaConstants.DECLINED:
      return { outcome: "declined", shard, journalNo, isDuplicate, check: checkOf(stored.reason) };
    default:
      return { outcome: "reversed_before", shard, journalNo, isDuplicate };
  }
}

export function adviceDecision(shard: number, isDuplicate: boolean, stored: StoredOutcome): AdviceDecision {
  const outcome = must(adviceNames.get(stored.outcome), `advice outcome ${stored.outcome}`);
  return { shard, journalNo: stored.journalNo, isDuplicate, outcome, amount: minor(stored.amount) };
}

export function financialDecision(
  shard: number,
  isDuplicate: boolean,
  stored: StoredOutcome,
  cardCurrency: number | null,
): FinancialDecision {
  const { journalNo, code: authorizationCode } = stored;
  const approvedAmount = minor(stored.amount);
  switch (stored.outcome) {
    case luaConstants.POSTED: {
      const cardAmount = askedOf(stored);
      return { outcome: "posted", shard, journalNo, isDuplicate, approvedAmount, cardAmount, authorizationCode };
    }
    case luaConstants.CAPTURED_HOLD:
    case luaConstants.FORCE_POSTED: {
      const outcome = stored.outcome === luaConstants.CAPTURED_HOLD ? "captured_hold" : "force_posted";
      return { outcome, shard, journalNo, isDuplicate, approvedAmount, authorizationCode };
    }
    case luaConstants.DUPLICATE:
      return { outcome: "duplicate", shard, journalNo, isDuplicate };
    case luaConstants.EXCEPTION:
      return { outcome: "exception", shard, journalNo, isDuplicate };
    case luaConstants.APPROVED:
    case luaConstants.DECLINED:
    case luaConstants.REVERSED_BEFORE: {
      const decision = authorizationDecision(shard, isDuplicate, stored, cardCurrency);
      assert(decision.outcome !== "partial", "a posting in part is posted");
      return decision;
    }
    default:
      throw new Error(`financial outcome ${stored.outcome}`);
  }
}

export function reversalDecision(shard: number, isDuplicate: boolean, stored: StoredOutcome): ReversalDecision {
  const outcome = must(reversalNames.get(stored.outcome), `reversal outcome ${stored.outcome}`);
  return { shard, journalNo: stored.journalNo, isDuplicate, outcome, releasedAmount: minor(stored.amount) };
}

export function clearingDecision(shard: number, isDuplicate: boolean, stored: StoredOutcome): ClearingDecision {
  const outcome = must(clearingNames.get(stored.outcome), `clearing outcome ${stored.outcome}`);
  return { shard, journalNo: stored.journalNo, isDuplicate, outcome, amount: minor(stored.amount) };
}

const balancesBytes = 16;

// An answer that was stored for somebody else's late original has nothing behind it: it was approved in full.
function askedOf(stored: StoredOutcome): Minor {
  return stored.behind === "" ? minor(stored.amount) : minor(uintAt(stored.behind, 0, 6));
}

function doubleAt(packed: string, at: number): Minor {
  return minor(Buffer.from(packed.slice(at, at + 8), "latin1").readDoubleBE());
}

/** The check that a stored number stands for. */
export function checkOf(number: number): DeclineCheck {
  return must(checksByNumber.get(number), `check ${number}`);
}

const checksByNumber = new Map<number, DeclineCheck>();
for (const check of Object.keys(decisionTable) as DeclineCheck[])
  checksByNumber.set(decisionTable[check].number, check);

const reversalNames = namesOf<ReversalOutcome>(reversalOutcomes);
const clearingNames = namesOf<keyof typeof clearingOutcomes>(clearingOutcomes);
const adviceNames = namesOf<AdviceOutcome>(adviceOutcomes);

function namesOf<Name extends string>(numbers: Readonly<Record<Name, number>>): ReadonlyMap<number, Name> {
  const names = new Map<number, Name>();
  for (const name of Object.keys(numbers) as Name[]) names.set(numbers[name], name);
  return names;
}
