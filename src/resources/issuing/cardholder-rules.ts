import { countries } from "../../../specs/countries.ts";
import type { IssuingCountry } from "../../../specs/issuing-countries.ts";
import { countriesByAlpha2 } from "../../kernel/country.ts";
import { ApiError } from "../api-error.ts";
import type { Address, CardholderBody, Individual } from "./cardholders.ts";

const nameCharsMax = 24;
const knownCountries = countriesByAlpha2(countries);
const terms = "individual.card_issuing.user_terms_acceptance";
/** An accepted date lies between the first such terms and a day ahead of whoever has no exact clock. */
const acceptanceAheadS = 86_400;

/** What is printed on cards: letters of any language, and what stands between and beside them in names. */
export function checkName(name: string): string {
  if (Array.from(name).length > nameCharsMax) {
    throw new ApiError("parameter_invalid", `Invalid name: must be at most ${nameCharsMax} characters.`, "name");
  }
  if (!/^[\p{L}\p{M} .,'’&/-]+$/u.test(name) || name.trim() === "") {
    throw new ApiError("parameter_invalid", "Invalid name: must not contain numbers or special characters.", "name");
  }
  return name;
}

/** E.164, spaces and hyphens between its digits left out. */
export function checkPhone(text: string): string {
  const phone = text.replaceAll(/[ ()-]/g, "");
  if (/^\+[1-9]\d{6,14}$/.test(phone)) return phone;
  throw new ApiError("parameter_invalid", "Invalid phone number: must be in E.164 format.", "phone_number");
}

export function checkEmail(email: string): string {
  if (/^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(email) && email.length <= 254) return email;
  throw new ApiError("parameter_invalid", `Invalid email address: ${email}`, "email");
}

export interface AddressParams {
  readonly city: string;
  readonly country: string;
  readonly line1: string;
  readonly line2?: string | undefined;
  readonly postal_code: string;
  readonly state?: string | undefined;
}

/** An address to which something can be sent; `path` names it in errors: billing[address]. */
export function readAddress(params: AddressParams, path: string): Address {
  const country = params.country.toUpperCase();
  if (!knownCountries.has(country)) {
    throw new ApiError("parameter_invalid", `Country '${params.country}' is unknown.`, `${path}[country]`);
  }
  return {
    line1: params.line1,
    line2: params.line2 ?? null,
    city: params.city,
    state: params.state ?? null,
    postal_code: params.postal_code,
    country,
  };
}

/** A birthday that a person of at least 13 years can have. */
export function checkBirthday(dob: NonNullable<Individual["dob"]>, nowS: number): NonNullable<Individual["dob"]> {
  const { day, month, year } = dob;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  const thisYear = 1970 + Math.floor(nowS / 31_556_952);
  if (days === undefined) throw invalidDate("month");
  if (day < 1 || day > days) throw invalidDate("day");
  if (year < 1900 || year > thisYear - 13) throw invalidDate("year");
  return { day, month, year };
}

export function checkAcceptance(date: number, nowS: number): number {
  if (date > 0 && date <= nowS + acceptanceAheadS) return date;
  throw new ApiError(
    "parameter_invalid",
    "Invalid date: the terms were accepted at a moment that has come.",
    "individual[card_issuing][user_terms_acceptance][date]",
  );
}

export function checkIp(ip: string): string {
  if (/^(\d{1,3}\.){3}\d{1,3}$/.test(ip) && ip.split(".").every((part) => Number(part) <= 255)) return ip;
  if (/^[0-9a-fA-F:]{2,39}$/.test(ip) && ip.includes(":")) return ip;
  throw new ApiError(
    "parameter_invalid",
    `Invalid IP address: ${ip}`,
    "individual[card_issuing][user_terms_acceptance][ip]",
  );
}

/** What a new cardholder owes the program at once: an individual of a US program has to accept the issuer's terms. */
export function requirementsAtStart(
  holder: Pick<CardholderBody, "type" | "individual">,
  home: IssuingCountry,
): CardholderBody["requirements"] {
  const due = home.needsUserTerms && holder.type === "individual" ? [`${terms}.date`, `${terms}.ip`] : [];
  return stillDue({ disabled_reason: "requirements.past_due", past_due: due }, holder);
}

/** What remains due once the cardholder says what it says. Nothing is added: other reasons to be disabled stay. */
export function stillDue(
  requirements: CardholderBody["requirements"],
  { individual }: Pick<CardholderBody, "individual">,
): CardholderBody["requirements"] {
  const told: Readonly<Record<string, unknown>> = {
    [`${terms}.date`]: individual?.user_terms_acceptance?.date,
    [`${terms}.ip`]: individual?.user_terms_acceptance?.ip,
    "individual.first_name": individual?.first_name,
    "individual.last_name": individual?.last_name,
    "individual.dob.day": individual?.dob,
    "individual.dob.month": individual?.dob,
    "individual.dob.year": individual?.dob,
    "individual.verification.document": individual?.document?.front,
  };
  const past_due = requirements.past_due.filter((name) => (told[name] ?? null) === null);
  const isPastDue = requirements.disabled_reason === "requirements.past_due";
  return { past_due, disabled_reason: isPastDue && past_due.length === 0 ? null : requirements.disabled_reason };
}

/** Whether a card of this cardholder may be activated; the reason against it, or null. */
export function activationRefusal({ requirements }: Pick<CardholderBody, "requirements">): string | null {
  if (requirements.disabled_reason === null && requirements.past_due.length === 0) return null;
  const due = requirements.past_due.length === 0 ? "" : ` (${requirements.past_due.join(", ")})`;
  return `The cardholder has requirements that are past due${due}, so a card of it cannot be activated.`;
}

function invalidDate(part: "day" | "month" | "year"): ApiError {
  return new ApiError("parameter_invalid", `Invalid date of birth: its ${part} cannot be.`, `individual[dob][${part}]`);
}
