import type { IdPrefix, Place } from "../../kernel/ids.ts";
import type { Page } from "../../records/page.ts";
import { ApiError } from "../api-error.ts";
import type { Call } from "../call.ts";
import type { ListRange } from "../list.ts";

interface Row {
  readonly place: Place;
}

const pageRowsMax = 500;

/** Rows of a range, from a query that gives them newest first. */
export function rowsInRange<Found extends Row>(
  { after, before, created, order, rowsMax }: ListRange,
  query: (page: Page) => readonly Found[],
  createdMsOf: (row: Found) => number,
): Found[] {
  const rows: Found[] = [];
  const isNewestFirst = order === "newest_first";
  const pageRows = isNewestFirst ? Math.min(pageRowsMax, rowsMax) : pageRowsMax;
  for (let below = before; ; ) {
    const page = query({ before: below, rowsMax: pageRows });
    const last = page.at(-1);
    let isOver = last === undefined || page.length < pageRows;
    for (const row of page) {
      const createdS = Math.floor(createdMsOf(row) / 1000);
      // Business time of an account never goes back.
      if ((after !== null && row.place.no <= after) || createdS < created.fromS) {
        isOver = true;
        break;
      }
      if (createdS < created.untilS) rows.push(row);
      if (isNewestFirst && rows.length === rowsMax) return rows;
    }
    if (isOver || last === undefined) return isNewestFirst ? rows : rows.toReversed().slice(0, rowsMax);
    below = last.place.no;
  }
}

/** Whose rows a list is of: a card's or a cardholder's where one is named, else the account's. */
export function spenderOf<Params extends { readonly card?: string; readonly cardholder?: string }>(call: Call<Params>) {
  const { card, cardholder } = call.params;
  if (card !== undefined) return { kind: "card", place: call.find("ic", card, "card").place } as const;
  if (cardholder !== undefined) {
    return { kind: "cardholder", place: call.find("ich", cardholder, "cardholder").place } as const;
  }
  return { kind: "account", place: call.account.place } as const;
}

/** The place that an id of a message's object names. Throws `resource_missing` where it is not the acting account's. */
export function placeOfId<Params>(
  call: Call<Params>,
  { prefix, what }: { readonly prefix: IdPrefix; readonly what: string },
  isOwn: (place: Place) => boolean,
): Place {
  const id = call.path["id"] ?? "";
  const place = call.ids.decode(prefix, id);
  if (place !== null && place.shard === call.account.place.shard && isOwn(place)) return place;
  throw new ApiError("resource_missing", `No such ${what}: '${id}'`, "id");
}
