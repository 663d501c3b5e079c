export interface ProcessLimits {
  /** Every so many requests one is followed stage by stage. */
  readonly traceEvery: number;
  readonly tracesKept: number;
  readonly cardViewsMax: number;
  readonly merchantsMax: number;
  /** From SIGTERM to the end of what is in flight. */
  readonly signOffMs: number;
  /** From SIGTERM to the records holding the last entry. */
  readonly drainMs: number;
  /** How long a read waits for the records to catch up. */
  readonly readTimeoutMs: number;
  /** How long a process has to acknowledge a push. */
  readonly acknowledgeMs: number;
  /** Pause between two rounds of the due runner. */
  readonly dueEveryMs: number;
  readonly dueChainsMax: number;
  readonly dueHoldsMax: number;
  /** How long the due runner waits until what it did is in the records. */
  readonly dueDrainMs: number;
  readonly adminBodyBytesMax: number;
  /** Bodies of the API: forms, and uploads. */
  readonly apiFormBytesMax: number;
  readonly apiFileBytesMax: number;
  readonly apiFormDepthMax: number;
  readonly apiFormParametersMax: number;
  /** How long a request of the API waits until the records hold what it has to see. */
  readonly apiReadWaitMs: number;
  /** How long the answer to an idempotency key is kept. */
  readonly apiIdempotencyKeepMs: number;
  /** Of one key; null: as many as come. */
  readonly apiRequestsPerSecondMax: number | null;
  /** From the first byte to the end of the headers, and of the whole request. */
  readonly httpHeadersMs: number;
  readonly httpRequestMs: number;
  /** How far a platform in a process of its own stands back behind the switch: 0 not at all, 19 at most. */
  readonly platformNiceness: number;
  readonly webhooks: WebhookLimits;
}

export interface WebhookLimits {
  /** Pause between two looks at what has happened and what is due. */
  readonly everyMs: number;
  /** Deliveries under way at the same time: to all endpoints, and to one. */
  readonly atOnceMax: number;
  readonly toOneAtOnceMax: number;
  readonly deliveryTimeoutMs: number;
  /** Business time from a failed delivery to the next try; after the last one it has failed. */
  readonly retriesMs: readonly number[];
  readonly answerBytesMax: number;
  readonly headerBytesMax: number;
  /** To one origin. */
  readonly connectionsMax: number;
  /** A real-time endpoint has this long, name resolution and TLS included (rules: Real-time endpoint). */
  readonly realTimeMs: number;
}

export const defaultProcessLimits: ProcessLimits = {
  traceEvery: 64,
  tracesKept: 1_000,
  cardViewsMax: 200_000,
  merchantsMax: 100_000,
  signOffMs: 2_500,
  drainMs: 1_000,
  readTimeoutMs: 5_000,
  acknowledgeMs: 5_000,
  dueEveryMs: 1_000,
  dueChainsMax: 200,
  dueHoldsMax: 1_000,
  dueDrainMs: 30_000,
  adminBodyBytesMax: 65_536,
  apiFormBytesMax: 262_144,
  apiFileBytesMax: 8_388_608,
  apiFormDepthMax: 20,
  apiFormParametersMax: 5_000,
  apiReadWaitMs: 2_000,
  apiIdempotencyKeepMs: 86_400_000,
  apiRequestsPerSecondMax: null,
  httpHeadersMs: 10_000,
  httpRequestMs: 10_000,
  platformNiceness: 10,
  webhooks: {
    everyMs: 100,
    atOnceMax: 256,
    toOneAtOnceMax: 16,
    deliveryTimeoutMs: 10_000,
    retriesMs: [300_000, 3_600_000, 10_800_000],
    answerBytesMax: 65_536,
    headerBytesMax: 16_384,
    connectionsMax: 128,
    realTimeMs: 2_000,
  },
};
