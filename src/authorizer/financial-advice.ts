import { must } from "../kernel/assert.ts";
import { ArgumentPacker } from "../store/functions.ts";
import { packEntry } from "../store/journal-entry.ts";
import { luaConstants } from "../store/library.ts";
import { amountPart, messagePart } from "./amount-part.ts";
import type { AuthorizerParts } from "./authorizer.ts";
import { billOf, noBill } from "./bill.ts";
import type { CardView } from "./card-view.ts";
import type { FinancialDecision } from "./decision.ts";
import type { Filed } from "./exception.ts";
import { keysOf, originalFunctions, originalKeyOf } from "./identity.ts";
import { type StoredOutcome, financialDecision } from "./replies.ts";
import { type FinancialRequest, messageFunctions, purposes } from "./request.ts";
import type { Learnt, ToldCall, ToldMessage } from "./told.ts";

const packer = new ArgumentPacker("post_advice");

/** A 0220: a posting that the network tells us of (rules: Holds, 0200/0220). */
export class FinancialAdvice implements ToldMessage<FinancialDecision> {
  readonly request: FinancialRequest;
  readonly messageFunction = "financial_advice";
  readonly luaFunction = "post_advice";
  readonly originalStan: string;
  readonly #parts: AuthorizerParts;
  readonly #code: number;

  constructor(parts: AuthorizerParts, request: FinancialRequest) {
    this.#parts = parts;
    this.request = request;
    this.originalStan = request.original?.stan ?? request.stan;
    this.#code = parts.random.integer(1_000_000);
  }

  get expiry(): string | null {
    return this.request.expiry;
  }

  get mcc(): string {
    return this.request.mcc;
  }

  call(view: CardView, learnt: Learnt): ToldCall {
    const { request, originalStan: stan } = this;
    const billed = billOf(request, view.currency, this.#parts.tables);
    const bill = billed ?? noBill;
    const keys = keysOf(request, "financial_advice", view.panIndex);
    const functions = originalFunctions(request.original?.function, "financial_advice");
    const originalKeys = functions.map((function_) =>
      originalKeyOf(request, view.panIndex, { function: function_, stan }),
    );
    const firstKey = must(originalKeys[0], "an original is looked for somewhere");
    const firstFunction = must(functions[0], "an original is looked for somewhere");
    const merchant = this.#parts.merchants.lookup(request.merchant, view.shard);
    const entry = packEntry({
      kind: "financial",
      isAdvice: true,
      isApproved: request.isApproved,
      originalKeys,
      settlementDate: request.settlementDate,
      ...messagePart(request, { view, keys, merchant }),
      ...amountPart(request, bill, this.#code),
    });
    const packed = packer.pack({
      message_key: keys.messageKey,
      first_key: firstKey,
      second_key: originalKeys[1] ?? firstKey,
      chain_key: keys.chainKey,
      fingerprint: keys.fingerprint,
      wall_now: request.wallNowMs,
      business_now: request.businessNowMs,
      account_version: view.accountVersion,
      holder_version: view.holderVersion,
      chain_version: view.chainVersion,
      // What the network has declined needs no rate: there is nothing to bill.
      is_approved: billed === null && request.isApproved ? luaConstants.NOBODY_CAN_BILL : Number(request.isApproved),
      purpose: purposes[request.purpose],
      first_function: messageFunctions[firstFunction],
      chain_id: request.networkChain === null ? luaConstants.CHAIN_NONE : luaConstants.CHAIN_NAMES,
      amount: Number(bill.amount),
      code: this.#code,
      mcc: Number(request.mcc),
      counted_mcc: Number(learnt.mcc),
      rate: bill.rate,
    });
    return { packed, entry, merchant };
  }

  decision(shard: number, isDuplicate: boolean, stored: StoredOutcome): FinancialDecision {
    // An advice asks for no balance.
    return financialDecision(shard, isDuplicate, stored, null);
  }

  filed(filed: Filed): FinancialDecision {
    return filed;
  }
}
