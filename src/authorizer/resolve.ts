import { type AnswerReason, answerReasons } from "../../specs/answer-reasons.ts";
import { assert } from "../kernel/assert.ts";
import type { Clock } from "../kernel/clock.ts";
import { type Minor, minor, zero } from "../kernel/money.ts";
import type { Committer } from "../store/commit.ts";
import type { AuthorizationEntry } from "../store/entry.ts";
import { type AskedMessage, resolve } from "../store/resolve.ts";
import type { AuthorizationDecision } from "./decision.ts";
import type { ProgramTables } from "./program-tables.ts";
import { readProgram } from "./read-program.ts";
import { authorizationDecision, readReply } from "./replies.ts";

export interface ResolveParts {
  readonly committer: Committer;
  readonly tables: ProgramTables;
  readonly clock: Clock;
}

export interface AskAnswer {
  readonly reason: AnswerReason;
  /** Of an approval: card amount to be held, above 0; null: all that was reserved. */
  readonly amount: Minor | null;
  /** JSON of what is kept beside it, or "". */
  readonly details: string;
}

/**
 * `done`: by this call, in the entry of that number. `already`: before. In both cases the decision is what a repeat of the
 * message gets from now on. `forgotten`: there is no such message any more. `failed`: try again.
 */
export type AskResolved =
  | { readonly outcome: "done"; readonly decision: AuthorizationDecision; readonly journalNo: number }
  | { readonly outcome: "already"; readonly decision: AuthorizationDecision }
  | { readonly outcome: "forgotten" | "failed" };

const triesMax = 5;
/** More than any message can have reserved. */
const everything = minor(140_737_488_355_327n);

/** Confirms or releases what an asked message has reserved (rules: Real-time endpoint). Safe to repeat. */
export async function resolveAsked(
  parts: ResolveParts,
  message: AskedMessage,
  answer: AskAnswer,
): Promise<AskResolved> {
  const { number: reason, isApproval: isConfirmed } = answerReasons[answer.reason];
  assert(answer.amount === null || answer.amount > zero, "an approval of nothing is a decline");
  const resolution = { isConfirmed, reason, amount: answer.amount ?? everything, details: answer.details };
  let asked = message;
  for (let tries = 0; tries < triesMax; tries++) {
    const program = await readProgram(parts, asked);
    if (program === null) return { outcome: "failed" };
    const times = { wallMs: parts.clock.wallNow(), businessMs: parts.clock.businessNow() };
    const resolved = await resolve(parts.committer, asked, { program, resolution, ...times });
    if (resolved.outcome === "other_mcc") asked = { ...asked, mcc: resolved.mcc };
    else if (resolved.outcome === "done" || resolved.outcome === "already") {
      const read = readReply(resolved.reply);
      assert(read.kind === "stored", "a resolved message has an answer");
      const decision = authorizationDecision(message.shard, true, read.stored, message.currency);
      if (resolved.outcome === "already") return { outcome: "already", decision };
      return { outcome: "done", decision, journalNo: resolved.journalNo };
    } else if (resolved.outcome !== "stale") return { outcome: resolved.outcome };
  }
  return { outcome: "failed" };
}

/** What an unanswered question comes to. */
export function defaultAnswer(approvesByDefault: boolean): AskAnswer {
  return { reason: approvesByDefault ? "approved_by_default" : "webhook_timeout", amount: null, details: "" };
}

/** The message that an entry is of: it waits, or has waited, if its outcome is `pending`. */
export function askedMessageOf(entry: AuthorizationEntry): AskedMessage {
  const { account, card, cardCurrency: currency, cardholder, chain, mcc, messageKey, no, shard } = entry;
  return { shard, no, messageKey, account, chain, card, cardholder, currency, mcc };
}
