import { apiIdentityOf, postingKeyOf } from "../../../authorizer/api-identity.ts";
import type { ClearingRequest } from "../../../authorizer/clearing.ts";
import { currencies } from "../../../../specs/currencies.ts";
import { currenciesByCode } from "../../../kernel/currency.ts";
import { must } from "../../../kernel/assert.ts";
import { type Minor, zero } from "../../../kernel/money.ts";
import type { EntryDetails } from "../../../ledger/entry-details.ts";
import { merchantAmountOf } from "../../../ledger/merchant-amount.ts";
import { ApiError } from "../../api-error.ts";
import type { Call, Found } from "../../call.ts";
import type { CardBody } from "../../issuing/cards.ts";
import { type MerchantParams, merchantOf } from "./merchant.ts";
import type { NamedAuthorization } from "./named-authorization.ts";

const byCode = currenciesByCode(currencies);
/** Twelve digits of DE4. */
const transactionAmountMax = 999_999_999_999n;

interface Posted {
  readonly kind: ClearingRequest["kind"];
  /** In the card's currency. */
  readonly amount: Minor;
  readonly isFinal: boolean;
  readonly details: EntryDetails;
}

/** By what a posting is known: a repeat has the same, and is posted once. */
export type PostingNames = Pick<Call<unknown>, "fingerprint" | "identity">;

/** A posting that names an authorization: its card, its merchant and its hold. */
export function clearingOf(call: PostingNames, named: NamedAuthorization, posted: Posted): ClearingRequest {
  const { first, holdKey, network } = named;
  // What asked for nothing has no rate.
  const rated =
    first.cardAmount === zero
      ? { cardAmount: posted.amount, transactionAmount: posted.amount, transactionCurrency: first.cardCurrency }
      : first;
  const transactionAmount = merchantAmountOf(rated, posted.amount);
  if (transactionAmount > transactionAmountMax) {
    throw new ApiError("parameter_invalid_integer", "This amount is too large in the merchant's currency.");
  }
  return {
    ...namesOf(call),
    ...posted,
    card: {
      shard: first.shard,
      account: first.account,
      chain: first.chain,
      card: first.card,
      cardholder: first.cardholder,
    },
    currency: first.cardCurrency,
    authorization: { no: first.no, holdKey, mcc: first.mcc },
    network,
    acquirer: first.acquirer,
    rrn: first.rrn,
    networkChain: first.networkChain,
    transactionAmount,
    transactionCurrency: rated.transactionCurrency,
    merchant: named.merchant,
    mcc: first.mcc,
    merchantCountry: first.merchantCountry,
    isPresent: first.isPresent,
    authorizationCode: first.authorizationCode,
    details: JSON.stringify(posted.details),
  };
}

/** A posting that nobody has asked for before. */
export function forcedOf(
  call: PostingNames,
  { place, body }: Pick<Found<CardBody>, "body" | "place">,
  posted: Posted & { readonly merchant: MerchantParams | undefined },
): ClearingRequest {
  const { kind, amount, isFinal } = posted;
  const merchant = merchantOf(posted.merchant, body.network);
  const currency = must(byCode.get(body.currency), "a card has a currency").number;
  const names = namesOf(call);
  return {
    ...names,
    kind,
    amount,
    isFinal,
    card: {
      shard: place.shard,
      account: body.account,
      chain: body.chain,
      card: place.no,
      cardholder: body.cardholder,
    },
    currency,
    authorization: null,
    network: body.network,
    acquirer: names.acquirer,
    rrn: names.rrn,
    networkChain: names.networkChain ?? "",
    transactionAmount: amount,
    transactionCurrency: currency,
    merchant: merchant.text,
    mcc: Number(merchant.mcc),
    merchantCountry: merchant.country,
    isPresent: false,
    authorizationCode: 0,
    details: JSON.stringify({ merchant_data: merchant.details, ...posted.details }),
  };
}

function namesOf(call: PostingNames) {
  const { stan, acquirer, rrn, networkChain } = apiIdentityOf(call.identity, call.fingerprint);
  return {
    postingKey: postingKeyOf(call.identity),
    fingerprint: call.fingerprint,
    stan,
    acquirer,
    rrn,
    networkChain,
    door: "api",
    rate: 0,
    cashbackAmount: zero,
    settlementDate: "",
  } as const;
}
