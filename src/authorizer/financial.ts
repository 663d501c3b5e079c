import { decisionTable } from "../../specs/decision-table.ts";
import { ArgumentPacker } from "../store/functions.ts";
import { packEntry } from "../store/journal-entry.ts";
import { fields } from "../store/keys.ts";
import { amountPart, messagePart } from "./amount-part.ts";
import type { AuthorizerParts } from "./authorizer.ts";
import { type Bill, billOf, checkedAmount, leastOf, monthOf, movesMoney } from "./bill.ts";
import { type CardView, pickCard } from "./card-view.ts";
import { addLimits, firstRefusal } from "./checks.ts";
import type { DeclineCheck, FinancialDecision, NotDecided } from "./decision.ts";
import { type MessageKeys, keysOf } from "./identity.ts";
import { pinTried } from "./proofs.ts";
import { financialDecision, readReply } from "./replies.ts";
import { type FinancialRequest, purposes } from "./request.ts";

const packer = new ArgumentPacker("post");
const triesMax = 5;

/** A 0200 on its way: checked and decided like a 0100 of the same purpose, but posted at once. */
export class Financial {
  readonly #parts: AuthorizerParts;
  readonly #request: FinancialRequest;
  readonly #done: (decision: FinancialDecision) => void;
  /** On the monotonic clock. */
  readonly #deadlineMs: number;
  #tries = 0;

  constructor(parts: AuthorizerParts, request: FinancialRequest, done: (decision: FinancialDecision) => void) {
    this.#parts = parts;
    this.#request = request;
    this.#done = done;
    this.#deadlineMs = parts.clock.monotonicNow() + (request.deadlineMs - parts.clock.wallNow());
  }

  start(): void {
    const cached = this.#parts.views.get(this.#request.pan);
    if (cached !== undefined) this.#decide(cached);
    else this.#load();
  }

  #load(): void {
    if (++this.#tries > triesMax) {
      this.#giveUp({ outcome: "refused", cause: "the card changes faster than it can be read" });
      return;
    }
    this.#parts.views.load(this.#request.pan, this.#deadlineMs, (loaded) => {
      if (loaded.kind === "failed") this.#giveUp({ outcome: "refused", cause: loaded.cause });
      else if (loaded.views === null) this.#done({ outcome: "unknown_pan" });
      else this.#decide(loaded.views);
    });
  }

  #decide(views: readonly CardView[]): void {
    const view = pickCard(views, this.#request.expiry);
    if (view === undefined) {
      this.#done({ outcome: "unknown_pan" });
      return;
    }
    const bill = billOf(this.#request, view.currency, this.#parts.tables);
    if (bill === null) this.#done({ outcome: "unsupported_currency" });
    else this.#call(view, bill);
  }

  #call(view: CardView, bill: Bill): void {
    const request = this.#request;
    const { hot, keyspace, tables, merchants } = this.#parts;
    const category = tables.categoryOf(request.mcc);
    const refusal = firstRefusal(view, {
      category,
      country: tables.countryOf(request.merchantCountry),
      presence: request.presence,
      cardAmount: checkedAmount(request, bill.amount),
      isCredit: request.purpose === "refund",
      month: monthOf(request.businessNowMs),
      verification: this.#parts.verifier.refusalOf(request.pan, view, request.proofs),
    });
    const keys = keysOf(request, "financial", view.panIndex);
    const code = this.#parts.random.integer(1_000_000);
    const merchant = merchants.lookup(request.merchant, view.shard);
    const entry = packEntry({
      kind: "financial",
      isAdvice: false,
      isApproved: true,
      originalKeys: [],
      settlementDate: request.settlementDate,
      ...messagePart(request, { view, keys, merchant }),
      ...amountPart(request, bill, code),
    });
    const packed = this.#arguments(view, bill, { keys, code, refusal });
    const argv = [packed, fields.balance(view.currency), fields.holder(view.cardholder), entry];
    if (movesMoney(request) && request.purpose !== "refund") addLimits(view.limits, category, argv);
    const call = {
      slot: keyspace.slot(view.shard),
      function: "post",
      keys: [
        keyspace.account(view.shard, view.account),
        keyspace.chain(view.shard, view.chain),
        keyspace.journal(view.shard),
      ],
      argv,
      deadlineMs: this.#deadlineMs,
    };
    hot.call(call, (reply) => {
      const read = readReply(reply);
      if (read.kind === "stored") {
        if (!read.isDuplicate && merchant.text !== null) merchants.confirm(request.merchant, view.shard);
        this.#done(financialDecision(view.shard, read.isDuplicate, read.stored, view.currency));
      } else if (read.kind === "none") this.#giveUp(read.decision);
      else this.#another(read.word);
    });
  }

  #arguments(
    view: CardView,
    bill: Bill,
    { keys, code, refusal }: { keys: MessageKeys; code: number; refusal: DeclineCheck | null },
  ): Uint8Array {
    const request = this.#request;
    return packer.pack({
      message_key: keys.messageKey,
      chain_key: keys.chainKey,
      fingerprint: keys.fingerprint,
      wall_now: request.wallNowMs,
      business_now: request.businessNowMs,
      deadline: request.deadlineMs,
      account_version: view.accountVersion,
      holder_version: view.holderVersion,
      chain_version: view.chainVersion,
      refusal: refusal === null ? 0 : decisionTable[refusal].number,
      purpose: purposes[request.purpose],
      pin: pinTried(request, refusal),
      card_no: view.card,
      amount: Number(bill.amount),
      least: Number(leastOf(request, view, bill.amount)),
      code,
      mcc: Number(request.mcc),
      rate: bill.rate,
    });
  }

  #another(word: string): void {
    if (word === "stale") {
      this.#parts.views.forget(this.#request.pan);
      this.#load();
    } else if (word === "conflict" || word === "expired_deadline") {
      this.#done({ outcome: word });
    } else {
      this.#giveUp({ outcome: "unknown", cause: `the function said ${word}` });
    }
  }

  #giveUp(decision: NotDecided): void {
    this.#done(this.#parts.doubtful.settle(this.#request, decision));
  }
}
