import { decisionTable } from "../../specs/decision-table.ts";
import { must } from "../kernel/assert.ts";
import { minor } from "../kernel/money.ts";
import type { HotReply } from "../store/hot-connection.ts";
import { luaConstants } from "../store/library.ts";
import {
  type AuthorizationDecision,
  type DeclineCheck,
  type NotDecided,
  type ReversalDecision,
  type ReversalOutcome,
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

interface StoredOutcome {
  readonly outcome: number;
  readonly reason: number;
  readonly amount: bigint;
  readonly code: string;
  readonly journalNo: number;
}

/** Reads {"decided" | "duplicate", outcome, reason, amount, code, journal number}, or a word alone. */
export function readReply(reply: HotReply): FunctionReply {
  if (reply.kind !== "ok") {
    const cause = reply.kind === "redirected" ? reply.error.code : reply.cause;
    return {
      kind: "none",
      decision: {
        outcome: reply.kind === "unknown" ? "unknown" : "refused",
        cause,
      },
    };
  }
  const words = Array.isArray(reply.value) ? reply.value : [];
  const [word, outcome, reason, amount, code, journalNo] = words;
  if (word !== "decided" && word !== "duplicate") {
    return {
      kind: "word",
      word: typeof word === "string" ? word : "",
      detail: typeof outcome === "string" ? outcome : "",
    };
  }
  return {
    kind: "stored",
    isDuplicate: word === "duplicate",
    stored: {
      outcome: Number(outcome),
      reason: Number(reason),
      amount: BigInt(typeof amount === "string" ? amount : "0"),
      code: String(code).padStart(6, "0"),
      journalNo: Number(journalNo),
    },
  };
}

export function authorizationDecision(
  shard: number,
  isDuplicate: boolean,
  stored: StoredOutcome,
): AuthorizationDecision {
  const place = { shard, journalNo: stored.journalNo, isDuplicate };
  switch (stored.outcome) {
    case luaConstants.APPROVED:
      return {
        ...place,
        outcome: "approved",
        approvedAmount: minor(stored.amount),
        authorizationCode: stored.code,
      };
    case luaConstants.DECLINED:
      return { ...place, outcome: "declined", check: checkOf(stored.reason) };
    default:
      return { ...place, outcome: "reversed_before" };
  }
}

export function reversalDecision(shard: number, isDuplicate: boolean, stored: StoredOutcome): ReversalDecision {
  const outcome = must(reversalNames.get(stored.outcome), `reversal outcome ${stored.outcome}`);
  return {
    shard,
    journalNo: stored.journalNo,
    isDuplicate,
    outcome,
    releasedAmount: minor(stored.amount),
  };
}

/** The check that a stored number stands for. */
export function checkOf(number: number): DeclineCheck {
  return must(checksByNumber.get(number), `check ${number}`);
}

const checksByNumber = new Map<number, DeclineCheck>();
for (const check of Object.keys(decisionTable) as DeclineCheck[])
  checksByNumber.set(decisionTable[check].number, check);

const reversalNames = new Map<number, ReversalOutcome>();
for (const name of Object.keys(reversalOutcomes) as ReversalOutcome[]) reversalNames.set(reversalOutcomes[name], name);
