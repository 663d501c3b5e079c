import { decisionTable } from "../../specs/decision-table.ts";
import { isoTime } from "../kernel/clock.ts";
import { type Minor } from "../kernel/money.ts";
import { ArgumentPacker } from "../store/functions.ts";
import { fields } from "../store/keys.ts";
import { packEntry } from "../store/journal-entry.ts";
import type { AuthorizerParts } from "./authorizer.ts";
import { type CardView, pickCard } from "./card-view.ts";
import { addLimits, firstRefusal } from "./checks.ts";
import type { AuthorizationDecision, DeclineCheck, NotDecided } from "./decision.ts";
import { type MessageKeys, keysOf } from "./identity.ts";
import type { MerchantReference } from "./merchant-dictionary.ts";
import { authorizationDecision, readReply } from "./replies.ts";
import { networks } from "../../specs/networks.ts";
import { type AuthorizationRequest, doors } from "./request.ts";

const packer = new ArgumentPacker("authorize");
const triesMax = 5;
const amountMax = 999_999_999_999n;

/** What one call is made of, beside the request. */
interface Bill {
  readonly view: CardView;
  readonly cardAmount: Minor;
  /** DE10 as a number; 0: none. */
  readonly rate: number;
  readonly keys: MessageKeys;
  readonly code: number;
  readonly merchant: MerchantReference;
}

/** One request on its way: static checks here, then the one call that decides. */
export class Authorization {
  readonly #parts: AuthorizerParts;
  readonly #request: AuthorizationRequest;
  readonly #done: (decision: AuthorizationDecision) => void;
  /** On the monotonic clock. */
  readonly #deadlineMs: number;
  #tries = 0;

  constructor(parts: AuthorizerParts, request: AuthorizationRequest, done: (decision: AuthorizationDecision) => void) {
    this.#parts = parts;
    this.#request = request;
    this.#done = done;
    this.#deadlineMs = parts.clock.monotonicNow() + (request.deadlineMs - parts.clock.wallNow());
  }

  start(): void {
    const { views } = this.#parts;
    const cached = views.get(this.#request.pan);
    if (cached !== undefined) this.#decide(cached);
    else this.#load();
  }

  #load(): void {
    if (++this.#tries > triesMax) {
      this.#giveUp({ outcome: "refused", cause: "the card changes faster than it can be read" });
      return;
    }
    const { views } = this.#parts;
    views.load(this.#request.pan, this.#deadlineMs, (loaded) => {
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
    const billed = this.#billedAmount(view);
    if (billed === null) this.#done({ outcome: "unsupported_currency" });
    else this.#call(view, billed.amount, billed.rate);
  }

  // rules: Holds. DE4 in the card currency, else DE6 in it, else DE4 at the dated rate.
  #billedAmount(view: CardView): { amount: Minor; rate: string | null } | null {
    const request = this.#request;
    if (request.transactionCurrency === view.currency) return { amount: request.transactionAmount, rate: null };
    if (request.billingCurrency === view.currency && request.billingAmount !== null) {
      return { amount: request.billingAmount, rate: request.conversionRate };
    }
    const { tables } = this.#parts;
    const { transactionAmount, transactionCurrency, businessNowMs } = request;
    const converted = tables.convert(transactionAmount, transactionCurrency, view.currency, businessNowMs);
    // Twelve digits are what an amount has on the wire; a hold keeps no more.
    return converted === null || converted.amount > amountMax ? null : converted;
  }

  #call(view: CardView, cardAmount: Minor, rate: string | null): void {
    const request = this.#request;
    const { hot, keyspace, tables, merchants, random } = this.#parts;
    const category = tables.categoryOf(request.mcc);
    const refusal = firstRefusal(view, {
      category,
      country: tables.countryOf(request.merchantCountry),
      presence: request.presence,
      cardAmount,
      month: monthOf(request.businessNowMs),
    });
    const keys = keysOf(request, "authorization", view.panIndex);
    const code = random.integer(1_000_000);
    const merchant = merchants.lookup(request.merchant, view.shard);
    const bill: Bill = { view, cardAmount, rate: Number(rate ?? 0), keys, code, merchant };
    const packed = this.#arguments(bill, refusal);
    const argv = [packed, fields.balance(view.currency), fields.holder(view.cardholder), this.#entry(bill)];
    addLimits(view.limits, category, argv);
    hot.call(
      {
        slot: keyspace.slot(view.shard),
        function: "authorize",
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
          if (!read.isDuplicate && merchant.text !== null) merchants.confirm(request.merchant, view.shard);
          this.#done(authorizationDecision(view.shard, read.isDuplicate, read.stored));
        } else if (read.kind === "none") this.#giveUp(read.decision);
        else this.#another(read.word);
      },
    );
  }

  // What TypeScript knows of the entry; the function appends the outcome.
  #entry({ view, cardAmount, rate, keys, code, merchant }: Bill): Uint8Array {
    const request = this.#request;
    return packEntry({
      kind: "authorization",
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
      door: doors[request.door],
      cardAmount,
      rate,
      mcc: Number(request.mcc),
      merchantCountry: request.merchantCountry,
      isPresent: request.presence === "present",
      entryMode: request.entryMode,
      processingCode: request.processingCode,
      authorizationCode: code,
    });
  }

  #arguments({ view, cardAmount, rate, keys, code }: Bill, refusal: DeclineCheck | null): Uint8Array {
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
      has_chain_id: request.networkChain === null ? 0 : 1,
      amount: Number(cardAmount),
      code,
      mcc: Number(request.mcc),
      rate,
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

let monthDay = -1;
let monthNumber = 0;

// YYMM of a business time, worked out once a day: a card is compared by its month only.
function monthOf(businessMs: number): number {
  const day = Math.floor(businessMs / 86_400_000);
  if (day !== monthDay) {
    monthDay = day;
    monthNumber = Number(isoTime(businessMs).slice(2, 4)) * 100 + Number(isoTime(businessMs).slice(5, 7));
  }
  return monthNumber;
}
