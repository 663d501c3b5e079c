/**
 * Intervals of spending limits, in the API's words. The number stands in packed counters and is the bit of a hold's
 * mask of charged limits (1 is the lowest bit); it is never given to another interval.
 */
export const limitIntervals = {
  per_authorization: 1,
  daily: 2,
  weekly: 3,
  monthly: 4,
  yearly: 5,
  all_time: 6,
} as const satisfies Readonly<Record<string, number>>;

export type LimitInterval = keyof typeof limitIntervals;

interface DefaultLimit {
  /** Whole units of the card currency: 500 dollars, 500 yen. */
  readonly amountMajor: bigint;
  readonly interval: LimitInterval;
}

/** rules: Limits. Neither applies to a program of type `load`. */
export const defaultLimits = {
  /** Of a card for which nobody has set a limit. */
  cardWithoutLimits: { amountMajor: 500n, interval: "daily" },
  /** Of every card, whatever limits it has. */
  always: { amountMajor: 10_000n, interval: "per_authorization" },
} as const satisfies Readonly<Record<string, DefaultLimit>>;

/** What a card program lifts. `load` is for load tests: as many approvals as its funds allow. */
export const programTypes = {
  standard: { hasDefaultLimits: true },
  load: { hasDefaultLimits: false },
} as const satisfies Readonly<Record<string, { readonly hasDefaultLimits: boolean }>>;

export type ProgramType = keyof typeof programTypes;

/** Wrong PINs in a row until the PIN of a card is locked: the last of them is told so (rules: Order of the decision). */
export const pinTriesMax = 3;

/** How long the outcome of a message is kept, in milliseconds of wall time (rules: Identity). */
export const retention = {
  declineMs: 86_400_000,
  messageWithoutHoldMs: 86_400_000,
  /** After the hold has become terminal. */
  holdAfterTerminalMs: 86_400_000,
  financialMs: 172_800_000,
  tombstoneMs: 172_800_000,
} as const satisfies Readonly<Record<string, number>>;

/** A 0100 or 0200 whose DE7 is older than this answers 94 (rules: Identity). */
export const transmissionTimeFreshMs = 3_600_000;

/** Milliseconds from the first byte of a request to the last moment at which an answer is of use. */
export const deadlines = {
  /** Ours: how long a decision may take. */
  decisionMs: 1_500,
  /** Ours where the account has a real-time endpoint. */
  decisionWithEndpointMs: 2_300,
  /** How long the endpoint has in all, and what is left for the decision and its answer after that. */
  endpointMs: 2_000,
  afterEndpointMs: 150,
  /** How long each network waits before it stands in. */
  networkMs: { visa: 5_000, mastercard: 6_500, generic: 5_000 },
} as const;

/**
 * How Node runs a switch and a platform. What a message or a request allocates (11 KB and more) is dead when it is
 * answered; with the default of 16 MiB the scavenger comes every 25 ms under load and finds what is in flight alive, with
 * 64 MiB it comes a fifth as often: 20 → 18 µs of CPU a message, 27,000 → 35,000 cards retrieved a second.
 */
export const nodeFlags = ["--max-semi-space-size=64"] as const;
