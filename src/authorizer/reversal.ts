import { maskPan } from "../kernel/pan.ts";
import { type Minor, minor } from "../kernel/money.ts";
import { luaConstants } from "../store/library.ts";
import { ArgumentPacker } from "../store/functions.ts";
import { fields } from "../store/keys.ts";
import { packEntry } from "../store/journal-entry.ts";
import type { AuthorizerParts } from "./authorizer.ts";
import { type CardView, pickCard } from "./card-view.ts";
import { addLimits } from "./checks.ts";
import type { ReversalDecision } from "./decision.ts";
import { hash64, keysOf, undoKeyOf } from "./identity.ts";
import { readReply, reversalDecision } from "./replies.ts";
import { networks } from "../../specs/networks.ts";
import { type ReversalRequest } from "./request.ts";

const packer = new ArgumentPacker("reverse");
const commitPacker = new ArgumentPacker("commit");
const triesMax = 8;
/** Twelve digits are what an amount has on the wire. */
const moreThanAnyHold = minor(1_000_000_000_000n);

/** One reversal on its way. It has no deadline of its own, skips the checks and is never shed. */
export class Reversal {
  readonly #parts: AuthorizerParts;
  readonly #request: ReversalRequest;
  readonly #done: (decision: ReversalDecision) => void;
  readonly #deadlineMs: number;
  #mcc: string;
  #tries = 0;

  constructor(parts: AuthorizerParts, request: ReversalRequest, done: (decision: ReversalDecision) => void) {
    this.#parts = parts;
    this.#request = request;
    this.#done = done;
    this.#mcc = request.mcc ?? "0000";
    this.#deadlineMs = parts.clock.monotonicNow() + parts.reversalTimeoutMs;
  }

  start(): void {
    const cached = this.#parts.views.get(this.#request.pan);
    if (cached !== undefined) this.#reverse(cached);
    else this.#load();
  }

