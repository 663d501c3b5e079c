import type { CountryCode } from "./countries.ts";
import type { CurrencyCode } from "./currencies.ts";

export interface DemoAcquirer {
  readonly key: string;
  /** DE32, six to eleven digits. */
  readonly institution: string;
  /** DE19. */
  readonly country: CountryCode;
}

export interface DemoMerchant {
  readonly key: string;
  readonly acquirer: DemoAcquirerKey;
  /** DE43, at most 22 characters. */
  readonly name: string;
  /** DE43, at most 13 characters. */
  readonly city: string;
  readonly state: string | null;
  readonly country: CountryCode;
  /** What the merchant sells in: DE49. */
  readonly currency: CurrencyCode;
  /** DE18. */
  readonly categoryCode: string;
  /** DE41, eight characters. */
  readonly terminal: string;
  /** DE42, fifteen characters. */
  readonly merchantId: string;
  /** Whether its customers stand at a counter. */
  readonly presence: "present" | "not_present";
}

const acquirers = [
  { key: "cascade", institution: "400551", country: "US" },
  // An odd number of digits: a BCD field that counts digits carries a filler nibble.
  { key: "hanse", institution: "54930072001", country: "DE" },
  { key: "thames", institution: "47210983", country: "GB" },
] as const satisfies readonly DemoAcquirer[];

