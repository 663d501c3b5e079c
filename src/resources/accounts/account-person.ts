import type { IdCodec, Place } from "../../kernel/ids.ts";
import { type Details, detailsIn, flagIn, numberIn, textIn } from "../details.ts";
import type { ShownAddress } from "../issuing/cardholder-view.ts";

/** Who stands behind an account of an individual, as the API tells it. */
export interface ShownPerson {
  id: string;
  object: "person";
  account: string;
  address: ShownAddress;
  created: number;
  dob: { day: number | null; month: number | null; year: number | null };
  email: string | null;
  first_name: string | null;
  id_number_provided: boolean;
  last_name: string | null;
  metadata: Record<string, string>;
  phone: string | null;
  ssn_last_4_provided: boolean;
  verification: { status: string };
}

export function shownPerson(
  ids: IdCodec,
  account: { readonly place: Place; readonly created: number },
  person: Details,
): ShownPerson {
  const id = ids.encode("acct", account.place);
  const dob = detailsIn(person, "dob");
  return {
    id: id.replace("acct_", "person_"),
    object: "person",
    account: id,
    address: addressIn(person, "address"),
    created: account.created,
    dob: { day: numberIn(dob, "day"), month: numberIn(dob, "month"), year: numberIn(dob, "year") },
    email: textIn(person, "email"),
    first_name: textIn(person, "first_name"),
    id_number_provided: flagIn(person, "id_number_provided"),
    last_name: textIn(person, "last_name"),
    metadata: metadataOf(detailsIn(person, "metadata")),
    phone: textIn(person, "phone"),
    ssn_last_4_provided: flagIn(person, "ssn_last_4_provided"),
    verification: { status: "verified" },
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

function metadataOf(details: Details): Record<string, string> {
  const metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(details)) if (typeof value === "string") metadata[name] = value;
  return metadata;
}
