import type { ImportedDialect } from "./field-mapping.ts";
import type { ResponseCodeStyle } from "./response-codes.ts";
import { deadlines } from "./limits.ts";

/** One place where a network, or an acquirer, exchanges messages with us. A configuration file has the same shape. */
export interface LinkSpec {
  /** Unique among the links: what logs, metrics and the ports of a running switch are named after. */
  readonly name: string;
  readonly dialect: "visa-style" | "mastercard-style" | "iso87-ascii";
  /** A dialect of somebody's own on the wire, with its way to `dialect`, which is iso87-ascii then. */
  readonly imported?: ImportedDialect;
  /** Whose meaning fields and response codes have, and the first part of every message's identity. */
  readonly network: ResponseCodeStyle;
  readonly endpoint: LinkEndpoint;
  readonly framing: LinkFraming;
  /** Six digits each, for the headers of our own messages; null where the dialect has no header. */
  readonly stations: { readonly ours: string; readonly theirs: string } | null;
  /**
   * by-us: we sign on when a connection is up, and a peer that signs on itself is welcome too. by-them: nothing is
   * served before their sign-on. none: a connection serves at once.
   */
  readonly signOn: "by-us" | "by-them" | "none";
  /** First digits of the PANs that this link may speak for; empty: all. */
  readonly bins: readonly string[];
  /** Addresses ("127.0.0.1") and subnets ("10.1.0.0/16") that may connect. */
  readonly peers: readonly string[];
  /** Whether a 0100 or 0200 with an old DE7 is answered 94 (rules: Identity). */
  readonly wantsFreshTransmissionTime: boolean;
  /** DE39 of a 0410 whose original is unknown (rules: Holds). */
  readonly unknownReversalResponse: "25" | "00";
  /** Whether a request may be approved in part where its network gives it no way to say so (rules: Holds). */
  readonly allowsPartial: boolean;
  /**
   * DE39 where less than a purchase with cashback is approved. partial: 10. purchase_only: 87, if the message can take
   * that and DE4 of the answer is just DE4 of the request less its cashback, else 10: all that is available is approved,
   * and 87 would tell a sender who was given more or less that it was exactly the purchase.
   */
  readonly cashbackShortfall: "partial" | "purchase_only";
  /** null: in clear. */
  readonly tls: LinkTls | null;
  readonly limits: LinkLimits;
}

/** How messages are told apart on a line: src/iso8583/framing.ts draws each. */
export const linkFramings = [
  "two-byte-length",
  "two-byte-inclusive",
  "two-byte-bcd",
  "three-byte-length",
  "four-byte-length",
  "zeros-two-byte",
  "vli",
  "ascii-digits-3",
  "ascii-digits-4",
  "ascii-digits-5",
  "ascii-digits-6",
  "ascii-digits-7",
  "ascii-digits-8",
  "hex-4",
  "etx",
  "two-byte-etx",
] as const satisfies readonly string[];
export type LinkFraming = (typeof linkFramings)[number];

/** Paths of PEM files. Peers are looked up in `peers` before any of it: a stranger costs no handshake. */
export interface LinkTls {
  /** Ours, with its key: needed where we listen; where we connect, what we show a peer that asks. */
  readonly certificateFile: string | null;
  readonly keyFile: string | null;
  /** Who must have signed the peer's certificate. null: where we listen none is asked for, where we connect the system's. */
  readonly authorityFile: string | null;
  /** The name in the certificate of the peer that we connect to; null: its host. */
  readonly serverName: string | null;
}

export type LinkEndpoint =
  | { readonly kind: "listen"; readonly host: string; readonly port: number }
  | { readonly kind: "connect"; readonly host: string; readonly port: number };