const merchants = [
  {
    key: "grocer-us",
    acquirer: "cascade",
    name: "GREENBRIAR GROCERS",
    city: "PORTLAND",
    state: "OR",
    country: "US",
    currency: "usd",
    categoryCode: "5411",
    terminal: "GRB00017",
    merchantId: "GREENBRIAR00017",
    presence: "present",
  },
  {
    key: "hardware-us",
    acquirer: "cascade",
    name: "IRON RIDGE HARDWARE",
    city: "AUSTIN",
    state: "TX",
    country: "US",
    currency: "usd",
    categoryCode: "5251",
    terminal: "IRH00204",
    merchantId: "IRONRIDGEHW0204",
    presence: "present",
  },
  {
    key: "diner-us",
    acquirer: "cascade",
    name: "BLUE KETTLE DINER",
    city: "MILWAUKEE",
    state: "WI",
    country: "US",
    currency: "usd",
    categoryCode: "5812",
    terminal: "BKD00003",
    merchantId: "BLUEKETTLE00003",
    presence: "present",
  },
  {
    key: "fuel-us",
    acquirer: "cascade",
    name: "PRAIRIE FUEL 118",
    city: "ATLANTA",
    state: "GA",
    country: "US",
    currency: "usd",
    categoryCode: "5541",
    terminal: "PRF00118",
    merchantId: "PRAIRIEFUEL0118",
    presence: "present",
  },
  {
    key: "software-us",
    acquirer: "cascade",
    name: "PAPERKITE SOFTWARE",
    city: "DENVER",
    state: "CO",
    country: "US",
    currency: "usd",
    categoryCode: "5734",
    terminal: "WEB00001",
    merchantId: "PAPERKITE000001",
    presence: "not_present",
  },
  {
    key: "machinery-us",
    acquirer: "cascade",
    name: "OVERLAND MACHINERY",
    city: "TULSA",
    state: "OK",
    country: "US",
    currency: "usd",
    categoryCode: "5085",
    terminal: "OVM00041",
    merchantId: "OVERLANDMAC0041",
    presence: "not_present",
  },
  {
    key: "pump-us",
    acquirer: "cascade",
    name: "PRAIRIE FUEL PUMP 4",
    city: "ATLANTA",
    state: "GA",
    country: "US",
    currency: "usd",
    categoryCode: "5542",
    terminal: "PRF00404",
    merchantId: "PRAIRIEFUEL0404",
    presence: "present",
  },
  {
    key: "hotel-us",
    acquirer: "cascade",
    name: "CEDAR CREEK LODGE",
    city: "BOISE",
    state: "ID",
    country: "US",
    currency: "usd",
    categoryCode: "7011",
    terminal: "CCL00012",
    merchantId: "CEDARCREEK00012",
    presence: "present",
  },
  {
    key: "atm-us",
    acquirer: "cascade",
    name: "CASCADE BANK ATM 9",
    city: "PORTLAND",
    state: "OR",
    country: "US",
    currency: "usd",
    categoryCode: "6011",
    terminal: "CSC00009",
    merchantId: "CASCADEATM00009",
    presence: "present",
  },
  {
    key: "streaming-us",
    acquirer: "cascade",
    name: "MOONWELL STREAMING",
    city: "SEATTLE",
    state: "WA",
    country: "US",
    currency: "usd",
    categoryCode: "4899",
    terminal: "MWS00001",
    merchantId: "MOONWELLSTRM001",
    presence: "not_present",
  },
  {
    key: "bakery-de",
    acquirer: "hanse",
    name: "BAECKEREI MORGENROT",
    city: "BERLIN",
    state: null,
    country: "DE",
    currency: "eur",
    categoryCode: "5462",
    terminal: "BMR00052",
    merchantId: "MORGENROT000052",
    presence: "present",
  },
  {
    key: "grocer-de",
    acquirer: "hanse",
    name: "MARKTHALLE AM DEICH",
    city: "HAMBURG",
    state: null,
    country: "DE",
    currency: "eur",
    categoryCode: "5411",
    terminal: "MAD00009",
    merchantId: "MARKTHALLE00009",
    presence: "present",
  },
  {
    key: "railway-de",
    acquirer: "hanse",
    name: "RHEINTAL BAHN TICKETS",
    city: "KOELN",
    state: null,
    country: "DE",
    currency: "eur",
    categoryCode: "4112",
    terminal: "RBT00400",
    merchantId: "RHEINTALBAHN400",
    presence: "not_present",
  },
  {
    key: "casino-mt",
    acquirer: "hanse",
    name: "LUCKY HARBOUR ONLINE",
    city: "SLIEMA",
    state: null,
    country: "MT",
    currency: "eur",
    categoryCode: "7995",
    terminal: "LHO00001",
    merchantId: "LUCKYHARBOUR001",
    presence: "not_present",
  },
  {
    key: "bistro-fr",
    acquirer: "hanse",
    name: "BISTRO DES TROIS PONTS",
    city: "STRASBOURG",
    state: null,
    country: "FR",
    currency: "eur",
    categoryCode: "5812",
    terminal: "BTP00006",
    merchantId: "TROISPONTS00006",
    presence: "present",
  },
  {
    key: "hotel-at",
    acquirer: "hanse",
    name: "PENSION STEINADLER",
    city: "INNSBRUCK",
    state: null,
    country: "AT",
    currency: "eur",
    categoryCode: "7011",
    terminal: "PSA00002",
    merchantId: "STEINADLER00002",
    presence: "present",
  },
  {
    key: "books-gb",
    acquirer: "thames",
    name: "FOXGLOVE BOOKS",
    city: "LEEDS",
    state: null,
    country: "GB",
    currency: "gbp",
    categoryCode: "5942",
    terminal: "FXB00011",
    merchantId: "FOXGLOVEBK00011",
    presence: "present",
  },
  {
    key: "pub-gb",
    acquirer: "thames",
    name: "THE TILTED LANTERN",
    city: "BRISTOL",
    state: null,
    country: "GB",
    currency: "gbp",
    categoryCode: "5813",
    terminal: "TTL00001",
    merchantId: "TILTEDLANTERN01",
    presence: "present",
  },
  {
    key: "restaurant-gb",
    acquirer: "thames",
    name: "SALTMARSH KITCHEN",
    city: "EDINBURGH",
    state: null,
    country: "GB",
    currency: "gbp",
    categoryCode: "5812",
    terminal: "SMK00008",
    merchantId: "SALTMARSH000008",
    presence: "present",
  },
  {
    key: "coaches-gb",
    acquirer: "thames",
    name: "DALESMAN COACH PARTS",
    city: "BRADFORD",
    state: null,
    country: "GB",
    currency: "gbp",
    categoryCode: "5013",
    terminal: "DCP00030",
    merchantId: "DALESMANPART030",
    presence: "not_present",
  },
  {
    key: "camera-jp",
    acquirer: "thames",
    name: "HIGASHI CAMERA",
    city: "OSAKA",
    state: null,
    country: "JP",
    // No minor unit.
    currency: "jpy",
    categoryCode: "5946",
    terminal: "HGC00005",
    merchantId: "HIGASHICAM00005",
    presence: "present",
  },
] as const satisfies readonly DemoMerchant[];

export type DemoAcquirerKey = (typeof acquirers)[number]["key"];
export type DemoMerchantKey = (typeof merchants)[number]["key"];

/** Where the demo program's cards are used. All names are invented. */
export const demoAcquirers: readonly (DemoAcquirer & { readonly key: DemoAcquirerKey })[] = acquirers;
export const demoMerchants: readonly (DemoMerchant & { readonly key: DemoMerchantKey })[] = merchants;
