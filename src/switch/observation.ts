/** What can happen on a link, for counters and logs. One name for one thing, in every place. */
export const switchEvents = [
  "connected",
  "closed",
  "refused_peer",
  "refused_connection",
  "handshake_failed",
  "frame_received",
  "keep_alive",
  "answered",
  "approved",
  "declined",
  "reversed",
  "advised",
  "noted",
  "cutover",
  "silent",
  "late",
  "orphaned",
  "shed",
  "not_signed_on",
  "not_served",
  "format_error",
  "malformed",
  "unroutable",
  "stale",
  "framing_error",
  "unmatched_response",
  "rejected",
  "echo_missed",
  "slow_reader",
  "idle_mid_frame",
  "malformed_flood",
  "sign_on_missing",
  "dead_peer",
  "cut_off",
] as const;

export type SwitchEvent = (typeof switchEvents)[number];

/** Counting happens on the hot path, so both calls have to be as cheap as an addition. */
export interface SwitchMetrics {
  count(event: SwitchEvent, link: string): void;
  /** From the first byte of a request to its answer. */
  latency(link: string, milliseconds: number): void;
}

/** The part of a logger that the switch needs. */
export interface SwitchLog {
  debug(fields: object, text: string): void;
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
}

/** How one message came through, in milliseconds that never go back. A stage that was not reached is null. */
export interface DecisionTrace {
  readonly link: string;
  readonly session: number;
  readonly mti: string;
  readonly stan: string;
  readonly receivedAt: number;
  /** The message has been read and is about to be passed on. */
  readonly askedAt: number;
  decidedAt: number | null;
  answeredAt: number | null;
  /** The decision's word, such as "approved". */
  outcome: string | null;
  /** DE39 of the answer; null is silence. */
  responseCode: string | null;
}
