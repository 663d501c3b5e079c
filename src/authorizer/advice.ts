import { ArgumentPacker } from "../store/functions.ts";
import { packEntry } from "../store/journal-entry.ts";
import { luaConstants } from "../store/library.ts";
import { amountPart, messagePart } from "./amount-part.ts";
import type { AuthorizerParts } from "./authorizer.ts";
import { billOf, noBill } from "./bill.ts";
import type { CardView } from "./card-view.ts";
import type { AdviceDecision } from "./decision.ts";
import type { Filed } from "./exception.ts";
import { keysOf, originalKeyOf } from "./identity.ts";
import { type StoredOutcome, adviceDecision } from "./replies.ts";
import { type AdviceRequest, purposes } from "./request.ts";
import type { Learnt, ToldCall, ToldMessage } from "./told.ts";

const packer = new ArgumentPacker("advise");

/** A 0120: what the network has answered in our place (rules: Holds, Stand-in advice). */
export class Advice implements ToldMessage<AdviceDecision> {
  readonly request: AdviceRequest;
  readonly messageFunction = "advice";
  readonly luaFunction = "advise";
  readonly originalStan: string;
  readonly #parts: AuthorizerParts;
  readonly #code: number;

  constructor(parts: AuthorizerParts, request: AdviceRequest) {
    this.#parts = parts;
    this.request = request;
    this.originalStan = request.originalStan ?? request.stan;
    this.#code = parts.random.integer(1_000_000);
  }

  get expiry(): string | null {
    return this.request.expiry;
  }

  get mcc(): string {
    return this.request.mcc;
  }

  call(view: CardView, learnt: Learnt): ToldCall {
    const { request } = this;
    const billed = billOf(request, view.currency, this.#parts.tables);
    const bill = billed ?? noBill;
    const keys = keysOf(request, "advice", view.panIndex);
    const original = { function: "authorization", stan: this.originalStan } as const;
    const authorizationKey = originalKeyOf(request, view.panIndex, original);
    const merchant = this.#parts.merchants.lookup(request.merchant, view.shard);
    const entry = packEntry({
      kind: "advice",
      isApproved: request.isApproved,
      authorizationKey,
      ...messagePart(request, { view, keys, merchant }),
      ...amountPart(request, bill, this.#code),
    });
    const packed = packer.pack({
      message_key: keys.messageKey,
      authorization_key: authorizationKey,
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
      chain_id: request.networkChain === null ? luaConstants.CHAIN_NONE : luaConstants.CHAIN_NAMES,
      amount: Number(bill.amount),
      code: this.#code,
      mcc: Number(request.mcc),
      counted_mcc: Number(learnt.mcc),
      rate: bill.rate,
    });
    return { packed, entry, merchant };
  }

  decision(shard: number, isDuplicate: boolean, stored: StoredOutcome): AdviceDecision {
    return adviceDecision(shard, isDuplicate, stored);
  }

  filed(filed: Filed): AdviceDecision {
    return filed;
  }
}
