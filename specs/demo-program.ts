import type { CountryCode } from "./countries.ts";
import type { CurrencyCode } from "./currencies.ts";
import type { LimitInterval } from "./limits.ts";
import type { MerchantCategory } from "./merchant-categories.ts";

export interface DemoAccount {
  readonly key: string;
  readonly businessName: string;
  readonly country: CountryCode;
  readonly currency: CurrencyCode;
  /** Minor units of the account's currency, paid in before the first message. */
  readonly funds: bigint;
  /** Where funds do not suffice, a part may be approved if the terminal can take it. */
  readonly takesPartial: boolean;
}

export interface DemoSpendingLimit {
  /** Minor units of the card currency. */
  readonly amount: bigint;
  readonly interval: LimitInterval;
  /** Only purchases of these count; empty: every purchase counts. */
  readonly categories: readonly MerchantCategory[];
}

/** Empty lists allow everything. An `allowed` list allows nothing else; a `blocked` list everything else. */
export interface DemoControls {
  readonly allowedCategories: readonly MerchantCategory[];
  readonly blockedCategories: readonly MerchantCategory[];
  readonly allowedCountries: readonly CountryCode[];
  readonly blockedCountries: readonly CountryCode[];
  readonly allowedPresences: readonly ("present" | "not_present")[];
  readonly blockedPresences: readonly ("present" | "not_present")[];
  readonly spendingLimits: readonly DemoSpendingLimit[];
}

export interface DemoAddress {
  readonly line1: string;
  readonly city: string;
  readonly state: string | null;
  readonly postalCode: string;
  readonly country: CountryCode;
}

export interface DemoCardholder {
  readonly key: string;
  readonly account: DemoAccountKey;
  readonly name: string;
  readonly email: string;
  /** E.164. */
  readonly phoneNumber: string;
  readonly status: "active" | "inactive" | "blocked";
  /** What the cardholder still owes the program; while it is not empty every card declines. */
  readonly requirementsPastDue: readonly string[];
  readonly address: DemoAddress;
  readonly controls: DemoControls;
}

export interface DemoCard {
  readonly key: string;
  readonly cardholder: DemoCardholderKey;
  readonly network: "visa" | "mastercard";
  readonly type: "physical" | "virtual";
  readonly status: "active" | "inactive" | "canceled";
  readonly cancellationReason: "lost" | "stolen" | null;
  /** Months from the month of the seed to the last month in which the card is valid; below zero it has expired. */
  readonly expiresInMonths: number;
  readonly controls: DemoControls;
}

const noControls = {
  allowedCategories: [],
  blockedCategories: [],
  allowedCountries: [],
  blockedCountries: [],
  allowedPresences: [],
  blockedPresences: [],
  spendingLimits: [],
} as const satisfies DemoControls;

const accounts = [
  {
    key: "us",
    businessName: "Larkspur Field Supply Inc",
    country: "US",
    currency: "usd",
    funds: 10_000_00n,
    takesPartial: false,
  },
  {
    key: "de",
    businessName: "Kupferbach Messtechnik GmbH",
    country: "DE",
    currency: "eur",
    funds: 10_000_00n,
    takesPartial: false,
  },
  {
    key: "gb",
    businessName: "Pennywhistle Coaches Ltd",
    country: "GB",
    currency: "gbp",
    funds: 10_000_00n,
    takesPartial: false,
  },
  // Has little, and takes a part where it does not suffice.
  {
    key: "fair",
    businessName: "Saltwhistle Fairground Co",
    country: "US",
    currency: "usd",
    funds: 160_00n,
    takesPartial: true,
  },
  // Has more than a busy day costs.
  {
    key: "crew",
    businessName: "Northgate Film Crews Inc",
    country: "US",
    currency: "usd",
    funds: 90_000_00n,
    takesPartial: false,
  },
] as const satisfies readonly DemoAccount[];