  #load(): void {
    if (++this.#tries > triesMax) {
      this.#done({
        outcome: "refused",
        cause: "the card changes faster than it can be read",
      });
      return;
    }
    this.#parts.views.load(this.#request.pan, this.#deadlineMs, (loaded) => {
      if (loaded.kind === "failed") this.#done({ outcome: "refused", cause: loaded.cause });
      else if (loaded.views === null) this.#file();
      else this.#reverse(loaded.views);
    });
  }

  #reverse(views: readonly CardView[]): void {
    const view = pickCard(views, null);
    if (view === undefined) this.#file();
    else this.#call(view);
  }

  #call(view: CardView): void {
    const request = this.#request;
    const { hot, keyspace, tables, merchants } = this.#parts;
    const function_ = request.isAdvice ? "reversal_advice" : "reversal";
    const keys = keysOf(request, function_, view.panIndex);
    const undoKey = undoKeyOf(request, request.original?.stan ?? request.stan, view.panIndex);
    const merchant = merchants.lookup(request.merchant, view.shard);
    const replacement = this.#replacementIn(view.currency);
    const entry = packEntry({
      kind: "reversal",
      account: view.account,
      wallMs: request.wallNowMs,
      network: networks[request.network],
      card: view.card,
      chain: view.chain,
      cardholder: view.cardholder,
      messageKey: keys.messageKey,
      chainKey: keys.chainKey,
      fingerprint: keys.fingerprint,
      stan: request.stan,
      acquirer: request.acquirer,
      rrn: request.rrn,
      networkChain: request.networkChain ?? "",
      transactionAmount: request.transactionAmount,
      transactionCurrency: request.transactionCurrency,
      cardCurrency: view.currency,
      merchantKey: merchant.key,
      merchant: merchant.text,
      isAdvice: request.isAdvice,
      undoKeys: [undoKey],
      replacement,
    });
    const packed = packer.pack({
      message_key: keys.messageKey,
      undo_key: undoKey,
      fingerprint: keys.fingerprint,
      wall_now: request.wallNowMs,
      business_now: request.businessNowMs,
      account_version: view.accountVersion,
      holder_version: view.holderVersion,
      chain_version: view.chainVersion,
      mcc: Number(this.#mcc),
      replacement: replacement === null ? luaConstants.COUNT_ONLY : Number(replacement),
    });
    const argv = [packed, fields.balance(view.currency), fields.holder(view.cardholder), entry];
    addLimits(view.limits, tables.categoryOf(this.#mcc), argv);
    hot.call(
      {
        slot: keyspace.slot(view.shard),
        function: "reverse",
        keys: [
          keyspace.account(view.shard, view.account),
          keyspace.chain(view.shard, view.chain),
          keyspace.journal(view.shard),
        ],
        argv,
        deadlineMs: this.#deadlineMs,
      },
      (reply) => {
        const read = readReply(reply);
        if (read.kind === "stored") {
          if (!read.isDuplicate) merchants.confirm(request.merchant, view.shard);
          this.#done(reversalDecision(view.shard, read.isDuplicate, read.stored));
        } else if (read.kind === "none") this.#done(read.decision);
        else this.#another(view, read.word, read.detail);
      },
    );
  }

  // rules: Holds, Reversal. An amount in another currency is converted as its purchase was; where that cannot be done it
  // counts as more than remains, so that nothing moves and a person looks at it.
  #replacementIn(cardCurrency: number): Minor | null {
    const { replacementAmount: amount, replacementCurrency, businessNowMs } = this.#request;
    const currency = replacementCurrency ?? cardCurrency;
    if (amount === null || currency === cardCurrency) return amount;
    const converted = this.#parts.tables.convert(amount, currency, cardCurrency, businessNowMs);
    return converted === null || converted.amount > moreThanAnyHold ? moreThanAnyHold : converted.amount;
  }

  #another(view: CardView, word: string, detail: string): void {
    if (word === "conflict") {
      this.#done({ outcome: "conflict" });
    } else if (word === "other_mcc") {
      // The limits that were charged follow from the hold's MCC: once more with those.
      this.#mcc = detail.padStart(4, "0");
      if (++this.#tries > triesMax)
        this.#done({
          outcome: "refused",
          cause: "the hold changes faster than it can be read",
        });
      else this.#call(view);
    } else if (word === "stale") {
      this.#parts.views.forget(this.#request.pan);
      this.#load();
    } else {
      this.#done({ outcome: "unknown", cause: `the function said ${word}` });
    }
  }

  // rules: Order of the decision. A reversal for an unknown PAN commits an exception, in the shard of its BIN, else 0.
  #file(): void {
    const request = this.#request;
    const { hot, keyspace, views, exceptionKeepMs } = this.#parts;
    const shard = views.shardOf(request.pan) ?? 0;
    const keys = keysOf(request, request.isAdvice ? "reversal_advice" : "reversal", views.blindIndexOf(request.pan));
    const body = JSON.stringify({
      object: "exception",
      cause: "unknown_pan",
      network: request.network,
      function: request.isAdvice ? "reversal_advice" : "reversal",
      pan: maskPan(request.pan),
      stan: request.stan,
      original_stan: request.original?.stan ?? request.stan,
      acquirer: request.acquirer,
      rrn: request.rrn,
      amount: Number(request.transactionAmount),
      currency: request.transactionCurrency,
    });
    const entry = packEntry({
      kind: "commit",
      account: 0,
      wallMs: request.wallNowMs,
      objectType: "exception",
      objectNo: exceptionNoOf(keys.messageKey),
      version: 1,
      currency: 0,
      body,
      counters: [],
    });
    const packed = commitPacker.pack({
      fingerprint: keys.fingerprint,
      wall_now: request.wallNowMs,
      business_now: request.businessNowMs,
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
        deadlineMs: this.#deadlineMs,
      },
      (reply) => {
        const read = readReply(reply);
        if (read.kind === "none") this.#done(read.decision);
        else if (read.kind === "word" && (read.word === "done" || read.word === "replayed")) {
          const isDuplicate = read.word === "replayed";
          this.#done({
            outcome: "unknown_pan",
            shard,
            journalNo: Number(read.detail),
            isDuplicate,
          });
        } else if (read.kind === "word" && read.word === "mismatch") this.#done({ outcome: "conflict" });
        else
          this.#done({
            outcome: "unknown",
            cause: "the exception was not filed",
          });
      },
    );
  }
}

// An exception is named by its message: the first six bytes of the key, as a number.
function exceptionNoOf(messageKey: Uint8Array): number {
  return Buffer.from(hash64(Buffer.from(messageKey).toString("latin1"))).readUIntBE(0, 6);
}
