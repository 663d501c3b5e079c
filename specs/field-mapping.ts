import type { DialectSpec } from "./dialect.ts";
import type { FieldsOfNetwork } from "./message-fields.ts";

/**
 * A dialect that somebody brought along, and where its messages say what plain ISO 8583:1987 says. A link of such a
 * dialect means what the generic link means; only places and forms differ.
 */
export interface ImportedDialect {
  /** The dialect itself, or the file that it is made from. */
  readonly spec: DialectSpec | SpecFile;
  readonly mapping: FieldMapping;
}

export interface SpecFile {
  /** jpos: XML of a GenericPackager. moov: JSON of moov-io/iso8583. cardswitch: JSON of a DialectSpec. */
  readonly format: "jpos" | "moov" | "cardswitch";
  readonly file: string;
  /** jpos: tags of composites whose mapper of tags is a class of somebody's own; see src/iso8583/import-jpos.ts. */
  readonly tags?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** moov: what a length counts, by path; see src/iso8583/import-moov.ts. */
  readonly lengthUnit?: Readonly<Record<string, "characters" | "digits" | "bytes">>;
}

/** What messages say, and the field of plain ISO 8583:1987 that says it: the default of every mapping. */
export const mappedFields = {
  pan: "2",
  processingCode: "3",
  amount: "4",
  settlementAmount: "5",
  billingAmount: "6",
  transmissionTime: "7",
  settlementRate: "9",
  conversionRate: "10",
  stan: "11",
  localTime: "12",
  localDate: "13",
  expiry: "14",
  settlementDate: "15",
  mcc: "18",
  acquirerCountry: "19",
  entryMode: "22",
  cardSequence: "23",
  condition: "25",
  acquirer: "32",
  forwarder: "33",
  track2: "35",
  rrn: "37",
  authorizationCode: "38",
  responseCode: "39",
  terminal: "41",
  merchant: "42",
  nameLocation: "43",
  faultyField: "44",
  currency: "49",
  settlementCurrency: "50",
  billingCurrency: "51",
  additionalAmounts: "54",
  managementCode: "70",
  original: "90",
  replacement: "95",
} as const satisfies Readonly<Record<string, string>>;
export type MappedField = keyof typeof mappedFields;

/** What plain ISO 8583:1987 says as part of a longer field, or not at all. */
export const mappedParts = [
  "originalType",
  "originalStan",
  "replacementAmount",
  "networkChain",
  "merchantCountry",
] as const;
export type MappedPart = (typeof mappedParts)[number];

export type MappedKind = keyof FieldsOfNetwork;

export interface FieldMapping {
  /**
   * Where each is found. What is not listed is where plain ISO 8583:1987 has it, if the dialect has such a field; parts
   * that are not listed are not there. null: these messages do not have it, whatever field has that number.
   */
  readonly fields: Readonly<Partial<Record<MappedField | MappedPart, FieldSource | null>>>;
  /** Whether the card was at the merchant: it was where the value begins with one of `present`. Else by DE25 and DE22. */
  readonly presence: { readonly path: string; readonly present: readonly string[] } | null;
  /** First digit of our own messages: "0" 1987, "1" 1993, "2" 2003. An answer has that of its request. */
  readonly version: "0" | "1" | "2";
  /** Fields that an answer carries over byte for byte; what is not listed is as on the generic link. */
  readonly echo: Readonly<Partial<Record<MappedKind, readonly number[]>>>;
  /** Paths without which a request is a format error, besides those of the generic link. */
  readonly mandatory: Readonly<Partial<Record<MappedKind, readonly string[]>>>;
}

export type FieldSource =
  | {
      readonly path: string;
      /** So many characters of the value from this one on (0 is the first); else all. Such a field is never written. */
      readonly slice?: { readonly from: number; readonly length: number };
      /** Theirs → ours, where they differ: `{ "000": "00" }`. The first that fits is what we write. */
      readonly values?: Readonly<Record<string, string>>;
    }
  /** What messages of this dialect mean without saying it. */
  | { readonly value: string };

export const defaultFieldMapping = {
  fields: {},
  presence: null,
  version: "0",
  echo: {},
  mandatory: {},
} as const satisfies FieldMapping;
