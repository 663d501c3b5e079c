import type { Place } from "../../kernel/ids.ts";
import type { View } from "../view.ts";
import type { CarrierText, DesignBody, DesignStatus } from "./personalization-designs.ts";

/** A personalization design as the API tells it. */
export interface ShownDesign {
  id: string;
  object: "issuing.personalization_design";
  card_logo: string | null;
  carrier_text: { -readonly [Name in keyof CarrierText]: CarrierText[Name] } | null;
  created: number;
  livemode: boolean;
  lookup_key: string | null;
  metadata: Record<string, string>;
  name: string | null;
  physical_bundle: string;
  preferences: { is_default: boolean; is_platform_default: boolean | null };
  rejection_reasons: { card_logo: string[] | null; carrier_text: string[] | null };
  status: DesignStatus;
}

export function renderDesign(view: View, place: Place): ShownDesign | null {
  const stored = view.object<DesignBody>("personalization_design", place);
  if (stored === null) return null;
  const { body } = stored;
  const { card_logo: logo, carrier_text: text, rejection_reasons: reasons } = body;
  return {
    id: view.ids.encode("ipd", place),
    object: "issuing.personalization_design",
    card_logo: logo === null ? null : view.ids.encode("file", { shard: place.shard, no: logo }),
    carrier_text: text === null ? null : { ...text },
    created: body.created,
    livemode: false,
    lookup_key: body.lookup_key,
    metadata: { ...body.metadata },
    name: body.name,
    physical_bundle: view.ids.encode("ics", { shard: 0, no: body.physical_bundle }),
    preferences: { is_default: body.is_default, is_platform_default: body.is_platform_default },
    rejection_reasons: { card_logo: listed(reasons.card_logo), carrier_text: listed(reasons.carrier_text) },
    status: body.status,
  };
}

function listed(reasons: readonly string[]): string[] | null {
  return reasons.length === 0 ? null : [...reasons];
}
