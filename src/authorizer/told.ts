import type { AuthorizerParts } from "./authorizer.ts";
import { type CardView, pickCard } from "./card-view.ts";
import { addLimits } from "./checks.ts";
import { type Filed, fileException } from "./exception.ts";
import type { MerchantReference } from "./merchant-dictionary.ts";
import { type StoredOutcome, readReply } from "./replies.ts";
import type { MessageFunction, MessageIdentity } from "./request.ts";
import { fields } from "../store/keys.ts";

/** What a function has asked to be called again with. */
export interface Learnt {
  /** DE18 of the hold or the posting that is moved: its limits are the ones that count. */
  readonly mcc: string;
  /** DE10 of the hold or the posting as a number, once it was asked for; 0: it has none. */
  readonly rate: number | null;
}

export interface ToldCall {
  readonly packed: Uint8Array;
  readonly entry: Uint8Array;
  readonly merchant: MerchantReference;
}

/** A kind of message that nobody may refuse: advices and reversals. */
export interface ToldMessage<Decision> {
  readonly request: MessageIdentity & { readonly wallNowMs: number; readonly businessNowMs: number };
  readonly messageFunction: MessageFunction;
  readonly luaFunction: "advise" | "post_advice" | "reverse";
  /** DE14 as YYMM, or null. */
  readonly expiry: string | null;
  /** DE18, or null where the message does not repeat it. */
  readonly mcc: string | null;
  /** DE11 of the message that it refers to. */
  readonly originalStan: string;
  call(view: CardView, learnt: Learnt): ToldCall;
  decision(shard: number, isDuplicate: boolean, stored: StoredOutcome): Decision;
  /** What became of it where no function has decided: an exception, a conflict, or nothing that is known. */
  filed(filed: Filed): Decision;
}

const triesMax = 8;

/** One such message on its way. It has no deadline of its own, skips the checks and is never shed. */
export class Told<Decision> {
  readonly #parts: AuthorizerParts;
  readonly #message: ToldMessage<Decision>;
  readonly #done: (decision: Decision) => void;
  /** On the monotonic clock. */
  readonly #deadlineMs: number;
  #learnt: Learnt;
  #tries = 0;

  constructor(parts: AuthorizerParts, message: ToldMessage<Decision>, done: (decision: Decision) => void) {
    this.#parts = parts;
    this.#message = message;
    this.#done = done;
    this.#learnt = { mcc: message.mcc ?? "0000", rate: null };
    this.#deadlineMs = parts.clock.monotonicNow() + parts.reversalTimeoutMs;
  }

  start(): void {
    const cached = this.#parts.views.get(this.#message.request.pan);
    if (cached !== undefined) this.#pick(cached);
    else this.#load();
  }

  #load(): void {
    const { pan } = this.#message.request;
    this.#parts.views.load(pan, this.#deadlineMs, (loaded) => {
      if (loaded.kind === "failed") this.#refuse(loaded.cause);
      else if (loaded.views === null) this.#file("unknown_pan");
      else this.#pick(loaded.views);
    });
  }

  #pick(views: readonly CardView[]): void {
    const view = pickCard(views, this.#message.expiry);
    if (view === undefined) this.#file("unknown_pan");
    else this.#call(view);
  }

  #call(view: CardView): void {
    const { request, luaFunction } = this.#message;
    const { hot, keyspace, tables, merchants } = this.#parts;
    const call = this.#message.call(view, this.#learnt);
    const argv = [call.packed, fields.balance(view.currency), fields.holder(view.cardholder), call.entry];
    addLimits(view.limits, tables.categoryOf(this.#learnt.mcc), argv);
    const keys = [
      keyspace.account(view.shard, view.account),
      keyspace.chain(view.shard, view.chain),
      keyspace.journal(view.shard),
    ];
    const { deadlineMs, slot } = { deadlineMs: this.#deadlineMs, slot: keyspace.slot(view.shard) };
    hot.call({ slot, function: luaFunction, keys, argv, deadlineMs }, (reply) => {
      const read = readReply(reply);
      if (read.kind === "stored") {
        if (!read.isDuplicate && call.merchant.text !== null) merchants.confirm(request.merchant, view.shard);
        this.#done(this.#message.decision(view.shard, read.isDuplicate, read.stored));
      } else if (read.kind === "none") this.#done(this.#message.filed(read.decision));
      else this.#answer(view, read.word, read.detail);
    });
  }

  #answer(view: CardView, word: string, detail: string): void {
    if (word === "conflict") this.#done(this.#message.filed({ outcome: "conflict" }));
    else if (word === "unbillable") this.#file("unsupported_currency");
    else if (word !== "stale" && word !== "other_mcc" && word !== "need_rate") {
      this.#done(this.#message.filed({ outcome: "unknown", cause: `the function said ${word}` }));
    } else if (++this.#tries > triesMax) {
      this.#refuse("card and hold change faster than they can be read");
    } else if (word === "stale") {
      this.#parts.views.forget(this.#message.request.pan);
      this.#load();
    } else {
      const { mcc, rate } = this.#learnt;
      this.#learnt = word === "other_mcc" ? { mcc: detail.padStart(4, "0"), rate } : { mcc, rate: Number(detail) };
      this.#call(view);
    }
  }

  #refuse(cause: string): void {
    this.#done(this.#message.filed({ outcome: "refused", cause }));
  }

  #file(cause: "unknown_pan" | "unsupported_currency"): void {
    const { request: message, messageFunction, originalStan } = this.#message;
    const filed = { message, function: messageFunction, cause, originalStan, deadlineMs: this.#deadlineMs };
    fileException(this.#parts, filed, (done) => this.#done(this.#message.filed(done)));
  }
}
