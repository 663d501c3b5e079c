import type { EntryDetails } from "../../../ledger/entry-details.ts";
import type { AccountBody } from "../../accounts/accounts.ts";
import type { Call, Found } from "../../call.ts";
import type { CardholderBody } from "../../issuing/cardholders.ts";
import type { CardBody } from "../../issuing/cards.ts";
import { challengeMinutes, isVerifiedAt } from "../../issuing/fraud-challenges.ts";
import { readObject } from "../../program.ts";
import type { AuthorizationParams } from "./authorization-request.ts";
import { merchantOf } from "./merchant.ts";

/** What a test helper's assessment means for its request. */
export interface FraudRisk {
  /** The check for fraud declines it. */
  readonly isSuspected: boolean;
  readonly details: Pick<EntryDetails, "fraud_challenges" | "verified_by_fraud_challenge">;
  /** For how long who is asked may answer; null: nobody is asked. */
  readonly minutes: number | null;
}

const none: FraudRisk = { isSuspected: false, details: {}, minutes: null };

/**
 * The highest risk of fraud is declined, unless the cardholder has said yes to the same merchant. Where the account has
 * fraud challenges on, who is declined is asked at once. Throws ApiError.
 */
export async function fraudRiskOf<Params>(
  call: Call<Params>,
  card: Found<CardBody>,
  { merchant_data, risk_assessment }: Pick<AuthorizationParams, "merchant_data" | "risk_assessment">,
): Promise<FraudRisk> {
  if (risk_assessment?.fraud_risk?.level !== "highest") return none;
  const { account, program, records } = call;
  const { body } = await readObject<AccountBody>(program, "account", account.place);
  if (body.fraud_challenges !== true) return { isSuspected: true, details: {}, minutes: null };
  const merchantId = merchantOf(merchant_data, card.body.network).text.id.trim();
  if (isVerifiedAt(records, { card: card.place, merchantId, businessNowMs: program.clock.businessNow() })) {
    return { isSuspected: false, details: { verified_by_fraud_challenge: true }, minutes: null };
  }
  const holder = { shard: card.place.shard, no: card.body.cardholder };
  const { body: cardholder } = await readObject<CardholderBody>(program, "cardholder", holder);
  const challenge =
    cardholder.phone_number === null
      ? ({ channel: "sms", status: "undeliverable", undeliverable_reason: "no_phone_number" } as const)
      : ({ channel: "sms", status: "pending", undeliverable_reason: null } as const);
  return {
    isSuspected: true,
    details: { fraud_challenges: [challenge], verified_by_fraud_challenge: false },
    minutes: challenge.status === "pending" ? (body.fraud_challenge_minutes ?? challengeMinutes) : null,
  };
}
