import type { Pan } from "../src/kernel/pan.ts";
import type { Entry } from "./purchase.ts";

/** A card that traffic may use. */
export interface TrafficCard {
  /** What journals and reports call it. */
  readonly key: string;
  readonly pan: Pan;
  /** YYMM. */
  readonly expiry: string;
  /** ISO 4217 numeric: purchases are made in it. */
  readonly currency: number;
  /** A category code that the card declines; null where it has none. */
  readonly blockedCategory: string | null;
  /** The most that one authorization may be, in minor units; null where no such limit is known. */
  readonly limitEach: number | null;
}

/**
 * approve: in reach of card and account. insufficient_funds: more than any account has. blocked_category and over_limit:
 * on cards that know such a category or limit. duplicate: an earlier 0100 again, byte for byte, on another connection.
 * reversal: a 0400 of an earlier approval.
 */
export const orderKinds = [
  "approve",
  "insufficient_funds",
  "blocked_category",
  "over_limit",
  "duplicate",
  "reversal",
] as const;
export type OrderKind = (typeof orderKinds)[number];

/** Shares of the traffic in basis points; they add up to 10,000. */
export type TrafficMix = Readonly<Record<OrderKind, number>>;

export const usualMix: TrafficMix = {
  approve: 8_500,
  insufficient_funds: 500,
  blocked_category: 300,
  over_limit: 300,
  duplicate: 200,
  reversal: 200,
};

/** Cards without limits and blocked categories: everything but what needs those. */
export const plainMix: TrafficMix = {
  approve: 9_100,
  insufficient_funds: 500,
  blocked_category: 0,
  over_limit: 0,
  duplicate: 200,
  reversal: 200,
};

export type Pace =
  /** So many a second whether or not answers come: latency counts from the moment that was planned. */
  | { readonly kind: "open"; readonly perSecond: number }
  /** Always so many without an answer: finds the most that passes; latency counts from sending. */
  | { readonly kind: "closed"; readonly inFlight: number };

export interface TrafficSettings {
  readonly network: "visa" | "mastercard" | "generic";
  readonly host: string;
  readonly port: number;
  readonly connections: number;
  /** How long all of them may take to open and sign on, in milliseconds. */
  readonly connectMs: number;
  readonly signOn: "by-us" | "none";
  /** The same seed, run and clock give the same bytes. */
  readonly seed: number;
  /** Three characters of every RRN; a run of its own for every start, or an issuer answers from memory. */
  readonly run: number;
  readonly pace: Pace;
  /** Whichever comes first ends the sending; null is no bound, and one of them is given. */
  readonly messages: number | null;
  readonly seconds: number | null;
  readonly mix: TrafficMix;
  readonly cards: readonly TrafficCard[];
  /** 0: every card alike. Above: a few cards make most of the traffic (Zipf's exponent, such as 1). */
  readonly zipfExponent: number;
  /** Of approvals, in minor units. */
  readonly amountMin: number;
  readonly amountMax: number;
  readonly entry: Entry;
  /** How long one attempt waits, in milliseconds. */
  readonly timeoutMs: number;
  /** 0101 after silence, then 0420 and 0421 until answered; without it, silence is only counted. */
  readonly retransmits: boolean;
  /** How long the end may take to settle stored reversals, in milliseconds. */
  readonly settleMs: number;
  /** Frames leave in pieces cut at random places. */
  readonly splitsFrames: boolean;
  /** An open loop sleeps for parts of a millisecond, where its core is wanted elsewhere. Not beside the issuer in one process. */
  readonly naps: boolean;
  /** Where the journal of what was seen goes; null: none is kept. */
  readonly journalPath: string | null;
}

export const usualTraffic = {
  network: "generic",
  host: "127.0.0.1",
  port: 8585,
  connections: 4,
  connectMs: 10_000,
  signOn: "none",
  seed: 1,
  pace: { kind: "open", perSecond: 500 },
  messages: null,
  seconds: 10,
  mix: plainMix,
  zipfExponent: 0,
  amountMin: 100,
  amountMax: 20_000,
  entry: "ecommerce",
  timeoutMs: 5_000,
  retransmits: true,
  settleMs: 20_000,
  splitsFrames: false,
  naps: false,
  journalPath: null,
} as const satisfies Omit<TrafficSettings, "run" | "cards">;
