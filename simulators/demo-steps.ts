import type { DemoAccountKey, DemoCardKey, DemoSpendingLimit } from "../specs/demo-program.ts";
import type { DemoMerchantKey } from "../specs/demo-merchants.ts";
import type { MerchantProfileKey, VisitStep } from "../specs/merchant-profiles.ts";
import type { AuthorizationMti, ReversalMti } from "./network-side.ts";
import type { NetworkName } from "./purchase.ts";

/** A card of the program, the one that replaced a lost card, or a PAN that nobody has. */
export type DayCard = DemoCardKey | `${DemoCardKey}-replacement` | "nobody";

/** What must happen, in the words of the rules; "declined:" and the check that refuses. as_modelled: the model decides. */
export type DayExpectation =
  | "as_modelled"
  | "approved"
  | "partial"
  | "posted"
  | "posted_in_part"
  | "captured_hold"
  | "force_posted"
  | "held"
  | "merged"
  | "completed"
  | "attached"
  | "reposted"
  | `declined:${string}`
  | "conflict"
  | "reversed_before"
  | "unknown_pan"
  | `duplicate:${string}`
  | "released"
  | "lowered"
  | "tombstone"
  | "unknown"
  | "nothing_to_release";

export interface PurchaseStep {
  readonly kind: "purchase";
  /** Later steps name the purchase by it; "" where none does. */
  readonly name: string;
  readonly link: NetworkName;
  readonly card: DayCard;
  readonly merchant: DemoMerchantKey;
  /** Minor units of the merchant's currency. */
  readonly amount: bigint;
  readonly expect: DayExpectation;
}

export type DayStep =
  | PurchaseStep
  /** The same message once more, as a repeat or a duplicate. */
  | { readonly kind: "repeat"; readonly of: string; readonly mti: AuthorizationMti; readonly expect: DayExpectation }
  /** The same key with another amount. */
  | { readonly kind: "altered"; readonly of: string; readonly amount: bigint; readonly expect: DayExpectation }
  /** One message twice at the same time, on two connections of one link. */
  | { readonly kind: "twins"; readonly purchase: PurchaseStep; readonly expect: DayExpectation }
  | {
      readonly kind: "reversal";
      readonly of: string;
      readonly mti: ReversalMti;
      /** Reversals of one purchase with the same number are the same message. */
      readonly number: number;
      /** What remains (DE95); null undoes all of it. */
      readonly rest: bigint | null;
      readonly expect: DayExpectation;
    }
  /** A purchase that is only spoken of: it is sent later, or never. */
  | { readonly kind: "planned"; readonly purchase: PurchaseStep }
  | { readonly kind: "planned-sent"; readonly of: string; readonly expect: DayExpectation }
  | { readonly kind: "account"; readonly account: DemoAccountKey; readonly isEnabled: boolean }
  | { readonly kind: "activate"; readonly card: DemoCardKey }
  | { readonly kind: "limit"; readonly card: DemoCardKey; readonly limit: DemoSpendingLimit }
  | { readonly kind: "lost"; readonly card: DemoCardKey }
  /** Business time moves on, and what falls due goes. */
  | { readonly kind: "later"; readonly hours: number }
  | VisitDayStep;

/** All messages of a customer at a merchant, one after the other. */
export interface VisitDayStep {
  readonly kind: "visit";
  readonly link: NetworkName;
  readonly card: DayCard;
  readonly profile: MerchantProfileKey;
  /** Minor units of the merchant's currency. */
  readonly amount: bigint;
  readonly steps: readonly VisitStep[];
  /** One for each message; null: the model decides. */
  readonly expect: readonly DayExpectation[] | null;
}

type Buy = readonly [name: string, card: DayCard, merchant: DemoMerchantKey, amount: bigint, expect: DayExpectation];

