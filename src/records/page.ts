import { type RecordedType, objectRowId, rowId } from "./place.ts";

/** `before`: rows older than that number of the shard; null: from the newest. */
export interface Page {
  readonly before: number | null;
  readonly rowsMax: number;
}

const shardStep = 2 ** 40;

/** First id, end and most rows of a page of a shard. */
export function pageOf(shard: number, page: Page): [number, number, number] {
  const first = rowId({ shard, no: 0 });
  return [first, page.before === null ? first + shardStep : first + page.before, page.rowsMax];
}

export function objectRange(type: RecordedType, shard: number, page: Page): [number, number, number] {
  const first = objectRowId(type, { shard, no: 0 });
  return [first, page.before === null ? first + shardStep : first + page.before, page.rowsMax];
}
