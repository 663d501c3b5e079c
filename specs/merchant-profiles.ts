import type { DemoMerchantKey } from "./demo-merchants.ts";

/** What a message asks for, as simulators name it: DE3 and what goes with it. */
export type ProfileService = "goods" | "goods_and_cash" | "cash" | "refund" | "verification" | "inquiry";

/** One message of a visit. */
export interface VisitStep {
  /** Milliseconds after the first message of the visit. */
  readonly afterMs: number;
  readonly send: "0100" | "0101" | "0120" | "0200" | "0201" | "0220" | "0400" | "0420";
  /**
   * DE4: a share of the drawn amount in percent, between the two, or so many minor units. Of a reversal: what remains
   * (DE95); none takes back everything.
   */
  readonly percent?: readonly [number, number];
  readonly minor?: bigint;
  readonly service?: ProfileService;
  /** Part of the amount that is paid out in cash, in minor units. */
  readonly cashback?: bigint;
  /** It adds to the hold of the first message. */
  readonly isIncrement?: boolean;
  /** Which step it repeats, completes or takes back, from 0. A message without it is one of its own. */
  readonly of?: number;
  /** Of a 0120: it tells what the network has answered in the issuer's place. */
  readonly standsIn?: boolean;
  /** DE39 of an advice; 00 where nothing else is said. */
  readonly answered?: string;
}

/** A way in which a customer buys. */
export interface Visit {
  /** Of 100 visits. */
  readonly share: number;
  readonly steps: readonly VisitStep[];
}

export interface MerchantProfile {
  readonly key: string;
  readonly merchant: DemoMerchantKey;
  readonly entry: "chip" | "contactless" | "stripe" | "ecommerce" | "stored";
  /** Its terminal can take a part of what it asks for. */
  readonly takesPartial: boolean;
  /** Its first amounts are estimates. */
  readonly isEstimate: boolean;
  /** Minor units of the merchant's currency, between the two. */
  readonly amounts: readonly [number, number];
  readonly visits: readonly Visit[];
}

const whole = [100, 100] as const;
const buy = { afterMs: 0, send: "0100", percent: whole } as const satisfies VisitStep;
const checkIn = { afterMs: 0, send: "0100", percent: [40, 60] } as const satisfies VisitStep;
const oneMajor = { afterMs: 0, send: "0100", minor: 1_00n } as const satisfies VisitStep;
const withdraw = { afterMs: 0, send: "0200", percent: whole, service: "cash" } as const satisfies VisitStep;

