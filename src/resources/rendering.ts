import type { IdCodec, Place } from "../kernel/ids.ts";
import { partsOfEntry } from "../ledger/entry-parts.ts";
import { isRecorded } from "../records/place.ts";
import type { RecordsQueries } from "../records/queries.ts";
import { storedObject } from "./stored-object.ts";
import type { CardSecrets, ObjectRef, RenderedType, Renderer, View } from "./view.ts";

export interface RenderParts {
  readonly renderers: Readonly<Partial<Record<RenderedType, Renderer>>>;
  readonly records: RecordsQueries;
  readonly ids: IdCodec;
  readonly cardSecrets: CardSecrets;
  readonly undelivered: View["undelivered"];
  readonly origin?: View["origin"];
}

/** A moment of one shard: its entries up to `no` count. What lives in other shards is told as it stands. */
export interface Moment {
  readonly shard: number;
  readonly no: number;
}

/** Which paths a caller wants of the object itself; asking is noted, so that what nobody asks for can be refused. */
export type Wanted = (path: string) => boolean;

const nothingWanted: Wanted = () => false;

/** The object as the API tells it, as of a moment or (null) as it stands; null where it is not there. */
export function renderObject(
  parts: RenderParts,
  ref: ObjectRef,
  moment: Moment | null,
  wanted: Wanted = nothingWanted,
): object | null {
  const renderer = parts.renderers[ref.type];
  if (renderer === undefined) return null;
  const asOf = moment !== null && moment.shard === ref.place.shard ? moment.no : null;
  const view: View = {
    records: parts.records,
    ids: parts.ids,
    asOf,
    object: <Body>(type: RenderedType, place: Place) => parsedObject<Body>(parts.records, type, { place, asOf }),
    cardSecrets: parts.cardSecrets,
    balanceTransaction: (type, made) => balanceTransactionOf(parts, type, made),
    undelivered: parts.undelivered,
    origin: parts.origin ?? null,
    render: (embedded) => renderObject(parts, embedded, moment),
    renderAsOf: (told, no) => renderObject(parts, told, { shard: told.place.shard, no }),
    expands: wanted,
  };
  return renderer(view, ref.place);
}

function parsedObject<Body>(
  records: RecordsQueries,
  type: RenderedType,
  when: { readonly place: Place; readonly asOf: number | null },
): { readonly version: number; readonly body: Body } | null {
  if (!isRecorded(type)) return null;
  const stored = storedObject(records, type, when);
  // The room that asks has written the body.
  return stored === null ? null : { version: stored.version, body: JSON.parse(stored.body) as Body };
}

function balanceTransactionOf({ records, ids }: RenderParts, type: RenderedType, place: Place): string | null {
  const no = isRecorded(type) ? records.history.firstEntryOf(type, place) : null;
  return no === null ? null : ids.encode("txn", { shard: place.shard, no: no * partsOfEntry });
}
