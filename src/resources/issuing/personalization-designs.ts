import type { Place } from "../../kernel/ids.ts";
import type { RecordsQueries } from "../../records/queries.ts";
import type { Metadata } from "../metadata.ts";

export type DesignStatus = "active" | "inactive" | "rejected" | "review";
export type DesignEvent = "activate" | "deactivate" | "reject" | "edit";

/** What becomes of a design. What is printed on a card is reviewed anew after every change of it. */
export const designTransitions = {
  review: { activate: "active", deactivate: "inactive", reject: "rejected", edit: "review" },
  active: { deactivate: "inactive", reject: "rejected", edit: "review" },
  inactive: { activate: "active", edit: "review" },
  rejected: { activate: "active", edit: "review" },
} as const satisfies Readonly<Record<DesignStatus, Readonly<Partial<Record<DesignEvent, DesignStatus>>>>>;

/** The status after an event; null: that cannot happen to the design now. */
export function afterDesignEvent(status: DesignStatus, event: DesignEvent): DesignStatus | null {
  const next: Readonly<Partial<Record<DesignEvent, DesignStatus>>> = designTransitions[status];
  return next[event] ?? null;
}

export type DesignEventName =
  | "issuing_personalization_design.activated"
  | "issuing_personalization_design.deactivated"
  | "issuing_personalization_design.rejected"
  | "issuing_personalization_design.updated";

export interface CarrierText {
  readonly footer_body: string | null;
  readonly footer_title: string | null;
  readonly header_body: string | null;
  readonly header_title: string | null;
}

/** How the physical cards of an account look. */
export interface DesignBody {
  readonly object: "issuing.personalization_design";
  readonly account: number;
  readonly name: string | null;
  readonly lookup_key: string | null;
  /** Number of a bundle in specs/physical-bundles. */
  readonly physical_bundle: number;
  /** Number of a file of the account. */
  readonly card_logo: number | null;
  readonly carrier_text: CarrierText | null;
  readonly is_default: boolean;
  /** Whose default it is where a connected account has none; null: it belongs to a connected account. */
  readonly is_platform_default: boolean | null;
  readonly status: DesignStatus;
  readonly rejection_reasons: { readonly card_logo: readonly string[]; readonly carrier_text: readonly string[] };
  /** What is told of this version of it. */
  readonly events: readonly DesignEventName[];
  readonly metadata: Metadata;
  readonly created: number;
}

const designsMax = 1_000;

/** The designs of an account, newest first. */
export function designsOf(
  records: RecordsQueries,
  account: Place,
): { readonly no: number; readonly body: DesignBody }[] {
  const rows = records.objectsOfAccount("personalization_design", account, { before: null, rowsMax: designsMax });
  // The bodies were written by this room.
  return rows.map(({ place, body }) => ({ no: place.no, body: JSON.parse(body) as DesignBody }));
}
