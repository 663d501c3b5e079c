import type { Committer } from "./commit.ts";
import type { ClearingPart } from "./entry-part.ts";
import type { ReadProgram } from "./expire.ts";
import { ArgumentPacker } from "./functions.ts";
import { type HotReply } from "./hot-connection.ts";
import { packEntry } from "./journal-entry.ts";
import { fields } from "./keys.ts";
import { luaConstants } from "./library.ts";

/** A clearing as its entry will tell of it: under the category of the authorization that it names, if any. */
export interface Clearing {
  readonly shard: number;
  readonly part: ClearingPart;
}

const packer = new ArgumentPacker("clear");

/** Posts it (rules: Clearing always posts). The reply is read by whoever knows the outcomes. */
export function clear(
  committer: Committer,
  { shard, part }: Clearing,
  call: { readonly program: ReadProgram; readonly businessMs: number },
): Promise<HotReply> {
  const { hot, keyspace, now, timeoutMs } = committer;
  const { program, businessMs } = call;
  const isCredit = part.purpose === luaConstants.PURPOSE_REFUND;
  const packed = packer.pack({
    message_key: part.messageKey,
    hold_key: part.holdKey,
    hold_no: part.holdNo,
    fingerprint: part.fingerprint,
    wall_now: part.wallMs,
    business_now: businessMs,
    account_version: program.accountVersion,
    holder_version: program.holderVersion,
    chain_version: program.chainVersion,
    is_credit: isCredit ? 1 : 0,
    is_final: part.isFinal ? 1 : 0,
    amount: Number(part.cardAmount),
    counted_mcc: part.mcc,
  });
  const limits = isCredit ? [] : program.limits;
  const argv = [packed, fields.balance(part.cardCurrency), fields.holder(part.cardholder), packEntry(part), ...limits];
  const keys = [keyspace.account(shard, part.account), keyspace.chain(shard, part.chain), keyspace.journal(shard)];
  return new Promise((resolve) => {
    const asked = { slot: keyspace.slot(shard), function: "clear", keys, argv, deadlineMs: now() + timeoutMs };
    hot.call(asked, (reply) => {
      committer.onAnswered?.();
      resolve(reply);
    });
    hot.flush();
  });
}
