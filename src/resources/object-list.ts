import type { IdPrefix } from "../kernel/ids.ts";
import type { RecordedObject } from "../records/object-search.ts";
import type { RecordedType } from "../records/place.ts";
import type { Call } from "./call.ts";
import { type ListParams, listAnswer } from "./list.ts";
import type { Answer } from "./route.ts";
import type { RenderedType } from "./view.ts";

export interface ObjectList<Body> {
  /** Path of the list: /v1/issuing/cards. */
  readonly url: string;
  readonly type: RecordedType & RenderedType;
  readonly prefix: IdPrefix;
  readonly params: ListParams;
  /** What fields of the bodies have to be; undefined: anything. */
  readonly fields?: Readonly<Record<string, string | number | undefined>>;
  /** Which of these are wanted; default: all. What is deleted is in no list. */
  readonly matches?: (body: Body) => boolean;
}

/** A page of the acting account's objects of one type, as `params` ask for it. */
export function objectListAnswer<Body, Params>(call: Call<Params>, list: ObjectList<Body>): Answer {
  const { matches, params, prefix, type, url } = list;
  const fields = comparedOf(list.fields ?? {});
  return listAnswer<RecordedObject, Params>(call, {
    url,
    prefix,
    params,
    rows: (range) => call.records.search.find(type, call.account.place, { ...range, fields }),
    refOf: ({ place }) => ({ type, place }),
    matches: ({ body: text }) => {
      // The body was written by the resource that asks.
      const body = JSON.parse(text) as Body & { readonly deleted?: boolean };
      return body.deleted !== true && (matches === undefined || matches(body));
    },
  });
}

function comparedOf(fields: Readonly<Record<string, string | number | undefined>>): Record<string, string | number> {
  const compared: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) compared[name] = value;
  return compared;
}