const cardholders = [
  {
    key: "us-amara",
    account: "us",
    name: "Amara Whitfield",
    email: "amara.whitfield@larkspur.example",
    phoneNumber: "+15035550112",
    status: "active",
    requirementsPastDue: [],
    address: { line1: "2218 NE Alder Court", city: "Portland", state: "OR", postalCode: "97232", country: "US" },
    controls: noControls,
  },
  {
    // All cards together: 300.00 a week.
    key: "us-owen",
    account: "us",
    name: "Owen Tarrant",
    email: "owen.tarrant@larkspur.example",
    phoneNumber: "+15125550148",
    status: "active",
    requirementsPastDue: [],
    address: { line1: "904 Mesquite Bend", city: "Austin", state: "TX", postalCode: "78704", country: "US" },
    controls: { ...noControls, spendingLimits: [{ amount: 300_00n, interval: "weekly", categories: [] }] },
  },
  {
    key: "us-lucia",
    account: "us",
    name: "Lucia Marchetti",
    email: "lucia.marchetti@larkspur.example",
    phoneNumber: "+14145550173",
    status: "active",
    requirementsPastDue: [],
    address: { line1: "51 Harbor View Road", city: "Milwaukee", state: "WI", postalCode: "53202", country: "US" },
    controls: noControls,
  },
  {
    key: "us-devon",
    account: "us",
    name: "Devon Okafor",
    email: "devon.okafor@larkspur.example",
    phoneNumber: "+14045550191",
    status: "active",
    requirementsPastDue: ["individual.verification.document"],
    address: { line1: "377 Juniper Terrace", city: "Atlanta", state: "GA", postalCode: "30308", country: "US" },
    controls: noControls,
  },
  {
    key: "de-jonas",
    account: "de",
    name: "Jonas Wendlandt",
    email: "jonas.wendlandt@kupferbach.example",
    phoneNumber: "+493023125010",
    status: "active",
    requirementsPastDue: [],
    address: { line1: "Lindenhof 14", city: "Berlin", state: null, postalCode: "10437", country: "DE" },
    controls: noControls,
  },
  {
    key: "de-mira",
    account: "de",
    name: "Mira Solheim",
    email: "mira.solheim@kupferbach.example",
    phoneNumber: "+494066969027",
    status: "active",
    requirementsPastDue: [],
    address: { line1: "Am Speicher 3", city: "Hamburg", state: null, postalCode: "20457", country: "DE" },
    controls: noControls,
  },
  {
    key: "de-emre",
    account: "de",
    name: "Emre Aslan",
    email: "emre.aslan@kupferbach.example",
    phoneNumber: "+498999998033",
    status: "active",
    requirementsPastDue: [],
    address: { line1: "Isarweg 62", city: "Muenchen", state: null, postalCode: "80469", country: "DE" },
    controls: noControls,
  },
  {
    key: "de-hanne",
    account: "de",
    name: "Hanne Vogtmann",
    email: "hanne.vogtmann@kupferbach.example",
    phoneNumber: "+492214710048",
    status: "inactive",
    requirementsPastDue: [],
    address: { line1: "Rheingasse 9", city: "Koeln", state: null, postalCode: "50676", country: "DE" },
    controls: noControls,
  },
  {
    key: "gb-priya",
    account: "gb",
    name: "Priya Holloway",
    email: "priya.holloway@pennywhistle.example",
    phoneNumber: "+441134960152",
    status: "active",
    requirementsPastDue: [],
    address: { line1: "8 Weavers Yard", city: "Leeds", state: null, postalCode: "LS2 7EW", country: "GB" },
    controls: noControls,
  },
  {
    key: "gb-callum",
    account: "gb",
    name: "Callum Dreghorn",
    email: "callum.dreghorn@pennywhistle.example",
    phoneNumber: "+441314960167",
    status: "active",
    requirementsPastDue: [],
    address: { line1: "21 Thistle Brae", city: "Edinburgh", state: null, postalCode: "EH7 5AA", country: "GB" },
    controls: noControls,
  },
  {
    key: "gb-niamh",
    account: "gb",
    name: "Niamh Castlereagh",
    email: "niamh.castlereagh@pennywhistle.example",
    phoneNumber: "+442896496018",
    status: "blocked",
    requirementsPastDue: [],
    address: { line1: "5 Linen Quay", city: "Belfast", state: null, postalCode: "BT1 3LA", country: "GB" },
    controls: noControls,
  },
  {
    key: "gb-teodor",
    account: "gb",
    name: "Teodor Ashdown",
    email: "teodor.ashdown@pennywhistle.example",
    phoneNumber: "+441174960183",
    status: "active",
    requirementsPastDue: [],
    address: { line1: "40 Cooper Steps", city: "Bristol", state: null, postalCode: "BS1 4QA", country: "GB" },
    controls: noControls,
  },
  {
    key: "fair-rosa",
    account: "fair",
    name: "Rosa Lindqvist",
    email: "rosa.lindqvist@saltwhistle.example",
    phoneNumber: "+12075550121",
    status: "active",
    requirementsPastDue: [],
    address: { line1: "16 Carousel Lane", city: "Portland", state: "ME", postalCode: "04101", country: "US" },
    controls: noControls,
  },
  {
    key: "crew-idris",
    account: "crew",
    name: "Idris Fontaine",
    email: "idris.fontaine@northgate.example",
    phoneNumber: "+13235550164",
    status: "active",
    requirementsPastDue: [],
    address: { line1: "700 Clapperboard Street", city: "Burbank", state: "CA", postalCode: "91502", country: "US" },
    controls: noControls,
  },
] as const satisfies readonly DemoCardholder[];