export interface LinkLimits {
  /** From the first byte of a request to the last moment at which its answer may leave. */
  readonly decisionMs: number;
  /** How long the network waits: until then a 91 that is known to be true is still of use. */
  readonly networkWaitMs: number;
  /** A longer frame ends the connection before anything is allocated for it. */
  readonly frameBytesMax: number;
  /** From one address, on all links together; beyond, a new one is reset. */
  readonly connectionsAPeerMax: number;
  /** New connections of one address that may begin a TLS handshake within a second. */
  readonly handshakesAPeerASecondMax: number;
  /** A TLS handshake that takes longer is given up. */
  readonly handshakeMs: number;
  /** A frame that has begun and does not go on for so long ends the connection. */
  readonly midFrameIdleMs: number;
  /** Frames that broke the format, answered or not, before the connection is closed. */
  readonly malformedFramesAMinuteMax: number;
  /** A connection on which nobody has signed on is closed after this. */
  readonly signOnWaitMs: number;
  /** How long an orderly end waits for the answer to our sign-off. */
  readonly signOffWaitMs: number;
  /** Silence after which we send an echo request; null: never. */
  readonly echoIdleMs: number | null;
  readonly echoAnswerMs: number;
  /** Echo requests in a row without an answer, before the connection is closed. */
  readonly echoesMissedMax: number;
  /** Two ends that both return what they get would never stop. */
  readonly keepAlivesReturnedASecondMax: number;
  /** Bytes that a peer may leave unread, and for how long, before the connection is closed. */
  readonly unreadBytesMax: number;
  readonly unreadMs: number;
  /** Undecided authorizations, before new ones are answered 91 at once. Reversals are never turned away. */
  readonly inFlightMax: number;
  /** Wait before a lost connection is tried again; doubled each time up to the longest. */
  readonly reconnectMs: number;
  readonly reconnectMaxMs: number;
  readonly connectTimeoutMs: number;
}

export const defaultLinkLimits = {
  decisionMs: deadlines.decisionMs,
  networkWaitMs: deadlines.networkMs.generic,
  frameBytesMax: 8_192,
  connectionsAPeerMax: 64,
  handshakesAPeerASecondMax: 50,
  handshakeMs: 5_000,
  midFrameIdleMs: 5_000,
  malformedFramesAMinuteMax: 10,
  signOnWaitMs: 10_000,
  signOffWaitMs: 1_000,
  echoIdleMs: 10_000,
  echoAnswerMs: 5_000,
  echoesMissedMax: 2,
  keepAlivesReturnedASecondMax: 10,
  unreadBytesMax: 1_048_576,
  unreadMs: 5_000,
  inFlightMax: 8_192,
  reconnectMs: 100,
  reconnectMaxMs: 10_000,
  connectTimeoutMs: 5_000,
} as const satisfies LinkLimits;

const loopback = ["127.0.0.0/8", "::1"] as const;

export const defaultLinks = [
  {
    name: "visa-style",
    dialect: "visa-style",
    network: "visa",
    endpoint: { kind: "listen", host: "127.0.0.1", port: 8583 },
    framing: "vli",
    stations: { ours: "412345", theirs: "000000" },
    signOn: "by-us",
    bins: [],
    peers: loopback,
    wantsFreshTransmissionTime: true,
    unknownReversalResponse: "25",
    allowsPartial: false,
    cashbackShortfall: "partial",
    tls: null,
    limits: { ...defaultLinkLimits, networkWaitMs: deadlines.networkMs.visa },
  },
  {
    name: "mastercard-style",
    dialect: "mastercard-style",
    network: "mastercard",
    endpoint: { kind: "listen", host: "127.0.0.1", port: 8584 },
    framing: "two-byte-length",
    stations: null,
    signOn: "by-us",
    bins: [],
    peers: loopback,
    wantsFreshTransmissionTime: true,
    unknownReversalResponse: "25",
    allowsPartial: false,
    cashbackShortfall: "partial",
    tls: null,
    limits: { ...defaultLinkLimits, networkWaitMs: deadlines.networkMs.mastercard },
  },
  {
    name: "generic",
    dialect: "iso87-ascii",
    network: "generic",
    endpoint: { kind: "listen", host: "127.0.0.1", port: 8585 },
    framing: "two-byte-length",
    stations: null,
    signOn: "none",
    bins: [],
    peers: loopback,
    wantsFreshTransmissionTime: false,
    unknownReversalResponse: "25",
    allowsPartial: false,
    cashbackShortfall: "partial",
    tls: null,
    // A plain peer may not know echo requests, so its silence says nothing about the line.
    limits: { ...defaultLinkLimits, echoIdleMs: null },
  },
] as const satisfies readonly LinkSpec[];
