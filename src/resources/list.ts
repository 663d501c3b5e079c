import type { IdPrefix, Place } from "../kernel/ids.ts";
import { partsOfEntry } from "../ledger/entry-parts.ts";
import { isRecorded } from "../records/place.ts";
import { ApiError } from "./api-error.ts";
import type { Call } from "./call.ts";
import { typeOfPrefix } from "./expand.ts";
import { ownEntry } from "./own-entry.ts";
import type { Answer } from "./route.ts";
import type { ObjectRef } from "./view.ts";

/** What every list understands. */
export interface ListParams {
  readonly limit?: number | undefined;
  readonly starting_after?: string | undefined;
  readonly ending_before?: string | undefined;
  readonly created?: number | CreatedRange | undefined;
}

/** Business seconds. */
export interface CreatedRange {
  readonly gt?: number | undefined;
  readonly gte?: number | undefined;
  readonly lt?: number | undefined;
  readonly lte?: number | undefined;
}

/** Which rows of the acting account are wanted. */
export interface ListRange {
  /** Numbers below this one; null: from the newest. */
  readonly before: number | null;
  /** Numbers above this one; null: down to the oldest. */
  readonly after: number | null;
  /** Business seconds: from ≤ created < until. */
  readonly created: { readonly fromS: number; readonly untilS: number };
  readonly order: "newest_first" | "oldest_first";
  readonly rowsMax: number;
}

export interface ListSource<Row> {
  /** Path of the list: /v1/issuing/cards. */
  readonly url: string;
  /** Of the ids in the list, which are its cursors. */
  readonly prefix: IdPrefix;
  readonly params: ListParams;
  readonly rows: (range: ListRange) => readonly Row[];
  readonly refOf: (row: Row) => ObjectRef;
  /** A filter that the records do not know; default: every row. */
  readonly matches?: (row: Row) => boolean;
}

const limitDefault = 10;
const createdMaxS = 2 ** 40;
/** Rows that a filter may look at for one page. */
const scannedRowsMax = 100_000;
const chunkRows = 500;

/** A page of a list, newest first whichever way it is turned. Throws `resource_missing` where a cursor is no id of it. */
export function listAnswer<Row, Params>(call: Call<Params>, source: ListSource<Row>): Answer {
  const { params, url } = source;
  if (params.starting_after !== undefined && params.ending_before !== undefined) {
    throw new ApiError(
      "parameters_exclusive",
      "You may only specify one of these parameters: ending_before, starting_after.",
    );
  }
  const limit = params.limit ?? limitDefault;
  const isBackwards = params.ending_before !== undefined;
  const range = {
    before: cursorOf(call, source, "starting_after"),
    after: cursorOf(call, source, "ending_before"),
    created: createdOf(params.created),
    order: isBackwards ? "oldest_first" : "newest_first",
  } as const;
  const found = scan(source, range, limit + 1);
  const page = found.slice(0, limit);
  const refs = (isBackwards ? page.toReversed() : page).map((row) => source.refOf(row));
  return { kind: "list", url, refs, hasMore: found.length > limit };
}

/** The first rows of a range that the filter lets through. */
function scan<Row>(source: ListSource<Row>, range: Omit<ListRange, "rowsMax">, wanted: number): Row[] {
  const { matches, refOf, rows } = source;
  if (matches === undefined) return [...rows({ ...range, rowsMax: wanted })];
  const found: Row[] = [];
  let { before, after } = range;
  for (let scanned = 0; scanned < scannedRowsMax && found.length < wanted; scanned += chunkRows) {
    const chunk = rows({ ...range, before, after, rowsMax: chunkRows });
    for (const row of chunk) if (found.length < wanted && matches(row)) found.push(row);
    const last = chunk.at(-1);
    if (last === undefined || chunk.length < chunkRows) break;
    if (range.order === "newest_first") before = refOf(last).place.no;
    else after = refOf(last).place.no;
  }
  return found;
}

function cursorOf<Row, Params>(
  call: Call<Params>,
  { params, prefix }: ListSource<Row>,
  name: "starting_after" | "ending_before",
): number | null {
  const id = params[name];
  if (id === undefined) return null;
  const place = call.ids.decode(prefix, id);
  if (place === null || !isOwn(call, prefix, place)) {
    throw new ApiError("resource_missing", `No such object: '${id}'`, name);
  }
  return place.no;
}

/** Also of what has been deleted since: those who delete what they list go on from it. */
function isOwn<Params>(call: Call<Params>, prefix: IdPrefix, place: Place): boolean {
  const { account, records } = call;
  if (place.shard !== account.place.shard) return false;
  // Of no account: everybody's are numbered alike.
  if (prefix === "ics") return true;
  const type = typeOfPrefix[prefix];
  if (type !== undefined && isRecorded(type)) return records.object(type, place)?.account === account.place.no;
  const isPart = prefix === "txn" || prefix === "evt";
  const no = isPart ? Math.floor(place.no / partsOfEntry) : place.no;
  return ownEntry(call, { shard: place.shard, no }) !== null;
}

/** From ≤ created < until, of a second or of a range as the API writes it. */
export function createdOf(created: ListParams["created"]): ListRange["created"] {
  if (created === undefined) return { fromS: 0, untilS: createdMaxS };
  if (typeof created === "number") return { fromS: created, untilS: created + 1 };
  const { gt, gte, lt, lte } = created;
  return {
    fromS: Math.max(0, gt === undefined ? 0 : gt + 1, gte ?? 0),
    untilS: Math.min(createdMaxS, lt ?? createdMaxS, lte === undefined ? createdMaxS : lte + 1),
  };
}
