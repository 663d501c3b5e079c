import { apiVersion } from "../../../specs/api-version.ts";
import type { Place } from "../../kernel/ids.ts";
import { partsOfEntry } from "../../ledger/entry-parts.ts";
import { type EventName, type EventPart } from "../../ledger/event-types.ts";
import type { JournalEntry } from "../../store/entry.ts";
import type { AccountBody } from "../accounts/accounts.ts";
import { renderCapabilityAsOf } from "../accounts/capabilities.ts";
import { renderBalanceAsOf } from "../balances/balance-as-of.ts";
import { entryAt, recordedEvents } from "../recorded-entries.ts";
import { partId, partOf, secondsOf } from "../shown.ts";
import type { View } from "../view.ts";

/** An event as the API tells it. Its payload is the object as of the entry, whenever it is asked for. */
export interface ShownEvent {
  id: string;
  object: "event";
  /** Absent where the platform itself is meant. */
  account?: string;
  api_version: string;
  created: number;
  data: { object: object; previous_attributes?: Record<string, unknown> };
  livemode: boolean;
  pending_webhooks: number;
  request: { id: string | null; idempotency_key: string | null };
  type: EventName;
}

/** An entry of an account, which every event has. */
type EventEntry = Exclude<JournalEntry, { readonly kind: "backfill" }>;

export function renderEvent(view: View, place: Place): ShownEvent | null {
  const { entry: entryPlace, index } = partOf(place);
  if (view.asOf !== null && view.asOf < entryPlace.no) return null;
  const entry = entryAt(view.records, entryPlace);
  if (entry === null || entry.kind === "backfill") return null;
  const part = recordedEvents(view.records, entry)[index];
  return part === undefined ? null : shownEvent(view, entry, part);
}

function shownEvent(view: View, entry: EventEntry, part: EventPart): ShownEvent | null {
  const { shard, no, account } = entry;
  const object = payloadOf(view, entry, part, no);
  if (object === null) return null;
  const owner = { shard, no: account };
  // Who is the platform never changes.
  const ownerBody = view.records.object("account", owner);
  const isPlatform = ownerBody !== null && (JSON.parse(ownerBody.body) as AccountBody).is_platform;
  const before = part.type.endsWith(".updated") ? payloadOf(view, entry, part, no - 1) : null;
  return {
    id: partId(view.ids, "evt", entry, part.index),
    object: "event",
    ...(isPlatform ? {} : { account: view.ids.encode("acct", owner) }),
    api_version: apiVersion,
    created: secondsOf(entry.businessMs),
    data: before === null ? { object } : { object, previous_attributes: changed(before, object) },
    livemode: false,
    pending_webhooks: view.undelivered({ shard, no: no * partsOfEntry + part.index }),
    request: { id: null, idempotency_key: null },
    type: part.type,
  };
}

function payloadOf(view: View, { shard, account }: EventEntry, { subject }: EventPart, asOf: number): object | null {
  if (subject.type === "balance") return renderBalanceAsOf(view, { shard, no: account }, asOf);
  if (subject.type === "capability") {
    return renderCapabilityAsOf(view, { shard, no: account }, { name: subject.name ?? "", asOf });
  }
  return view.renderAsOf({ type: subject.type, place: { shard, no: subject.no } }, asOf);
}

/** What the attributes that differ were before. */
function changed(before: object, after: object): Record<string, unknown> {
  const now = new Map<string, unknown>(Object.entries(after));
  return Object.fromEntries(
    Object.entries(before).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(now.get(name))),
  );
}
