import type { ByteReader } from "./bytes.ts";
import type { ChargedDay } from "./entry.ts";
import type { MerchantText } from "./entry-part.ts";

/* Runs within an entry that several kinds have. */

export function readMerchant(reader: ByteReader): MerchantText | null {
  if (reader.uint(1) === 0) return null;
  return {
    terminal: reader.shortText(),
    id: reader.shortText(),
    nameLocation: reader.shortText(),
  };
}

export function readKeys(reader: ByteReader): Uint8Array[] {
  const keys: Uint8Array[] = [];
  for (let left = reader.uint(1); left > 0; left--) keys.push(reader.bytes(8));
  return keys;
}

// The days are what is left of the entry.
export function readDays(reader: ByteReader): readonly ChargedDay[] {
  if (reader.remaining === 0) return noDays;
  const days: ChargedDay[] = [];
  while (reader.remaining > 0) days.push({ day: reader.uint(2), amount: reader.double() });
  return days;
}

const noDays: readonly ChargedDay[] = [];
