import type { Commit } from "../../../src/store/commit.ts";
import type { ArgumentsOf } from "../../../src/store/contracts.ts";
import { luaConstants } from "../../../src/store/library.ts";
import { eightBytes } from "./packed.ts";

/* What the functions are called with where an example does not say otherwise. */

/** Thursday, 1 October 2026, 12:00 UTC. */
export const noonMs = Date.UTC(2026, 9, 1, 12);
export const noonS = noonMs / 1000;
export const today = Math.floor(noonS / 86_400);

const times = { wall_now: noonMs, business_now: noonMs } as const;
const view = { account_version: 1, holder_version: 1, chain_version: 1 } as const;

export const purchase: ArgumentsOf<"authorize"> = {
  message_key: eightBytes("first"),
  chain_key: eightBytes("chain"),
  fingerprint: eightBytes("finger"),
  wall_now: noonMs,
  business_now: noonMs,
  deadline: 2 ** 47,
  account_version: 1,
  holder_version: 1,
  chain_version: 1,
  refusal: 0,
  purpose: 0,
  chain_id: 0,
  asks: 0,
  pin: luaConstants.PIN_NONE,
  card_no: 7,
  amount: 1_000,
  least: 1_000,
  code: 123_456,
  mcc: 5_411,
  rate: 0,
};

export const reversal: ArgumentsOf<"reverse"> = {
  message_key: eightBytes("undo"),
  undo_key: eightBytes("first"),
  second_key: eightBytes("first"),
  third_key: eightBytes("first"),
  names_authorization: 0,
  fingerprint: eightBytes("finger"),
  wall_now: noonMs,
  business_now: noonMs,
  account_version: 1,
  holder_version: 1,
  chain_version: 1,
  counted_mcc: 5_411,
  in_currency: luaConstants.REVERSED_IN_FULL,
  replacement: 0,
};

export const change: ArgumentsOf<"commit"> = {
  fingerprint: eightBytes("finger"),
  wall_now: noonMs,
  business_now: noonMs,
  keep_ms: 0,
  account_version: 0,
};

export const plainChange: Omit<Commit, "shard" | "steps"> = {
  account: 1,
  objectType: "topup",
  objectNo: 1,
  version: 1,
  body: {},
  currency: 840,
  accountVersion: 0,
  idempotency: null,
  wallMs: noonMs,
  businessMs: noonMs,
};

export const forgetting: ArgumentsOf<"purge"> = {
  wall_now: noonMs,
  holdless_s: 100,
  terminal_s: 200,
  tombstone_s: 400,
  most: 500,
  listpack_entries: 128,
};

export const increment: ArgumentsOf<"increment"> = {
  message_key: eightBytes("more"),
  chain_key: eightBytes("chain"),
  fingerprint: eightBytes("finger"),
  ...times,
  deadline: 2 ** 47,
  ...view,
  refusal: 0,
  chain_id: luaConstants.CHAIN_NAMES,
  asks: 0,
  amount: 500,
  least: 500,
  code: 222_222,
  mcc: 5_411,
  counted_mcc: 5_411,
  rate: 0,
};

export const advice: ArgumentsOf<"advise"> = {
  message_key: eightBytes("advice"),
  authorization_key: eightBytes("first"),
  chain_key: eightBytes("chain"),
  fingerprint: eightBytes("finger"),
  ...times,
  ...view,
  is_approved: 1,
  purpose: luaConstants.PURPOSE_PURCHASE,
  chain_id: luaConstants.CHAIN_NONE,
  amount: 1_000,
  code: 333_333,
  mcc: 5_411,
  counted_mcc: 5_411,
  rate: 0,
};

export const posting: ArgumentsOf<"post"> = {
  message_key: eightBytes("first"),
  chain_key: eightBytes("chain"),
  fingerprint: eightBytes("finger"),
  ...times,
  deadline: 2 ** 47,
  ...view,
  refusal: 0,
  purpose: luaConstants.PURPOSE_PURCHASE,
  pin: luaConstants.PIN_NONE,
  card_no: 7,
  amount: 1_000,
  least: 1_000,
  code: 444_444,
  mcc: 5_411,
  rate: 0,
};

export const postingAdvice: ArgumentsOf<"post_advice"> = {
  message_key: eightBytes("told"),
  first_key: eightBytes("first"),
  second_key: eightBytes("second"),
  chain_key: eightBytes("chain"),
  fingerprint: eightBytes("finger"),
  ...times,
  ...view,
  is_approved: 1,
  purpose: luaConstants.PURPOSE_PURCHASE,
  first_function: luaConstants.FUNCTION_AUTHORIZATION,
  chain_id: luaConstants.CHAIN_NONE,
  amount: 1_000,
  code: 555_555,
  mcc: 5_411,
  counted_mcc: 5_411,
  rate: 0,
};

export const expiry: ArgumentsOf<"expire"> = {
  hold_key: eightBytes("first"),
  hold_no: 1,
  ...times,
  ...view,
  counted_mcc: 5_411,
  as_fuel: 0,
};

export const clearing: ArgumentsOf<"clear"> = {
  message_key: eightBytes("cleared"),
  hold_key: eightBytes("first"),
  hold_no: 1,
  fingerprint: eightBytes("finger"),
  ...times,
  ...view,
  is_credit: 0,
  is_final: 1,
  amount: 1_000,
  counted_mcc: 5_411,
};

export const resolution: ArgumentsOf<"resolve"> = {
  message_key: eightBytes("first"),
  message_no: 1,
  ...times,
  ...view,
  counted_mcc: 5_411,
  is_confirmed: 1,
  reason: 101,
  amount: 1_000,
};
