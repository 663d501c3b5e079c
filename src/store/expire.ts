import type { Committer } from "./commit.ts";
import { ArgumentPacker } from "./functions.ts";
import { packEntry } from "./journal-entry.ts";
import { fields } from "./keys.ts";

/** A hold as its entries tell of it. */
export interface DueHold {
  readonly shard: number;
  readonly account: number;
  readonly chain: number;
  readonly card: number;
  readonly cardholder: number;
  /** ISO 4217 numeric of the card. */
  readonly currency: number;
  /** Journal number of the entry that made it, and the message key under which it lies. */
  readonly holdNo: number;
  readonly holdKey: Uint8Array;
  /** DE18 of its first message. */
  readonly mcc: number;
  /** It is due because nobody has said what was pumped: a hold that was completed meanwhile is another hold. */
  readonly asFuel: boolean;
}

/** What of the program stands as the caller has read it: versions, and the limits in which the hold was counted. */
export interface ReadProgram {
  readonly accountVersion: number;
  readonly holderVersion: number;
  readonly chainVersion: number;
  readonly limits: readonly Uint8Array[];
}

/**
 * `stale`: the program has changed since it was read. `other`: not the hold that was meant. `other_mcc`: the hold was
 * counted under that DE18. `failed`: Redis did not answer, or not with a word of its own.
 */
export type Expired =
  | { readonly outcome: "done"; readonly journalNo: number; readonly released: bigint }
  | { readonly outcome: "already" | "stale" | "other" | "failed" }
  | { readonly outcome: "other_mcc"; readonly mcc: number };

const packer = new ArgumentPacker("expire");

/** Gives back what remains of a hold, once, and closes it (rules: Holds, Expiry). */
export function expire(
  committer: Committer,
  hold: DueHold,
  program: ReadProgram,
  times: { readonly wallMs: number; readonly businessMs: number },
): Promise<Expired> {
  const { hot, keyspace, now, timeoutMs } = committer;
  const { shard } = hold;
  const entry = packEntry({
    kind: "expiry",
    account: hold.account,
    wallMs: times.wallMs,
    card: hold.card,
    chain: hold.chain,
    cardholder: hold.cardholder,
    cardCurrency: hold.currency,
    holdKey: hold.holdKey,
    holdNo: hold.holdNo,
  });
  const packed = packer.pack({
    hold_key: hold.holdKey,
    hold_no: hold.holdNo,
    wall_now: times.wallMs,
    business_now: times.businessMs,
    account_version: program.accountVersion,
    holder_version: program.holderVersion,
    chain_version: program.chainVersion,
    counted_mcc: hold.mcc,
    as_fuel: hold.asFuel ? 1 : 0,
  });
  const argv = [packed, fields.balance(hold.currency), fields.holder(hold.cardholder), entry, ...program.limits];
  const keys = [keyspace.account(shard, hold.account), keyspace.chain(shard, hold.chain), keyspace.journal(shard)];
  return new Promise((resolve) => {
    const call = { slot: keyspace.slot(shard), function: "expire", keys, argv, deadlineMs: now() + timeoutMs };
    hot.call(call, (reply) => {
      committer.onAnswered?.();
      const [word, first, second] = reply.kind === "ok" && Array.isArray(reply.value) ? reply.value : [];
      if (word === "done") resolve({ outcome: word, journalNo: Number(first), released: BigInt(Number(second)) });
      else if (word === "already" || word === "stale" || word === "other") resolve({ outcome: word });
      else if (word === "other_mcc") resolve({ outcome: word, mcc: Number(first) });
      else resolve({ outcome: "failed" });
    });
    hot.flush();
  });
}
