import type { testHelpersIssuingAuthorizationCreateParams } from "../../../../specs/api/test-helpers-issuing-authorizations.ts";
import { currencies } from "../../../../specs/currencies.ts";
import { apiIdentityOf } from "../../../authorizer/api-identity.ts";
import type { AuthorizationRequest, Purpose } from "../../../authorizer/request.ts";
import { type Currency, currenciesByCode } from "../../../kernel/currency.ts";
import { must } from "../../../kernel/assert.ts";
import { type Minor, minor, zero } from "../../../kernel/money.ts";
import type { EntryDetails } from "../../../ledger/entry-details.ts";
import { ApiError } from "../../api-error.ts";
import { currencyParam } from "../../balances/money-params.ts";
import type { Call, Found } from "../../call.ts";
import { type CardBody, openPan } from "../../issuing/cards.ts";
import type { ParamsOf } from "../../params.ts";
import type { FraudRisk } from "./fraud-risk.ts";
import { type NamedMerchant, merchantOf } from "./merchant.ts";

export type AuthorizationParams = Omit<ParamsOf<typeof testHelpersIssuingAuthorizationCreateParams>, "card" | "expand">;

type Method = NonNullable<AuthorizationParams["authorization_method"]>;

const byCode = currenciesByCode(currencies);
const amountMax = 999_999_999_999;

/** DE22 of each method, as visa-style links write it: how the number was read, and whether a PIN can be entered. */
const entryModes: Readonly<Record<Method, string>> = {
  chip: "051",
  contactless: "071",
  keyed_in: "011",
  online: "812",
  swipe: "901",
};
const present: ReadonlySet<Method> = new Set(["chip", "contactless", "swipe"]);
const automatedFuelDispenser = "5542";
/** Wall milliseconds that a decision may take without the program's endpoint, which has its own time. */
const decisionMs = 5_000;

/** The same request that a 0100 would have been (rules: Order of the decision). Throws ApiError. */
export function authorizationRequest<Params>(
  call: Call<Params>,
  card: Found<CardBody>,
  params: AuthorizationParams,
  risk: FraudRisk,
): AuthorizationRequest {
  const { identity, fingerprint, program } = call;
  const { body, place } = card;
  const amounts = amountsOf(params, must(byCode.get(body.currency), "a card has a currency"));
  const merchant = merchantOf(params.merchant_data, body.network);
  const method = params.authorization_method ?? "online";
  const wallNowMs = program.clock.wallNow();
  const named = apiIdentityOf(identity, fingerprint);
  // Written out: an object that begins with others is a slow one to V8. 25 → 2 µs for all of this.
  return {
    stan: named.stan,
    rrn: named.rrn,
    networkChain: named.networkChain,
    localTime: named.localTime,
    localDate: named.localDate,
    acquirer: acquirerOf(params) ?? named.acquirer,
    transactionAmount: amounts.transactionAmount,
    transactionCurrency: amounts.transactionCurrency,
    billingAmount: amounts.billingAmount,
    billingCurrency: amounts.billingCurrency,
    cashbackAmount: amounts.cashbackAmount,
    network: body.network,
    pan: openPan(program, place, body),
    merchant: merchant.text,
    processingCode: amounts.cashbackAmount > zero ? "090000" : "000000",
    wallNowMs,
    businessNowMs: program.clock.businessNow(),
    deadlineMs: wallNowMs + decisionMs,
    purpose: purposeOf(amounts, merchant),
    door: "api",
    conversionRate: null,
    expiry: `${String(body.exp_year % 100).padStart(2, "0")}${String(body.exp_month).padStart(2, "0")}`,
    mcc: merchant.mcc,
    merchantCountry: merchant.country,
    presence: present.has(method) ? "present" : "not_present",
    entryMode: entryModes[method],
    allowsPartial: params.is_amount_controllable ?? false,
    isSuspected: risk.isSuspected,
    details: JSON.stringify(Object.assign(detailsOf(params, method, merchant), risk.details)),
  };
}

type Amounts = Pick<
  AuthorizationRequest,
  "transactionAmount" | "transactionCurrency" | "billingAmount" | "billingCurrency" | "cashbackAmount"
>;

/** DE4 and DE49, and DE6 and DE51 where both currencies are told. */
function amountsOf(params: AuthorizationParams, card: Currency): Amounts {
  const currency = params.currency === undefined ? card : currencyParam(params.currency);
  const merchantCurrency =
    params.merchant_currency === undefined ? currency : currencyParam(params.merchant_currency, "merchant_currency");
  if (params.amount === undefined && params.merchant_amount === undefined) {
    throw new ApiError("parameter_missing", "Missing required param: amount.", "amount");
  }
  const isForeign = merchantCurrency.number !== card.number;
  const isBilled = isForeign && params.amount !== undefined && currency.number === card.number;
  const told =
    params.merchant_amount ??
    (isBilled && currency.number !== merchantCurrency.number ? null : (params.amount ?? null));
  if (told === null) {
    throw new ApiError("parameter_missing", "An amount in another currency needs merchant_amount.", "merchant_amount");
  }
  const cashback = params.amount_details?.cashback_amount ?? 0;
  return {
    transactionAmount: amountOf(told, params.merchant_amount === undefined ? "amount" : "merchant_amount"),
    transactionCurrency: merchantCurrency.number,
    billingAmount: isBilled ? amountOf(params.amount ?? 0, "amount") : null,
    billingCurrency: isBilled ? card.number : null,
    cashbackAmount: amountOf(cashback, "amount_details[cashback_amount]"),
  };
}

/** An authorization of 0 asks whether the card is good. */
function amountOf(amount: number, param: string): Minor {
  if (amount < 0 || amount > amountMax) {
    throw new ApiError("parameter_invalid_integer", `This value must be from 0 to ${amountMax}.`, param);
  }
  return minor(amount);
}

// rules: Holds. One whole unit at a pump unlocks it; nothing asks about the account.
function purposeOf({ transactionAmount, transactionCurrency }: Amounts, { mcc }: NamedMerchant): Purpose {
  if (transactionAmount === zero) return "verification";
  if (mcc !== automatedFuelDispenser) return "purchase";
  const unit = [...byCode.values()].find(({ number }) => number === transactionCurrency);
  const isWhole = unit !== undefined && transactionAmount === 10n ** BigInt(unit.decimals);
  return isWhole ? "fuel" : "purchase";
}

function acquirerOf({ network_data: network }: AuthorizationParams): string | null {
  const id = network?.acquiring_institution_id;
  if (id === undefined) return null;
  if (!/^\d{1,11}$/.test(id)) {
    throw new ApiError(
      "parameter_invalid",
      "An acquiring institution has up to eleven digits.",
      "network_data[acquiring_institution_id]",
    );
  }
  return id;
}

function detailsOf(params: AuthorizationParams, method: Method, merchant: NamedMerchant): EntryDetails {
  return {
    authorization_method: method,
    merchant_data: merchant.details,
    amount_details: params.amount_details,
    fleet: params.fleet,
    fuel: params.fuel,
    network_risk_score: params.risk_assessment?.fraud_risk?.score,
    verification_data: params.verification_data,
    wallet: params.wallet,
  };
}
