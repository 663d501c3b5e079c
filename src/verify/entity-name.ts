import type { IdPrefix } from "../kernel/ids.ts";

/** The id of an object as the API writes it. */
export type NameObject = (prefix: IdPrefix, shard: number, no: number) => string;

/** Where no id key is at hand: the place itself. */
export const nameByPlace: NameObject = (prefix, shard, no) => `${prefix}_${shard}/${no}`;
