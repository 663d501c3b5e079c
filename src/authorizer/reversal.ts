import { assert, must } from "../kernel/assert.ts";
import { type Minor, minor, zero } from "../kernel/money.ts";
import { ArgumentPacker } from "../store/functions.ts";
import { packEntry } from "../store/journal-entry.ts";
import { luaConstants } from "../store/library.ts";
import { messagePart } from "./amount-part.ts";
import type { AuthorizerParts } from "./authorizer.ts";
import type { CardView } from "./card-view.ts";
import type { ReversalDecision } from "./decision.ts";
import type { Filed } from "./exception.ts";
import { keysOf, originalFunctions, originalKeyOf } from "./identity.ts";
import { type StoredOutcome, reversalDecision } from "./replies.ts";
import type { ReversalRequest } from "./request.ts";
import type { Learnt, ToldCall, ToldMessage } from "./told.ts";

const packer = new ArgumentPacker("reverse");
/** Twelve digits are what an amount has on the wire. */
const moreThanAnyHold = minor(1_000_000_000_000n);

/** A 0400 or 0420: what remains of a hold or of a posting goes back, or is lowered (rules: Holds, Reversal). */
export class Reversal implements ToldMessage<ReversalDecision> {
  readonly request: ReversalRequest;
  readonly messageFunction: "reversal" | "reversal_advice";
  readonly luaFunction = "reverse";
  /** A reversal says nothing of the card's expiry: the newest active card of the PAN is meant, they share their chain. */
  readonly expiry = null;
  readonly originalStan: string;
  readonly #parts: AuthorizerParts;

  constructor(parts: AuthorizerParts, request: ReversalRequest) {
    this.#parts = parts;
    this.request = request;
    this.messageFunction = request.isAdvice ? "reversal_advice" : "reversal";
    this.originalStan = request.original?.stan ?? request.stan;
  }

  get mcc(): string | null {
    return this.request.mcc;
  }

  call(view: CardView, learnt: Learnt): ToldCall {
    const { request, originalStan: stan } = this;
    const keys = keysOf(request, this.messageFunction, view.panIndex);
    const functions = originalFunctions(request.original?.function, "any");
    const undoKeys = functions.map((function_) => originalKeyOf(request, view.panIndex, { function: function_, stan }));
    const undoKey = must(undoKeys[0], "an original is looked for somewhere");
    const merchant = this.#parts.merchants.lookup(request.merchant, view.shard);
    const replacement = this.#replacementIn(view.currency, learnt.rate);
    const entry = packEntry({
      kind: "reversal",
      isAdvice: request.isAdvice,
      undoKeys,
      replacement: replacement === "in_other_currency" ? null : replacement,
      ...messagePart(request, { view, keys, merchant }),
    });
    const packed = packer.pack({
      message_key: keys.messageKey,
      undo_key: undoKey,
      second_key: undoKeys[1] ?? undoKey,
      third_key: undoKeys[2] ?? undoKey,
      names_authorization: functions.length === 1 && functions[0] === "authorization" ? 1 : 0,
      fingerprint: keys.fingerprint,
      wall_now: request.wallNowMs,
      business_now: request.businessNowMs,
      account_version: view.accountVersion,
      holder_version: view.holderVersion,
      chain_version: view.chainVersion,
      counted_mcc: Number(learnt.mcc),
      in_currency: currencyOf(replacement),
      replacement: replacement === null || replacement === "in_other_currency" ? 0 : Number(replacement),
    });
    return { packed, entry, merchant };
  }

  decision(shard: number, isDuplicate: boolean, stored: StoredOutcome): ReversalDecision {
    return reversalDecision(shard, isDuplicate, stored);
  }

  filed(filed: Filed): ReversalDecision {
    assert(filed.outcome !== "unsupported_currency", "a reversal is not billed");
    return filed;
  }

  // A billing part in a currency that is not the card's says nothing of the card; the transaction's own part does.
  #toldReplacement(cardCurrency: number): { readonly amount: Minor | null; readonly currency: number } {
    const { replacementAmount, replacementCurrency, transactionReplacement, transactionCurrency } = this.request;
    const currency = replacementCurrency ?? cardCurrency;
    const isOther =
      currency !== cardCurrency && transactionReplacement !== null && transactionReplacement !== undefined;
    return isOther
      ? { amount: transactionReplacement, currency: transactionCurrency }
      : { amount: replacementAmount, currency };
  }

  // rules: Holds, Reversal. An amount in another currency is converted as its original was, whose rate the function
  // tells; where that cannot be done it counts as more than remains, so that nothing moves and a person looks at it.
  #replacementIn(cardCurrency: number, rate: number | null): Minor | "in_other_currency" | null {
    const { businessNowMs } = this.request;
    const { amount, currency } = this.#toldReplacement(cardCurrency);
    if (amount === null || amount === zero || currency === cardCurrency) return amount;
    if (rate === null) return "in_other_currency";
    const { tables } = this.#parts;
    const converted =
      rate === 0
        ? tables.convert(amount, currency, cardCurrency, businessNowMs)?.amount
        : tables.convertAt(amount, rate, { from: currency, to: cardCurrency });
    return converted === null || converted === undefined || converted > moreThanAnyHold ? moreThanAnyHold : converted;
  }
}

function currencyOf(replacement: Minor | "in_other_currency" | null): number {
  if (replacement === null || replacement === zero) return luaConstants.REVERSED_IN_FULL;
  return replacement === "in_other_currency" ? luaConstants.IN_OTHER_CURRENCY : luaConstants.IN_CARD_CURRENCY;
}
