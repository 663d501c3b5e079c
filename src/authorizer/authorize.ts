import { decisionTable } from "../../specs/decision-table.ts";
import { type Minor } from "../kernel/money.ts";
import { ArgumentPacker } from "../store/functions.ts";
import { fields } from "../store/keys.ts";
import { packEntry } from "../store/journal-entry.ts";
import { luaConstants } from "../store/library.ts";
import type { AuthorizerParts } from "./authorizer.ts";
import { type Bill, billOf, checkedAmount, fuelBill, leastOf, monthOf } from "./bill.ts";
import { type CardView, pickCard } from "./card-view.ts";
import { addLimits, firstRefusal } from "./checks.ts";
import type { AuthorizationDecision, DeclineCheck, NotDecided } from "./decision.ts";
import { type MessageKeys, keysOf } from "./identity.ts";
import type { MerchantReference } from "./merchant-dictionary.ts";
import { detailsOf, pinTried } from "./proofs.ts";
import { authorizationDecision, readReply } from "./replies.ts";
import { networks } from "../../specs/networks.ts";
import { type AuthorizationRequest, doors, purposes } from "./request.ts";
import { deadlines } from "../../specs/limits.ts";
import { type Awaiting, Waiting } from "./waiting.ts";

const packer = new ArgumentPacker("authorize");
const incrementPacker = new ArgumentPacker("increment");
const triesMax = 5;

/** What one call is made of, beside the request. */
interface Asked {
  readonly view: CardView;
  readonly bill: Bill;
  /** What is asked of the function: the bill's amount, or what a pump is unlocked for. */
  readonly amount: Minor;
  /** The smallest amount that may be approved in its place. */
  readonly least: Minor;
  readonly refusal: DeclineCheck | null;
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
  #deadlineMs: number;
  /** DE18 of the hold that an increment adds to, once the function has told it. */
  #countedMcc: string;
  #tries = 0;
  #waiting: Awaiting | null = null;

