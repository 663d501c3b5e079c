import { currencies } from "../../specs/currencies.ts";
import { must } from "../kernel/assert.ts";
import { type Currency, currenciesByNumber } from "../kernel/currency.ts";
import type { IdCodec, Place } from "../kernel/ids.ts";
import { partsOfEntry } from "../ledger/entry-parts.ts";

const byNumber = currenciesByNumber<Currency>(currencies);

/** "usd" of 840. */
export function codeOf(currency: number): string {
  return must(byNumber.get(currency), `no currency ${currency}`).code;
}

export function secondsOf(ms: number): number {
  return Math.floor(ms / 1000);
}

/** Id of a part of an entry: a balance transaction or an event. */
export function partId(ids: IdCodec, prefix: "evt" | "txn", { shard, no }: Place, index: number): string {
  return ids.encode(prefix, { shard, no: no * partsOfEntry + index });
}

/** Entry and index of a part, from the number in its id. */
export function partOf({ shard, no }: Place): { readonly entry: Place; readonly index: number } {
  return { entry: { shard, no: Math.floor(no / partsOfEntry) }, index: no % partsOfEntry };
}
