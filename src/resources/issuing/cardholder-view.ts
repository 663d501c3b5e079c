import { must } from "../../kernel/assert.ts";
import type { IdCodec, Place } from "../../kernel/ids.ts";
import type { View } from "../view.ts";
import type { Address, CardholderBody, Individual, PreferredLocale } from "./cardholders.ts";
import { type ShownControls, shownControls } from "./spending-controls.ts";

export interface ShownAddress {
  city: string | null;
  country: string | null;
  line1: string | null;
  line2: string | null;
  postal_code: string | null;
  state: string | null;
}

export interface ShownIndividual {
  card_issuing: {
    user_terms_acceptance: { date: number | null; ip: string | null; user_agent: string | null } | null;
  } | null;
  dob: { day: number | null; month: number | null; year: number | null } | null;
  first_name: string | null;
  last_name: string | null;
  verification: { document: { back: string | null; front: string | null } | null } | null;
}

/** A cardholder as the API tells it. */
export interface ShownCardholder {
  id: string;
  object: "issuing.cardholder";
  billing: { address: ShownAddress };
  company: { tax_id_provided: boolean } | null;
  created: number;
  email: string | null;
  individual: ShownIndividual | null;
  livemode: boolean;
  metadata: Record<string, string>;
  name: string;
  phone_number: string | null;
  preferred_locales: PreferredLocale[] | null;
  requirements: { disabled_reason: string | null; past_due: string[] };
  spending_controls: ShownControls;
  status: "active" | "blocked" | "inactive";
  type: "company" | "individual";
}

export function renderCardholder(view: View, place: Place): ShownCardholder | null {
  const stored = view.object<CardholderBody>("cardholder", place);
  return stored === null ? null : shownCardholder(view.ids, place, stored.body);
}

/** Of a card, which names its holder and is never without. */
export function embeddedCardholder(view: View, place: Place): ShownCardholder {
  return must(renderCardholder(view, place), "a card has a cardholder");
}

function shownCardholder(ids: IdCodec, place: Place, body: CardholderBody): ShownCardholder {
  return {
    id: ids.encode("ich", place),
    object: "issuing.cardholder",
    billing: { address: shownAddress(body.billing.address) },
    company: body.company === null ? null : { ...body.company },
    created: body.created,
    email: body.email,
    individual: body.individual === null ? null : shownIndividual(ids, place, body.individual),
    livemode: false,
    metadata: { ...body.metadata },
    name: body.name,
    phone_number: body.phone_number,
    preferred_locales: body.preferred_locales === null ? null : [...body.preferred_locales],
    requirements: {
      disabled_reason: body.requirements.disabled_reason,
      past_due: [...body.requirements.past_due],
    },
    spending_controls: shownControls(body.spending_controls, body.spending_limits_currency),
    status: body.status,
    type: body.type,
  };
}

export function shownAddress(address: Address): ShownAddress {
  const { city, country, line1, line2, postal_code, state } = address;
  return { city, country, line1, line2, postal_code, state };
}

function shownIndividual(ids: IdCodec, { shard }: Place, individual: Individual): ShownIndividual {
  const { dob, document, first_name, last_name, user_terms_acceptance: terms } = individual;
  const fileId = (no: number | null): string | null => (no === null ? null : ids.encode("file", { shard, no }));
  return {
    card_issuing: terms === null ? null : { user_terms_acceptance: { ...terms } },
    dob: dob === null ? null : { ...dob },
    first_name,
    last_name,
    verification:
      document === null ? null : { document: { back: fileId(document.back), front: fileId(document.front) } },
  };
}