const profiles = [
  {
    key: "grocery",
    merchant: "grocer-us",
    entry: "contactless",
    takesPartial: true,
    isEstimate: false,
    amounts: [3_00, 180_00],
    visits: [
      { share: 80, steps: [buy] },
      // The customer takes 20.00 home; the least purchase is 3.00, so the amount is given.
      { share: 8, steps: [{ afterMs: 0, send: "0100", minor: 44_10n, service: "goods_and_cash", cashback: 20_00n }] },
      { share: 5, steps: [buy, { afterMs: 150, send: "0400", of: 0, percent: [50, 90] }] },
      { share: 4, steps: [buy, { afterMs: 120, send: "0400", of: 0 }] },
      { share: 3, steps: [buy, { afterMs: 60, send: "0101", of: 0 }] },
    ],
  },
  {
    key: "restaurant",
    merchant: "diner-us",
    entry: "chip",
    takesPartial: false,
    isEstimate: true,
    amounts: [12_00, 140_00],
    visits: [
      { share: 85, steps: [buy, { afterMs: 200, send: "0220", of: 0, percent: [112, 122] }] },
      { share: 10, steps: [buy, { afterMs: 200, send: "0220", of: 0, percent: whole }] },
      { share: 5, steps: [buy, { afterMs: 150, send: "0400", of: 0 }] },
    ],
  },
  {
    key: "fuel",
    merchant: "pump-us",
    entry: "chip",
    takesPartial: true,
    isEstimate: true,
    amounts: [8_00, 95_00],
    visits: [
      { share: 90, steps: [oneMajor, { afterMs: 200, send: "0120", of: 0, percent: whole }] },
      // Nobody pumped anything.
      { share: 6, steps: [oneMajor, { afterMs: 150, send: "0120", of: 0, minor: 0n }] },
      { share: 4, steps: [oneMajor, { afterMs: 100, send: "0420", of: 0 }] },
    ],
  },
  {
    key: "hotel",
    merchant: "hotel-us",
    entry: "chip",
    takesPartial: false,
    isEstimate: true,
    amounts: [120_00, 900_00],
    visits: [
      {
        share: 60,
        steps: [
          checkIn,
          { afterMs: 120, send: "0100", isIncrement: true, percent: [20, 30] },
          { afterMs: 240, send: "0100", isIncrement: true, percent: [5, 15] },
          { afterMs: 400, send: "0220", of: 0, percent: [70, 100] },
        ],
      },
      { share: 20, steps: [checkIn, { afterMs: 200, send: "0220", of: 0, percent: [40, 60] }] },
      {
        share: 10,
        steps: [
          checkIn,
          { afterMs: 100, send: "0100", isIncrement: true, percent: [20, 30] },
          { afterMs: 200, send: "0400", of: 1 },
          { afterMs: 350, send: "0220", of: 0, percent: [40, 60] },
        ],
      },
      { share: 10, steps: [checkIn, { afterMs: 150, send: "0400", of: 0 }] },
    ],
  },
  {
    key: "ecommerce",
    merchant: "software-us",
    entry: "ecommerce",
    takesPartial: false,
    isEstimate: false,
    amounts: [5_00, 260_00],
    visits: [
      { share: 74, steps: [buy] },
      {
        share: 10,
        steps: [
          { afterMs: 0, send: "0100", minor: 0n, service: "verification" },
          { ...buy, afterMs: 120 },
        ],
      },
      // Some of the order cannot be delivered.
      { share: 8, steps: [buy, { afterMs: 180, send: "0420", of: 0, percent: [30, 80] }] },
      { share: 8, steps: [buy, { afterMs: 300, send: "0100", service: "refund", percent: [30, 100] }] },
    ],
  },
  {
    key: "atm",
    merchant: "atm-us",
    entry: "chip",
    takesPartial: false,
    isEstimate: false,
    amounts: [20_00, 300_00],
    visits: [
      { share: 75, steps: [withdraw] },
      {
        share: 15,
        steps: [
          { afterMs: 0, send: "0200", minor: 0n, service: "inquiry" },
          { ...withdraw, afterMs: 120 },
        ],
      },
      // The drawer gave nothing, or only a part.
      { share: 5, steps: [withdraw, { afterMs: 100, send: "0420", of: 0 }] },
      { share: 3, steps: [withdraw, { afterMs: 100, send: "0420", of: 0, percent: [40, 60] }] },
      { share: 2, steps: [withdraw, { afterMs: 60, send: "0201", of: 0 }] },
    ],
  },
  {
    key: "subscription",
    merchant: "streaming-us",
    entry: "stored",
    takesPartial: false,
    isEstimate: false,
    amounts: [4_99, 24_99],
    visits: [
      { share: 90, steps: [buy] },
      {
        share: 10,
        steps: [
          { afterMs: 0, send: "0100", minor: 0n, service: "verification" },
          { ...buy, afterMs: 100 },
        ],
      },
    ],
  },
  {
    key: "abroad",
    merchant: "bistro-fr",
    entry: "chip",
    takesPartial: false,
    isEstimate: false,
    amounts: [9_00, 120_00],
    visits: [
      { share: 85, steps: [buy] },
      { share: 8, steps: [buy, { afterMs: 150, send: "0400", of: 0, percent: [50, 90] }] },
      { share: 7, steps: [buy, { afterMs: 120, send: "0420", of: 0 }] },
    ],
  },
] as const;

export type MerchantProfileKey = (typeof profiles)[number]["key"];

/** How merchants of each kind use the network: what their terminals can do, what they sell for, and what may follow. */
export const merchantProfiles: readonly (MerchantProfile & { readonly key: MerchantProfileKey })[] = profiles;
