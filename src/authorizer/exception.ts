import { maskPan } from "../kernel/pan-mask.ts";
import { ArgumentPacker } from "../store/functions.ts";
import { packEntry } from "../store/journal-entry.ts";
import { fields } from "../store/keys.ts";
import type { AuthorizerParts } from "./authorizer.ts";
import type { FiledException, NotDecided } from "./decision.ts";
import { hash64, keysOf } from "./identity.ts";
import { readReply } from "./replies.ts";
import type { MessageFunction, MessageIdentity } from "./request.ts";

const packer = new ArgumentPacker("commit");

/** A message that nobody may refuse, although no card can be found for it or no amount. */
export interface Unbillable {
  readonly message: MessageIdentity & { readonly wallNowMs: number; readonly businessNowMs: number };
  readonly function: MessageFunction;
  readonly cause: "unknown_pan" | "unsupported_currency";
  /** DE11 of the message that it refers to. */
  readonly originalStan: string;
  /** On the monotonic clock. */
  readonly deadlineMs: number;
}

/** Filed, or why it is not. */
export type Filed = FiledException | { readonly outcome: "conflict" } | NotDecided;

/** rules: Order of the decision. Commits an exception, in the shard of the PAN's BIN, else 0, for a person to look at. */
export function fileException(parts: AuthorizerParts, filed: Unbillable, done: (filed: Filed) => void): void {
  const { message, cause } = filed;
  const { hot, keyspace, views, exceptionKeepMs } = parts;
  const shard = views.shardOf(message.pan) ?? 0;
  const keys = keysOf(message, filed.function, views.blindIndexOf(message.pan));
  const entry = packEntry({
    kind: "commit",
    account: 0,
    wallMs: message.wallNowMs,
    objectType: "exception",
    objectNo: exceptionNoOf(keys.messageKey),
    version: 1,
    currency: 0,
    body: bodyOf(filed),
    counters: [],
  });
  const packed = packer.pack({
    fingerprint: keys.fingerprint,
    wall_now: message.wallNowMs,
    business_now: message.businessNowMs,
    keep_ms: exceptionKeepMs,
    account_version: 0,
  });
  const idempotency = keyspace.idempotency(shard, Buffer.from(keys.messageKey).toString("hex"));
  hot.call(
    {
      slot: keyspace.slot(shard),
      function: "commit",
      keys: [keyspace.account(shard, 0), keyspace.journal(shard), idempotency],
      argv: [packed, fields.balance(0), entry],
      deadlineMs: filed.deadlineMs,
    },
    (reply) => {
      const read = readReply(reply);
      if (read.kind === "none") done(read.decision);
      else if (read.kind === "word" && (read.word === "done" || read.word === "replayed")) {
        const isDuplicate = read.word === "replayed";
        done({ outcome: cause, shard, journalNo: Number(read.detail), isDuplicate });
      } else if (read.kind === "word" && read.word === "mismatch") done({ outcome: "conflict" });
      else done({ outcome: "unknown", cause: "the exception was not filed" });
    },
  );
}

function bodyOf({ message, cause, originalStan, function: function_ }: Unbillable): string {
  return JSON.stringify({
    object: "exception",
    cause,
    network: message.network,
    function: function_,
    pan: maskPan(message.pan),
    stan: message.stan,
    original_stan: originalStan,
    acquirer: message.acquirer,
    rrn: message.rrn,
    amount: Number(message.transactionAmount),
    currency: message.transactionCurrency,
  });
}

// An exception is named by its message: the first six bytes of the key, as a number.
function exceptionNoOf(messageKey: Uint8Array): number {
  return Buffer.from(hash64(Buffer.from(messageKey).toString("latin1"))).readUIntBE(0, 6);
}