const usable = { status: "active", cancellationReason: null, expiresInMonths: 36 } as const;

const cards = [
  // No limits of its own, so the 500.00 a day of a new card.
  { key: "us-1", cardholder: "us-amara", network: "visa", type: "physical", ...usable, controls: noControls },
  {
    // May spend more than the account has: only funds and the 10,000.00 of one authorization stop it.
    key: "us-2",
    cardholder: "us-amara",
    network: "mastercard",
    type: "virtual",
    ...usable,
    controls: { ...noControls, spendingLimits: [{ amount: 50_000_00n, interval: "daily", categories: [] }] },
  },
  {
    key: "us-3",
    cardholder: "us-amara",
    network: "visa",
    type: "virtual",
    ...usable,
    controls: { ...noControls, spendingLimits: [{ amount: 100_00n, interval: "daily", categories: [] }] },
  },
  { key: "us-4", cardholder: "us-owen", network: "mastercard", type: "physical", ...usable, controls: noControls },
  {
    // In the post: nobody has activated it.
    key: "us-5",
    cardholder: "us-owen",
    network: "visa",
    type: "physical",
    ...usable,
    status: "inactive",
    controls: noControls,
  },
  {
    key: "us-6",
    cardholder: "us-lucia",
    network: "mastercard",
    type: "physical",
    ...usable,
    status: "canceled",
    cancellationReason: "lost",
    controls: noControls,
  },
  {
    key: "us-7",
    cardholder: "us-lucia",
    network: "visa",
    type: "physical",
    ...usable,
    expiresInMonths: -2,
    controls: noControls,
  },
  { key: "us-8", cardholder: "us-devon", network: "visa", type: "virtual", ...usable, controls: noControls },

  { key: "de-1", cardholder: "de-jonas", network: "visa", type: "physical", ...usable, controls: noControls },
  {
    key: "de-2",
    cardholder: "de-jonas",
    network: "mastercard",
    type: "virtual",
    ...usable,
    controls: {
      ...noControls,
      blockedCategories: ["betting_casino_gambling", "dating_escort_services", "non_fi_money_orders"],
    },
  },
  {
    key: "de-3",
    cardholder: "de-mira",
    network: "mastercard",
    type: "physical",
    ...usable,
    controls: { ...noControls, allowedCountries: ["AT", "CH", "DE"] },
  },
  {
    // At a counter only.
    key: "de-4",
    cardholder: "de-emre",
    network: "visa",
    type: "physical",
    ...usable,
    controls: { ...noControls, blockedPresences: ["not_present"] },
  },
  {
    key: "de-5",
    cardholder: "de-emre",
    network: "mastercard",
    type: "physical",
    ...usable,
    status: "canceled",
    cancellationReason: "stolen",
    controls: noControls,
  },
  { key: "de-6", cardholder: "de-hanne", network: "visa", type: "physical", ...usable, controls: noControls },

  { key: "gb-1", cardholder: "gb-priya", network: "visa", type: "physical", ...usable, controls: noControls },
  {
    // Meals have a limit of their own, beside that of everything.
    key: "gb-2",
    cardholder: "gb-priya",
    network: "mastercard",
    type: "physical",
    ...usable,
    controls: {
      ...noControls,
      spendingLimits: [
        { amount: 150_00n, interval: "monthly", categories: ["eating_places_restaurants", "fast_food_restaurants"] },
        { amount: 400_00n, interval: "monthly", categories: [] },
      ],
    },
  },
  {
    key: "gb-3",
    cardholder: "gb-callum",
    network: "visa",
    type: "virtual",
    ...usable,
    controls: {
      ...noControls,
      allowedCategories: ["book_stores", "computer_software_stores", "grocery_stores_supermarkets"],
      spendingLimits: [{ amount: 75_00n, interval: "per_authorization", categories: [] }],
    },
  },
  { key: "gb-4", cardholder: "gb-niamh", network: "mastercard", type: "physical", ...usable, controls: noControls },
  {
    key: "gb-5",
    cardholder: "gb-teodor",
    network: "mastercard",
    type: "virtual",
    ...usable,
    status: "canceled",
    controls: noControls,
  },
  {
    key: "gb-6",
    cardholder: "gb-teodor",
    network: "visa",
    type: "virtual",
    ...usable,
    controls: {
      ...noControls,
      blockedCountries: ["KP"],
      spendingLimits: [
        { amount: 20_000_00n, interval: "yearly", categories: [] },
        { amount: 60_000_00n, interval: "all_time", categories: [] },
      ],
    },
  },

  { key: "fair-1", cardholder: "fair-rosa", network: "visa", type: "physical", ...usable, controls: noControls },
  { key: "fair-2", cardholder: "fair-rosa", network: "mastercard", type: "physical", ...usable, controls: noControls },
  {
    key: "crew-1",
    cardholder: "crew-idris",
    network: "visa",
    type: "physical",
    ...usable,
    controls: { ...noControls, spendingLimits: [{ amount: 80_000_00n, interval: "daily", categories: [] }] },
  },
  {
    key: "crew-2",
    cardholder: "crew-idris",
    network: "mastercard",
    type: "physical",
    ...usable,
    controls: { ...noControls, spendingLimits: [{ amount: 80_000_00n, interval: "daily", categories: [] }] },
  },
] as const satisfies readonly DemoCard[];

export type DemoAccountKey = (typeof accounts)[number]["key"];
export type DemoCardholderKey = (typeof cardholders)[number]["key"];
export type DemoCardKey = (typeof cards)[number]["key"];

/**
 * The program that `npm start` seeds, made so that one short day reaches every answer. PANs are not here: the seed
 * draws them from the account ranges of the card's network and its account's currency.
 */
export const demoAccounts: readonly (DemoAccount & { readonly key: DemoAccountKey })[] = accounts;
export const demoCardholders: readonly (DemoCardholder & { readonly key: DemoCardholderKey })[] = cardholders;
export const demoCards: readonly (DemoCard & { readonly key: DemoCardKey })[] = cards;

/** All accounts have to stay usable: the day disables this one for the length of one purchase. */
export const demoInterruption = { account: "gb", card: "gb-1" } as const satisfies {
  readonly account: DemoAccountKey;
  readonly card: DemoCardKey;
};
