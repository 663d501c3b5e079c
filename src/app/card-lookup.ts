import type { Place } from "../kernel/ids.ts";
import { type Result, ok } from "../kernel/result.ts";
import type { RecordedObject } from "../records/object-search.ts";
import { type CardBody, openPan } from "../resources/issuing/cards.ts";
import { type AppError, appError } from "./app-error.ts";
import type { Books } from "./books.ts";

/** A card as its holder carries it: only test ranges exist here, and only admitted peers may ask. */
export interface CardView {
  readonly id: string;
  readonly pan: string;
  /** YYMM, as DE14 has it. */
  readonly expiry: string;
  /** Lower-case code. */
  readonly currency: string;
  readonly network: "visa" | "mastercard";
  readonly status: string;
}

const pageRows = 500;
const scannedMax = 100_000;

/** By id, by the last four digits of its PAN, or by the key that a seed has given it. The newest where several match. */
export async function findCard(books: Books, wanted: string): Promise<Result<CardView, AppError>> {
  const { engine, access } = books;
  const place = engine.ids.decode("ic", wanted);
  if (place !== null) {
    await access.caughtUp(place.shard);
    const found = access.queries.object("card", place);
    return found === null ? appError("not_found", `no card ${wanted}`) : ok(viewOf(books, found));
  }
  const matches = /^\d{4}$/.test(wanted) ? hasLast4(wanted) : hasKey(wanted);
  for (let shard = 0; shard < engine.keyspace.shardCount; shard++) {
    await access.caughtUp(shard);
    const found = scan(books, shard, matches);
    if (found !== null) return ok(viewOf(books, found));
  }
  return appError("not_found", `no card with the id, the last four digits or the key "${wanted}"`);
}

function scan({ access }: Books, shard: number, matches: (body: CardBody) => boolean): RecordedObject | null {
  let before: number | null = null;
  for (let scanned = 0; scanned < scannedMax; scanned += pageRows) {
    const page = access.queries.objects("card", shard, { before, rowsMax: pageRows });
    const found = page.find((row) => matches(bodyOf(row)));
    if (found !== undefined) return found;
    if (page.length < pageRows) return null;
    before = page.at(-1)?.place.no ?? null;
  }
  return null;
}

function hasLast4(digits: string): (body: CardBody) => boolean {
  return ({ last4, status }) => last4 === digits && status !== "canceled";
}

function hasKey(key: string): (body: CardBody) => boolean {
  return ({ metadata }) => metadata["demo_key"] === key;
}

function viewOf({ engine, access }: Books, row: RecordedObject): CardView {
  const body = bodyOf(row);
  const place: Place = row.place;
  const month = String(body.exp_month).padStart(2, "0");
  return {
    id: engine.ids.encode("ic", place),
    pan: openPan(access.program, place, body),
    expiry: `${String(body.exp_year).slice(-2)}${month}`,
    currency: body.currency,
    network: body.network,
    status: body.status,
  };
}

// The body was written by resources/issuing/cards.ts and nobody else.
function bodyOf(row: RecordedObject): CardBody {
  return JSON.parse(row.body) as CardBody;
}
