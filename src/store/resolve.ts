import type { Minor } from "../kernel/money.ts";
import type { Committer } from "./commit.ts";
import type { ReadProgram } from "./expire.ts";
import { ArgumentPacker } from "./functions.ts";
import type { HotReply } from "./hot-connection.ts";
import { packEntry } from "./journal-entry.ts";
import { fields } from "./keys.ts";
import type { RespValue } from "./resp.ts";

/** A message that waits for the program's endpoint, as its entry tells of it. */
export interface AskedMessage {
  readonly shard: number;
  /** Journal number of its entry, and its message key. */
  readonly no: number;
  readonly messageKey: Uint8Array;
  readonly account: number;
  readonly chain: number;
  readonly card: number;
  readonly cardholder: number;
  /** ISO 4217 numeric of the card. */
  readonly currency: number;
  /** DE18 of its hold. */
  readonly mcc: number;
}

/** What is to become of it. */
export interface Resolution {
  readonly isConfirmed: boolean;
  /** Number of `answerReasons`. */
  readonly reason: number;
  /** Of a confirmation: card amount to be held, at most what was reserved. */
  readonly amount: Minor;
  /** JSON of what came with the answer; "": nothing. */
  readonly details: string;
}

/**
 * `done`, `already`: `reply` is the answer that a repeat of the message gets from now on. `forgotten`: there is no such
 * message any more. `stale`, `other_mcc`: call again. `failed`: Redis did not answer.
 */
export type Resolved =
  | { readonly outcome: "done"; readonly reply: HotReply; readonly journalNo: number }
  | { readonly outcome: "already"; readonly reply: HotReply }
  | { readonly outcome: "forgotten" | "stale" | "failed" }
  | { readonly outcome: "other_mcc"; readonly mcc: number };

const packer = new ArgumentPacker("resolve");

/** Confirms or releases what was reserved, once (rules: Real-time endpoint). */
export function resolve(
  committer: Committer,
  message: AskedMessage,
  call: {
    readonly program: ReadProgram;
    readonly resolution: Resolution;
    readonly wallMs: number;
    readonly businessMs: number;
  },
): Promise<Resolved> {
  const { hot, keyspace, now, timeoutMs } = committer;
  const { program, resolution, wallMs, businessMs } = call;
  const { account, card, chain, cardholder, currency: cardCurrency, messageKey, no: messageNo, shard } = message;
  const entry = packEntry({
    kind: "answer",
    account,
    wallMs,
    card,
    chain,
    cardholder,
    cardCurrency,
    messageKey,
    messageNo,
    isConfirmed: resolution.isConfirmed,
    details: resolution.details,
  });
  const packed = packer.pack({
    message_key: messageKey,
    message_no: messageNo,
    wall_now: wallMs,
    business_now: businessMs,
    account_version: program.accountVersion,
    holder_version: program.holderVersion,
    chain_version: program.chainVersion,
    counted_mcc: message.mcc,
    is_confirmed: resolution.isConfirmed ? 1 : 0,
    reason: resolution.reason,
    amount: Number(resolution.amount),
  });
  const argv = [packed, fields.balance(cardCurrency), fields.holder(cardholder), entry, ...program.limits];
  const keys = [keyspace.account(shard, account), keyspace.chain(shard, chain), keyspace.journal(shard)];
  return new Promise((done) => {
    const asked = { slot: keyspace.slot(shard), function: "resolve", keys, argv, deadlineMs: now() + timeoutMs };
    hot.call(asked, (reply) => {
      committer.onAnswered?.();
      const words = reply.kind === "ok" && Array.isArray(reply.value) ? reply.value : [];
      done(resolvedOf(words));
    });
    hot.flush();
  });
}

function resolvedOf([word, first, second]: readonly RespValue[]): Resolved {
  if (word === "done") return { outcome: word, reply: { kind: "ok", value: first ?? null }, journalNo: Number(second) };
  if (word === "already") return { outcome: word, reply: { kind: "ok", value: first ?? null } };
  if (word === "forgotten" || word === "stale") return { outcome: word };
  return word === "other_mcc" ? { outcome: word, mcc: Number(first) } : { outcome: "failed" };
}
