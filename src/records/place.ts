import { assert } from "../kernel/assert.ts";
import type { Place } from "../kernel/ids.ts";

const shardStep = 2 ** 40;
const typeStep = 2 ** 48;

/** Types of objects as records number them: the same numbers as in journal entries, 31 at most by the size of an id. */
export const objectTypeNumbers = {
  account: 1,
  cardholder: 2,
  card: 3,
  range: 4,
  topup: 5,
  exception: 6,
  pan_exception: 7,
  setting: 8,
  payout: 9,
  transfer: 10,
  transfer_reversal: 11,
  funding: 12,
  dispute: 13,
  personalization_design: 14,
  file: 15,
  file_link: 16,
  ephemeral_key: 17,
  webhook_endpoint: 18,
  api_key: 19,
  external_account: 20,
  authorization_note: 21,
  transaction_note: 22,
  issuing_settings: 23,
  refusal: 24,
  arrival: 25,
  person: 26,
  account_link: 27,
  file_part: 28,
} as const;
export type RecordedType = keyof typeof objectTypeNumbers;

export function isRecorded(type: string): type is RecordedType {
  return Object.hasOwn(objectTypeNumbers, type);
}

/** Row id of an entry, and of the authorization or release that it made. Ids of a shard are in journal order. */
export function rowId(place: Place): number {
  assert(place.no >= 0 && place.no < shardStep && place.shard >= 0 && place.shard < 256, "a place fits into 48 bits");
  return place.shard * shardStep + place.no;
}

export function placeOf(id: number): Place {
  return { shard: Math.floor(id / shardStep), no: id % shardStep };
}

export function objectRowId(type: RecordedType, place: Place): number {
  return objectTypeNumbers[type] * typeStep + rowId(place);
}

/** What an object's row id names. */
export function objectPlaceOf(id: number): { readonly type: RecordedType; readonly place: Place } {
  const number = Math.floor(id / typeStep);
  return { type: typeOfNumber(number), place: placeOf(id - number * typeStep) };
}

function typeOfNumber(number: number): RecordedType {
  for (const type of Object.keys(objectTypeNumbers) as RecordedType[]) {
    if (objectTypeNumbers[type] === number) return type;
  }
  throw new Error(`records: unknown object type ${number}`);
}