  constructor(parts: AuthorizerParts, request: AuthorizationRequest, done: (decision: AuthorizationDecision) => void) {
    this.#parts = parts;
    this.#request = request;
    this.#done = done;
    this.#countedMcc = request.mcc;
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
    const bill = billOf(this.#request, view.currency, this.#parts.tables);
    if (bill === null) this.#done({ outcome: "unsupported_currency" });
    else this.#call(view, bill);
  }

  #call(view: CardView, bill: Bill): void {
    const request = this.#request;
    const { purpose } = request;
    const { hot, keyspace, tables, merchants, random } = this.#parts;
    const category = tables.categoryOf(request.mcc);
    const fuel = purpose === "fuel" ? fuelBill(view, category, tables) : null;
    const least = fuel?.least ?? leastOf(request, view, bill.amount);
    const asked: Asked = {
      view,
      bill,
      amount: fuel?.wanted ?? bill.amount,
      least,
      refusal: firstRefusal(view, {
        category,
        country: tables.countryOf(request.merchantCountry),
        presence: request.presence,
        cardAmount: fuel === null ? checkedAmount(request, bill.amount) : least,
        isCredit: purpose === "refund",
        month: monthOf(request.businessNowMs),
        verification:
          this.#parts.verifier.refusalOf(request.pan, view, request.proofs) ??
          (request.isSuspected === true ? "fraud" : null),
      }),
      keys: keysOf(request, "authorization", view.panIndex),
      code: random.integer(1_000_000),
      merchant: merchants.lookup(request.merchant, view.shard),
    };
    const isIncrement = purpose === "increment";
    const packed = isIncrement ? this.#incrementArguments(asked) : this.#arguments(asked);
    const argv = [packed, fields.balance(view.currency), fields.holder(view.cardholder), this.#entry(asked)];
    if (isIncrement) addLimits(view.limits, tables.categoryOf(this.#countedMcc), argv);
    else if (purpose === "purchase" || fuel !== null) addLimits(view.limits, category, argv);
    hot.call(
      {
        slot: keyspace.slot(view.shard),
        function: isIncrement ? "increment" : "authorize",
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
          if (!read.isDuplicate && asked.merchant.text !== null) merchants.confirm(request.merchant, view.shard);
          if (read.stored.outcome === luaConstants.PENDING) this.#wait(asked, read.isDuplicate, read.stored.journalNo);
          else this.#decided(authorizationDecision(view.shard, read.isDuplicate, read.stored, view.currency));
        } else if (this.#waiting !== null) this.#waiting.seen(null);
        else if (read.kind === "none") this.#giveUp(read.decision);
        else this.#another(asked, read.word, read.detail);
      },
    );
  }

  #decided(decision: AuthorizationDecision): void {
    if (this.#waiting === null) this.#done(decision);
    else this.#waiting.seen(decision);
  }

  // rules: Real-time endpoint. Until the endpoint has answered nobody is told that the amount is reserved.
  #wait({ view, bill, keys }: Asked, isDuplicate: boolean, no: number): void {
    if (this.#waiting !== null) return this.#waiting.seen(null);
    const { account, card, cardholder, chain, currency, shard } = view;
    const mcc = Number(this.#countedMcc);
    const deadlineMs = this.#askDeadlineMs();
    this.#deadlineMs += deadlines.decisionWithEndpointMs - deadlines.decisionMs;
    const waiting = {
      message: { shard, no, messageKey: keys.messageKey, account, chain, card, cardholder, currency, mcc },
      isDuplicate,
      approvesByDefault: view.approvesByDefault,
      deadlineMs,
      look: () => {
        this.#call(view, bill);
        this.#parts.hot.flush();
      },
      done: this.#done,
    };
    this.#waiting = this.#parts.ask.await?.(waiting) ?? new Waiting(this.#parts, waiting);
    this.#waiting.start();
  }

  // What the decision and its way to the network need at the end is not the endpoint's.
  #askDeadlineMs(): number {
    const { deadlineMs, wallNowMs } = this.#request;
    const lastMs = deadlineMs + deadlines.decisionWithEndpointMs - deadlines.decisionMs - deadlines.afterEndpointMs;
    return Math.min(lastMs, wallNowMs + deadlines.endpointMs);
  }

  // What TypeScript knows of the entry; the function appends the outcome.
  #entry({ view, bill, keys, code, merchant }: Asked): Uint8Array {
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
      purpose: purposes[request.purpose],
      cardAmount: bill.amount,
      rate: bill.rate,
      mcc: Number(request.mcc),
      merchantCountry: request.merchantCountry,
      isPresent: request.presence === "present",
      allowsPartial: request.allowsPartial,
      cashbackAmount: request.cashbackAmount,
      entryMode: request.entryMode,
      processingCode: request.processingCode,
      authorizationCode: code,
      details: detailsOf(request),
      askDeadlineMs: view.asksPlatform ? this.#askDeadlineMs() : 0,
    });
  }

  #arguments({ view, bill, amount, least, refusal, keys, code }: Asked): Uint8Array {
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
      chain_id: request.networkChain === null ? luaConstants.CHAIN_NONE : luaConstants.CHAIN_NAMES,
      asks: view.asksPlatform ? 1 : 0,
      pin: pinTried(request, refusal),
      card_no: view.card,
      amount: Number(amount),
      least: Number(least),
      code,
      mcc: Number(request.mcc),
      rate: bill.rate,
    });
  }

  #incrementArguments({ view, bill, amount, least, refusal, keys, code }: Asked): Uint8Array {
    const request = this.#request;
    return incrementPacker.pack({
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
      chain_id: request.networkChain === null ? luaConstants.CHAIN_NONE : luaConstants.CHAIN_NAMES,
      asks: view.asksPlatform ? 1 : 0,
      amount: Number(amount),
      least: Number(least),
      code,
      mcc: Number(request.mcc),
      counted_mcc: Number(this.#countedMcc),
      rate: bill.rate,
    });
  }

  #another({ view, bill }: Asked, word: string, detail: string): void {
    if (word === "other_mcc" && ++this.#tries <= triesMax) {
      // What is added to a hold counts in the limits that the hold was counted in.
      this.#countedMcc = detail.padStart(4, "0");
      this.#call(view, bill);
    } else if (word === "other_mcc") {
      this.#giveUp({ outcome: "refused", cause: "the hold changes faster than it can be read" });
    } else if (word === "stale") {
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
