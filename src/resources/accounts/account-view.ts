import type { Place } from "../../kernel/ids.ts";
import { type Details, flagIn, numberIn, textIn } from "../details.ts";
import type { ShownAddress } from "../issuing/cardholder-view.ts";
import type { View } from "../view.ts";
import { type ShownPerson, addressIn, renderIndividual } from "./person-view.ts";
import type { AccountBody, AccountType, BusinessType } from "./accounts.ts";
import { type ShownSettings, shownSettings } from "./account-settings.ts";
import { type ShownBankAccount, bankAccountsOf } from "./external-account-view.ts";

/** An account as the API tells it. */
export interface ShownAccount {
  id: string;
  object: "account";
  business_profile: ShownProfile;
  business_type: BusinessType | null;
  capabilities: Record<string, "active" | "inactive">;
  charges_enabled: boolean;
  company: ShownCompany;
  controller: ShownController;
  country: string;
  created: number;
  default_currency: string;
  details_submitted: boolean;
  email: string | null;
  external_accounts: { object: "list"; data: ShownBankAccount[]; has_more: boolean; url: string };
  future_requirements: ShownRequirements;
  individual?: ShownPerson;
  metadata: Record<string, string>;
  payouts_enabled: boolean;
  requirements: ShownRequirements;
  settings: ShownSettings;
  tos_acceptance: { date: number | null; ip: string | null; user_agent: string | null; service_agreement?: string };
  type: AccountType;
}

interface ShownProfile {
  estimated_worker_count: number | null;
  mcc: string | null;
  minority_owned_business_designation: null;
  name: string | null;
  product_description: string | null;
  specified_commercial_transactions_act_url: string | null;
  support_address: ShownAddress | null;
  support_email: string | null;
  support_phone: string | null;
  support_url: string | null;
  url: string | null;
}

interface ShownCompany {
  address: ShownAddress;
  directors_provided: boolean;
  executives_provided: boolean;
  name: string | null;
  owners_provided: boolean;
  phone: string | null;
  tax_id_provided: boolean;
  vat_id_provided: boolean;
  verification: { document: { back: null; details: null; details_code: null; front: null } };
}

interface ShownController {
  fees: { payer: "account" | "application" };
  is_controller: boolean;
  losses: { payments: "application" | "stripe" };
  requirement_collection: "application" | "stripe";
  stripe_dashboard: { type: "express" | "full" | "none" };
  type: "application";
}

export interface ShownRequirements {
  alternatives: never[];
  current_deadline: null;
  currently_due: string[];
  disabled_reason: string | null;
  errors: never[];
  eventually_due: string[];
  past_due: string[];
  pending_verification: string[];
}

export function renderAccount(view: View, place: Place): ShownAccount | null {
  const stored = view.object<AccountBody>("account", place);
  if (stored === null) return null;
  const { body } = stored;
  const { details } = body;
  const isOpen = body.disabled_reason === null;
  const individual = renderIndividual(view, place);
  const id = view.ids.encode("acct", place);
  return {
    id,
    object: "account",
    business_profile: shownProfile(body),
    business_type: details.business_type,
    capabilities: Object.fromEntries(body.capabilities.map((name) => [name, isOpen ? "active" : "inactive"])),
    charges_enabled: isOpen,
    company: shownCompany(body),
    controller: controllerOf(details.type),
    country: body.country,
    created: body.created,
    default_currency: body.default_currency,
    details_submitted: true,
    email: details.email,
    external_accounts: {
      object: "list",
      data: bankAccountsOf(view, place),
      has_more: false,
      url: `/v1/accounts/${id}/external_accounts`,
    },
    future_requirements: requirementsOf(null),
    ...(individual === null ? {} : { individual }),
    metadata: { ...body.metadata },
    payouts_enabled: isOpen,
    requirements: requirementsOf(body.disabled_reason),
    settings: shownSettings(details.settings, body),
    tos_acceptance: shownAcceptance(details.tos_acceptance),
    type: details.type,
  };
}

/** Nothing is ever due: what an account is asked for, it has in this offline program. */
export function requirementsOf(disabledReason: string | null): ShownRequirements {
  return {
    alternatives: [],
    current_deadline: null,
    currently_due: [],
    disabled_reason: disabledReason,
    errors: [],
    eventually_due: [],
    past_due: [],
    pending_verification: [],
  };
}

function shownProfile({ business_name, details: { business_profile: profile } }: AccountBody): ShownProfile {
  return {
    estimated_worker_count: numberIn(profile, "estimated_worker_count"),
    mcc: textIn(profile, "mcc"),
    minority_owned_business_designation: null,
    name: textIn(profile, "name") ?? (business_name === "" ? null : business_name),
    product_description: textIn(profile, "product_description"),
    specified_commercial_transactions_act_url: textIn(profile, "specified_commercial_transactions_act_url"),
    support_address: profile["support_address"] === undefined ? null : addressIn(profile, "support_address"),
    support_email: textIn(profile, "support_email"),
    support_phone: textIn(profile, "support_phone"),
    support_url: textIn(profile, "support_url"),
    url: textIn(profile, "url"),
  };
}

function shownCompany({ business_name, country, details: { company } }: AccountBody): ShownCompany {
  const address = addressIn(company, "address");
  return {
    address: { ...address, country: address.country ?? country },
    directors_provided: flagIn(company, "directors_provided"),
    executives_provided: flagIn(company, "executives_provided"),
    name: textIn(company, "name") ?? (business_name === "" ? null : business_name),
    owners_provided: flagIn(company, "owners_provided"),
    phone: textIn(company, "phone"),
    tax_id_provided: flagIn(company, "tax_id_provided"),
    vat_id_provided: flagIn(company, "vat_id_provided"),
    verification: { document: { back: null, details: null, details_code: null, front: null } },
  };
}

function controllerOf(type: AccountType): ShownController {
  const isOurs = type === "custom" || type === "express";
  return {
    fees: { payer: isOurs ? "application" : "account" },
    is_controller: true,
    losses: { payments: isOurs ? "application" : "stripe" },
    requirement_collection: type === "custom" || type === "none" ? "application" : "stripe",
    stripe_dashboard: { type: type === "express" ? "express" : type === "standard" ? "full" : "none" },
    type: "application",
  };
}

function shownAcceptance(terms: Details): ShownAccount["tos_acceptance"] {
  const agreement = textIn(terms, "service_agreement");
  return {
    date: numberIn(terms, "date"),
    ip: textIn(terms, "ip"),
    user_agent: textIn(terms, "user_agent"),
    ...(agreement === null ? {} : { service_agreement: agreement }),
  };
}