/** Purchases and their reversals. The order matters: amounts add up to limits to the last cent. */
export const purchaseSteps: readonly DayStep[] = [
  ...on("visa", [
    ["groceries", "us-1", "grocer-us", 42_10n, "approved"],
    ["lunch", "us-1", "diner-us", 18_75n, "approved"],
  ]),
  { kind: "repeat", of: "groceries", mti: "0101", expect: "duplicate:approved" },
  { kind: "repeat", of: "groceries", mti: "0100", expect: "duplicate:approved" },
  { kind: "altered", of: "groceries", amount: 43_10n, expect: "conflict" },
  ...on("mastercard", [
    ["pump", "us-2", "machinery-us", 1_250_00n, "approved"],
    ["", "us-2", "software-us", 89_00n, "approved"],
    ["crane", "us-2", "machinery-us", 9_999_00n, "declined:insufficient_funds"],
    ["", "us-2", "machinery-us", 10_000_01n, "declined:limit"],
    ["", "us-2", "bistro-fr", 64_00n, "approved"],
  ]),
  { kind: "repeat", of: "crane", mti: "0101", expect: "duplicate:declined:insufficient_funds" },
  // 42.10 + 18.75 + 439.15 is the 500.00 that a card without limits may spend in a day.
  ...on("visa", [
    ["", "us-1", "hardware-us", 439_15n, "approved"],
    ["", "us-1", "grocer-us", 1n, "declined:limit"],
  ]),
  reversal("lunch", "0400", 1, "released"),
  reversal("lunch", "0401", 1, "duplicate:released"),
  ...on("visa", [
    ["", "us-1", "diner-us", 18_75n, "approved"],
    ["", "us-3", "software-us", 60_00n, "approved"],
    ["", "us-3", "software-us", 40_00n, "approved"],
    ["", "us-3", "software-us", 1n, "declined:limit"],
  ]),
  // The cardholder may spend 300.00 a week with all cards together.
  ...on("mastercard", [
    ["", "us-4", "hardware-us", 200_00n, "approved"],
    ["", "us-4", "grocer-us", 100_00n, "approved"],
    ["", "us-4", "diner-us", 50n, "declined:limit"],
    ["", "us-6", "grocer-us", 12_00n, "declined:card_lost"],
  ]),
  ...on("visa", [
    ["", "us-5", "grocer-us", 12_00n, "declined:card_inactive"],
    ["", "us-7", "fuel-us", 45_00n, "declined:card_expired"],
    ["", "us-8", "software-us", 15_00n, "declined:cardholder_verification_required"],
    ["", "nobody", "grocer-us", 30_00n, "unknown_pan"],
  ]),
  // Activated, it still shares the week of its cardholder, of which nothing is left.
  { kind: "activate", card: "us-5" },
  ...on("visa", [["", "us-5", "grocer-us", 12_00n, "declined:limit"]]),

  ...on("visa", [
    ["", "de-1", "bakery-de", 7_80n, "approved"],
    ["train", "de-1", "railway-de", 129_00n, "approved"],
    ["", "de-4", "railway-de", 45_00n, "declined:presence"],
    ["", "de-4", "bakery-de", 5_20n, "approved"],
    ["", "de-6", "bakery-de", 3_10n, "declined:cardholder_inactive"],
  ]),
  ...on("mastercard", [
    ["", "de-2", "casino-mt", 50_00n, "declined:category"],
    ["", "de-2", "grocer-de", 61_37n, "approved"],
    ["", "de-3", "hotel-at", 240_00n, "approved"],
    ["", "de-3", "bistro-fr", 33_00n, "declined:country"],
    ["", "de-5", "grocer-de", 8_00n, "declined:card_stolen"],
    ["", "nobody", "grocer-de", 9_00n, "unknown_pan"],
  ]),
  // A reversal overtakes its purchase.
  ...planned("visa", ["overtaken", "de-1", "grocer-de", 20_00n, "reversed_before"]),
  reversal("overtaken", "0420", 1, "tombstone"),
  { kind: "planned-sent", of: "overtaken", expect: "reversed_before" },
  // Nobody ever sees the purchases that these undo.
  ...planned("mastercard", ["unseen", "de-2", "grocer-de", 17_00n, "approved"]),
  reversal("unseen", "0400", 1, "tombstone"),
  reversal("unseen", "0400", 2, "unknown"),
  reversal("unseen", "0420", 3, "unknown"),
  ...planned("visa", ["stranger", "nobody", "grocer-de", 17_00n, "unknown_pan"]),
  reversal("stranger", "0420", 1, "unknown_pan"),

  ...on("visa", [["", "gb-1", "books-gb", 31_98n, "approved"]]),
  { kind: "account", account: "gb", isEnabled: false },
  ...on("visa", [["", "gb-1", "pub-gb", 12_40n, "declined:account_disabled"]]),
  { kind: "account", account: "gb", isEnabled: true },
  ...on("visa", [
    ["", "gb-1", "pub-gb", 12_40n, "approved"],
    ["", "gb-3", "books-gb", 75_00n, "approved"],
    ["", "gb-3", "books-gb", 75_01n, "declined:limit"],
    ["", "gb-3", "pub-gb", 9_00n, "declined:category"],
  ]),
  // 150.00 a month for meals, 400.00 for everything.
  ...on("mastercard", [
    ["", "gb-2", "restaurant-gb", 150_00n, "approved"],
    ["", "gb-2", "restaurant-gb", 1_00n, "declined:limit"],
    ["", "gb-2", "coaches-gb", 250_00n, "approved"],
    ["", "gb-2", "coaches-gb", 1n, "declined:limit"],
    ["", "gb-4", "pub-gb", 6_00n, "declined:cardholder_blocked"],
    ["", "gb-5", "books-gb", 14_00n, "declined:card_canceled"],
  ]),
  // 18,000 yen are 96.75 pounds; a limit of 300.00 a day that comes afterwards counts them.
  ...on("visa", [
    ["", "gb-6", "camera-jp", 18_000n, "approved"],
    ["", "gb-6", "books-gb", 120_00n, "approved"],
  ]),
  { kind: "limit", card: "gb-6", limit: { amount: 300_00n, interval: "daily", categories: [] } },
  ...on("visa", [
    ["", "gb-6", "books-gb", 83_26n, "declined:limit"],
    ["", "gb-6", "books-gb", 83_25n, "approved"],
  ]),

  // The replacement of a lost card goes on where that one stopped: 136.80 + 363.20 is 500.00.
  { kind: "lost", card: "de-1" },
  ...on("visa", [
    ["", "de-1-replacement", "grocer-de", 363_20n, "approved"],
    ["", "de-1-replacement", "bakery-de", 1n, "declined:limit"],
    ["", "de-1", "bakery-de", 2_00n, "declined:card_lost"],
  ]),
  reversal("train", "0400", 1, "released"),
  ...on("visa", [["", "de-1-replacement", "railway-de", 129_00n, "approved"]]),

  // A part of the order is not delivered, then none of it.
  { kind: "reversal", of: "pump", mti: "0400", number: 1, rest: 900_00n, expect: "lowered" },
  reversal("pump", "0420", 2, "released"),
  reversal("pump", "0421", 2, "duplicate:released"),

  { kind: "twins", purchase: buy("generic", ["", "us-2", "software-us", 15_00n, "approved"]), expect: "approved" },
  ...on("generic", [
    ["novel", "gb-1", "books-gb", 20_00n, "approved"],
    ["", "us-2", "bistro-fr", 40_00n, "approved"],
    ["", "us-6", "grocer-us", 5_00n, "declined:card_lost"],
    ["", "nobody", "books-gb", 5_00n, "unknown_pan"],
  ]),
  { kind: "repeat", of: "novel", mti: "0101", expect: "duplicate:approved" },
  reversal("novel", "0420", 1, "released"),
  reversal("novel", "0421", 1, "duplicate:released"),
  reversal("novel", "0400", 2, "nothing_to_release"),

  { kind: "later", hours: 24 },
  ...on("visa", [
    ["", "us-1", "grocer-us", 12_00n, "approved"],
    ["", "us-3", "software-us", 100_00n, "approved"],
  ]),
  reversal("groceries", "0400", 1, "released"),
  { kind: "repeat", of: "groceries", mti: "0101", expect: "duplicate:approved" },
];

function on(link: NetworkName, purchases: readonly Buy[]): PurchaseStep[] {
  return purchases.map((purchase) => buy(link, purchase));
}

function buy(link: NetworkName, [name, card, merchant, amount, expect]: Buy): PurchaseStep {
  return { kind: "purchase", name, link, card, merchant, amount, expect };
}

function planned(link: NetworkName, purchase: Buy): DayStep[] {
  return [{ kind: "planned", purchase: buy(link, purchase) }];
}

function reversal(of: string, mti: ReversalMti, number: number, expect: DayExpectation): DayStep {
  return { kind: "reversal", of, mti, number, rest: null, expect };
}
