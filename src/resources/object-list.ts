import type { IdPrefix } from "../kernel/ids.ts";
import type { RecordedType } from "../records/place.ts";
import type { RecordedObject } from "../records/queries.ts";
import type { Call } from "./call.ts";
import { type ListParams, type ListRange, listAnswer } from "./list.ts";
import type { Answer } from "./route.ts";
import type { RenderedType } from "./view.ts";

export interface ObjectList<Body> {
  /** Path of the list: /v1/issuing/cards. */
  readonly url: string;
  readonly type: RecordedType & RenderedType;
  readonly prefix: IdPrefix;
  readonly params: ListParams;
  /** Which of the account's objects are wanted; default: all. What is deleted is in no list. */
  readonly matches?: (body: Body) => boolean;
}

const pageRows = 500;

/** A page of the acting account's objects of one type, as `params` ask for it. */
export function objectListAnswer<Body, Params>(call: Call<Params>, list: ObjectList<Body>): Answer {
  const { matches, params, prefix, type, url } = list;
  return listAnswer<RecordedObject, Params>(call, {
    url,
    prefix,
    params,
    rows: (range) => rowsOf(call, type, range),
    refOf: ({ place }) => ({ type, place }),
    matches: ({ body: text }) => {
      // The body was written by the resource that asks.
      const body = JSON.parse(text) as Body & { readonly deleted?: boolean };
      return body.deleted !== true && (matches === undefined || matches(body));
    },
  });
}

function rowsOf<Params>(call: Call<Params>, type: RecordedType, range: ListRange): RecordedObject[] {
  const { after, created, order, rowsMax } = range;
  const rows: RecordedObject[] = [];
  let { before } = range;
  for (;;) {
    const page = call.records.objectsOfAccount(type, call.account.place, { before, rowsMax: pageRows });
    for (const row of page) {
      if (after !== null && row.place.no <= after) return turned(rows, order, rowsMax);
      const createdS = Math.floor(row.createdMs / 1000);
      if (createdS >= created.fromS && createdS < created.untilS) rows.push(row);
      if (order === "newest_first" && rows.length === rowsMax) return rows;
    }
    const oldest = page.at(-1);
    if (oldest === undefined || page.length < pageRows) return turned(rows, order, rowsMax);
    before = oldest.place.no;
  }
}

function turned(rows: RecordedObject[], order: ListRange["order"], rowsMax: number): RecordedObject[] {
  return order === "newest_first" ? rows : rows.toReversed().slice(0, rowsMax);
}
