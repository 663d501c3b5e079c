import type { IdCodec, Place } from "../../kernel/ids.ts";
import { type Details, detailsIn, flagIn, numberIn, textIn } from "../details.ts";
import type { ShownAddress } from "../issuing/cardholder-view.ts";
import type { Metadata } from "../metadata.ts";
import type { View } from "../view.ts";
import type { AccountBody } from "./accounts.ts";

/** Somebody behind an account: an owner, a director, who acts for it. */
export interface PersonBody {
  readonly object: "person";
  readonly account: number;
  /** What was told of them; of numbers that identify them only that they were. */
  readonly details: Details;
  readonly metadata: Metadata;
  readonly deleted: boolean;
  readonly created: number;
  readonly events: readonly string[];
}

/** A person as the API tells it. Nobody is asked for anything, and everybody counts as verified. */
export interface ShownPerson {
  id: string;
  object: "person";
  account: string;
  additional_tos_acceptances: {
    account: { date: number | null; ip: string | null; user_agent: string | null } | null;
  };
  address: ShownAddress;
  created: number;
  dob: { day: number | null; month: number | null; year: number | null };
  email: string | null;
  first_name: string | null;
  full_name_aliases: string[];
  future_requirements: PersonRequirements;
  gender: string | null;
  id_number_provided: boolean;
  id_number_secondary_provided: boolean;
  last_name: string | null;
  maiden_name: string | null;
  metadata: Record<string, string>;
  nationality: string | null;
  phone: string | null;
  political_exposure: "existing" | "none";
  registered_address: ShownAddress;
  relationship: ShownRelationship;
  requirements: PersonRequirements;
  ssn_last_4_provided: boolean;
  verification: {
    additional_document: ShownDocument;
    details: null;
    details_code: null;
    document: ShownDocument;
    status: "verified";
  };
}

interface ShownRelationship {
  authorizer: boolean;
  director: boolean;
  executive: boolean;
  legal_guardian: boolean;
  owner: boolean;
  percent_ownership: number | null;
  representative: boolean;
  title: string | null;
}

interface ShownDocument {
  back: string | null;
  details: null;
  details_code: null;
  front: string | null;
}

interface PersonRequirements {
  alternatives: never[];
  currently_due: never[];
  errors: never[];
  eventually_due: never[];
  past_due: never[];
  pending_verification: never[];
}

/** The individual whose account it is has the account's number, above those of all persons. */
const individuals = 2 ** 39;

export function individualOf({ shard, no }: Place): Place {
  return { shard, no: individuals + no };
}

export function isIndividual({ no }: Place): boolean {
  return no > individuals;
}

export function renderPerson(view: View, place: Place): ShownPerson | null {
  if (isIndividual(place)) return renderIndividual(view, { shard: place.shard, no: place.no - individuals });
  const stored = view.object<PersonBody>("person", place);
  if (stored === null) return null;
  const { account, created, details, metadata } = stored.body;
  return shownPerson(view.ids, { place, account: { shard: place.shard, no: account }, created }, details, metadata);
}

/** Who stands behind an account of an individual; null where nobody was named. */
export function renderIndividual(view: View, account: Place): ShownPerson | null {
  const stored = view.object<AccountBody>("account", account);
  const individual = stored?.body.details.individual ?? null;
  if (stored === null || individual === null) return null;
  const { created } = stored.body;
  const metadata = metadataOf(detailsIn(individual, "metadata"));
  return shownPerson(view.ids, { place: individualOf(account), account, created }, individual, metadata);
}

function shownPerson(
  ids: IdCodec,
  { account, created, place }: { readonly place: Place; readonly account: Place; readonly created: number },
  person: Details,
  metadata: Metadata,
): ShownPerson {
  const dob = detailsIn(person, "dob");
  const verification = detailsIn(person, "verification");
  return {
    id: ids.encode("person", place),
    object: "person",
    account: ids.encode("acct", account),
    additional_tos_acceptances: { account: acceptanceIn(detailsIn(person, "additional_tos_acceptances")) },
    address: addressIn(person, "address"),
    created,
    dob: { day: numberIn(dob, "day"), month: numberIn(dob, "month"), year: numberIn(dob, "year") },
    email: textIn(person, "email"),
    first_name: textIn(person, "first_name"),
    full_name_aliases: textsIn(person, "full_name_aliases"),
    future_requirements: nothingDue(),
    gender: textIn(person, "gender"),
    id_number_provided: flagIn(person, "id_number_provided"),
    id_number_secondary_provided: flagIn(person, "id_number_secondary_provided"),
    last_name: textIn(person, "last_name"),
    maiden_name: textIn(person, "maiden_name"),
    metadata: { ...metadata },
    nationality: textIn(person, "nationality"),
    phone: textIn(person, "phone"),
    political_exposure: textIn(person, "political_exposure") === "existing" ? "existing" : "none",
    registered_address: addressIn(person, "registered_address"),
    relationship: relationshipIn(detailsIn(person, "relationship")),
    requirements: nothingDue(),
    ssn_last_4_provided: flagIn(person, "ssn_last_4_provided"),
    verification: {
      additional_document: documentIn(detailsIn(verification, "additional_document")),
      details: null,
      details_code: null,
      document: documentIn(detailsIn(verification, "document")),
      status: "verified",
    },
  };
}

export function addressIn(details: Details, name: string): ShownAddress {
  const address = detailsIn(details, name);
  return {
    city: textIn(address, "city"),
    country: textIn(address, "country"),
    line1: textIn(address, "line1"),
    line2: textIn(address, "line2"),
    postal_code: textIn(address, "postal_code"),
    state: textIn(address, "state"),
  };
}

function acceptanceIn(acceptances: Details): ShownPerson["additional_tos_acceptances"]["account"] {
  if (acceptances["account"] === undefined) return null;
  const terms = detailsIn(acceptances, "account");
  return { date: numberIn(terms, "date"), ip: textIn(terms, "ip"), user_agent: textIn(terms, "user_agent") };
}

function relationshipIn(relationship: Details): ShownRelationship {
  return {
    authorizer: flagIn(relationship, "authorizer"),
    director: flagIn(relationship, "director"),
    executive: flagIn(relationship, "executive"),
    legal_guardian: flagIn(relationship, "legal_guardian"),
    owner: flagIn(relationship, "owner"),
    percent_ownership: numberIn(relationship, "percent_ownership"),
    representative: flagIn(relationship, "representative"),
    title: textIn(relationship, "title"),
  };
}

function documentIn(document: Details): ShownDocument {
  return { back: textIn(document, "back"), details: null, details_code: null, front: textIn(document, "front") };
}

function nothingDue(): PersonRequirements {
  return {
    alternatives: [],
    currently_due: [],
    errors: [],
    eventually_due: [],
    past_due: [],
    pending_verification: [],
  };
}

function textsIn(details: Details, name: string): string[] {
  const value = details[name];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
}

function metadataOf(details: Details): Metadata {
  const metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(details)) if (typeof value === "string") metadata[name] = value;
  return metadata;
}
