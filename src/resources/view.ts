import type { SealedPan } from "../hsm/pan-vault.ts";
import type { IdCodec, Place } from "../kernel/ids.ts";
import type { Pan } from "../kernel/pan.ts";
import type { RecordsQueries } from "../records/queries.ts";

/** What the API can show. Some are objects that a commit writes, some are made of the messages in the journal. */
export type RenderedType =
  | "account"
  | "authorization"
  | "balance_transaction"
  | "card"
  | "cardholder"
  | "dispute"
  | "ephemeral_key"
  | "event"
  | "external_account"
  | "file"
  | "file_link"
  | "funding"
  | "payout"
  | "person"
  | "personalization_design"
  | "physical_bundle"
  | "topup"
  | "transaction"
  | "transfer"
  | "transfer_reversal"
  | "webhook_endpoint";

export interface ObjectRef {
  readonly type: RenderedType;
  readonly place: Place;
}

/** What records do not say openly: number and code of a virtual card, and what signs the letters to an endpoint. */
export interface CardSecrets {
  readonly number: (card: Place, sealedPan: SealedPan) => Pan;
  /** CVC2 for an expiry such as 2912, December 2029. */
  readonly cvc: (pan: Pan, expiry: number) => string;
  /** Of a webhook endpoint: told only in the answer that makes it. */
  readonly endpointSecret: (endpoint: Place) => string;
}

/** The records at a moment, and how what stands in them is named. */
export interface View {
  readonly records: RecordsQueries;
  readonly ids: IdCodec;
  /** Entries of the shard up to this number count; null: all. */
  readonly asOf: number | null;
  /** Body of a committed object at the moment; null where it did not exist. */
  readonly object: <Body>(type: RenderedType, place: Place) => { readonly version: number; readonly body: Body } | null;
  /** What a card's record does not say openly. */
  readonly cardSecrets: CardSecrets;
  /** Id of the balance transaction that the making of an object has left; null: it moved nothing. */
  readonly balanceTransaction: (type: RenderedType, place: Place) => string | null;
  /** Where the caller has found us, http://127.0.0.1:12120; null: nobody has called, as with an event that is delivered. */
  readonly origin: string | null;
  /** How many endpoints have not taken an event by now, whatever the moment. */
  readonly undelivered: (event: Place) => number;
  /** Another object at the same moment, for what embeds it whole. */
  readonly render: (ref: ObjectRef) => object | null;
  /** An object of the same shard at another moment of it. */
  readonly renderAsOf: (ref: ObjectRef, no: number) => object | null;
  /** Paths that the caller wants, seen from the object that is rendered now: "number", "cvc". */
  readonly expands: (path: string) => boolean;
}

/** Writes an object as the API tells it; null where it is not there. Pure but for reading the records. */
export type Renderer = (view: View, place: Place) => object | null;
