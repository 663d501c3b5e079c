import type { AmountMessage } from "./messages.ts";
import type { Card, SpendingControls } from "./program.ts";
import { endOfExpiryMonth } from "./windows.ts";

/** Why an authorization is refused, in the order of rules.md: the first that applies is the answer. */
export const declineChecks = [
  "account_disabled",
  "card_inactive",
  "card_canceled",
  "card_expired",
  "cardholder_inactive",
  "cardholder_blocked",
  "cardholder_verification_required",
  "category",
  "country",
  "presence",
  "limit",
  "insufficient_funds",
] as const;
export type DeclineCheck = (typeof declineChecks)[number];

/** Why a message that waited for the program's endpoint is refused: it said no, nothing in time, or nothing that counts. */
export type EndpointCheck = "webhook_declined" | "webhook_timeout" | "webhook_error";

/** The first reason to refuse that does not depend on money: everything before limits and funds. */
export function firstStaticHit(card: Card, message: AmountMessage, category: string): DeclineCheck | null {
  const invalid = invalidCard(card, message);
  if (invalid !== null) return invalid;
  const holder = card.cardholder;
  if (holder.status === "inactive") return "cardholder_inactive";
  if (holder.status === "blocked") return "cardholder_blocked";
  if (holder.isVerificationDue) return "cardholder_verification_required";
  const both = [card.controls, holder.controls];
  if (both.some((controls) => refusesCategory(controls, category))) return "category";
  if (both.some((controls) => refusesCountry(controls, message.merchantCountry))) return "country";
  if (both.some((controls) => refusesPresence(controls, message.presence))) return "presence";
  return null;
}

/** What even a refund asks for: an account that is enabled, and a valid card. */
export function invalidCard(card: Card, message: AmountMessage): DeclineCheck | null {
  if (!card.cardholder.account.isEnabled) return "account_disabled";
  if (card.status === "inactive") return "card_inactive";
  if (card.status === "canceled") return "card_canceled";
  return message.businessNowMs >= endOfExpiryMonth(card.expiry) ? "card_expired" : null;
}

function refusesCategory(controls: SpendingControls, category: string): boolean {
  return refuses(controls.allowedCategories, controls.blockedCategories, category);
}

function refusesCountry(controls: SpendingControls, country: number): boolean {
  return refuses(controls.allowedCountries, controls.blockedCountries, country);
}

function refusesPresence(controls: SpendingControls, presence: string): boolean {
  return refuses(controls.allowedPresences, controls.blockedPresences, presence);
}

function refuses<T>(allowed: readonly T[], blocked: readonly T[], value: T): boolean {
  return (allowed.length > 0 && !allowed.includes(value)) || blocked.includes(value);
}
