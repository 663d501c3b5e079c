import type { accountCreateParams, accountUpdateParams } from "../../../specs/api/accounts.ts";
import { type Details, mergeDetails, withoutSecrets } from "../details.ts";
import type { ParamsOf } from "../params.ts";
import type { AccountDetails, AccountType } from "./accounts.ts";

export type AccountCreateParams = ParamsOf<typeof accountCreateParams>;
export type AccountUpdateParams = ParamsOf<typeof accountUpdateParams>;

/** Numbers that identify somebody: it is told only that they were given. */
const companySecrets = ["tax_id", "vat_id", "registration_number"];
const personSecrets = ["id_number", "id_number_secondary", "ssn_last_4"];

export const emptyDetails: AccountDetails = {
  type: "custom",
  email: null,
  business_type: null,
  business_profile: {},
  company: {},
  individual: null,
  settings: {},
  tos_acceptance: {},
};

/** What an account says of itself after a request. */
export function detailsAfter(
  before: AccountDetails,
  params: AccountCreateParams | AccountUpdateParams,
): AccountDetails {
  const { business_profile, business_type, company, email, individual, settings, tos_acceptance } = params;
  return {
    ...before,
    email: email ?? before.email,
    business_type: business_type ?? before.business_type,
    business_profile: mergeDetails(before.business_profile, business_profile),
    company: mergeDetails(before.company, company && withoutSecrets(company, companySecrets)),
    individual: individual === undefined ? before.individual : personAfter(before.individual ?? {}, individual),
    settings: mergeDetails(before.settings, settings),
    tos_acceptance: mergeDetails(before.tos_acceptance, tos_acceptance),
  };
}

/** What is known of somebody after a request. */
export function personAfter(before: Details, params: Details): Details {
  return mergeDetails(before, withoutSecrets(params, personSecrets));
}

/** The old name of what a controller says; an account without any is one that the platform controls whole. */
export function typeOf({ controller, type }: AccountCreateParams): AccountType {
  if (type !== undefined) return type;
  switch (controller?.stripe_dashboard?.type) {
    case "express":
      return "express";
    case "full":
      return controller.requirement_collection === "application" ? "none" : "standard";
    case "none":
      return controller.requirement_collection === "application" ? "custom" : "none";
    default:
      return "custom";
  }
}
