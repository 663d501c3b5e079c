import { type Minor } from "../kernel/money.ts";
import { assert } from "../kernel/assert.ts";
import { ByteReader } from "./bytes.ts";

/* Reads what the functions keep in Redis; lua/prelude.lua draws the bytes. Throws at a format that it does not know. */

export interface PackedHead {
  readonly version: number;
  readonly businessMs: number;
  readonly chainHash: string;
}

export interface PackedBalance {
  readonly available: Minor;
  readonly held: Minor;
}

export interface PackedCounter {
  readonly window: number;
  readonly spent: Minor;
  /** Journal number up to which its past is still missing; null: it is whole. */
  readonly waitsFor: number | null;
}

/** The first answer to a message. */
export interface PackedMessage {
  readonly kind: "message";
  readonly outcome: number;
  readonly reason: number;
  readonly amount: Minor;
  readonly code: number;
  readonly journalNo: number;
  readonly wallS: number;
  readonly fingerprint: Uint8Array;
}

/** A hold, which is the first answer to its message as well. */
export interface PackedHold {
  readonly kind: "hold";
  readonly outcome: number;
  readonly state: number;
  readonly approved: Minor;
  readonly code: number;
  readonly journalNo: number;
  readonly wallS: number;
  readonly fingerprint: Uint8Array;
  readonly chainKey: Uint8Array;
  readonly remaining: Minor;
  readonly mcc: number;
  readonly rate: number;
  readonly chargedS: number;
}

const formatNow = 1;
const waitingFormat = 2;
const holdFormat = 0x11;
const messageFormat = 0x12;

export function unpackHead(bytes: Uint8Array): PackedHead {
  const reader = open(bytes, "head", [formatNow], 27);
  const [version, businessMs] = [reader.uint(4), reader.uint(6)];
  return { version, businessMs, chainHash: Buffer.from(reader.bytes(16)).toString("latin1") };
}

export function unpackBalance(bytes: Uint8Array): PackedBalance {
  const reader = open(bytes, "balance", [formatNow], 17);
  return { available: reader.double(), held: reader.double() };
}

export function unpackCounter(bytes: Uint8Array): PackedCounter {
  const isWaiting = bytes[0] === waitingFormat;
  const reader = open(bytes, "counter", [formatNow, waitingFormat], isWaiting ? 19 : 13);
  return { window: reader.uint(4), spent: reader.double(), waitsFor: isWaiting ? reader.uint(6) : null };
}

export function unpackMessage(bytes: Uint8Array): PackedMessage | PackedHold {
  const isHold = bytes[0] === holdFormat;
  const reader = open(bytes, "message", [holdFormat, messageFormat], isHold ? 53 : 29);
  const [outcome, reasonOrState, amount] = [reader.uint(1), reader.uint(1), reader.minor()];
  const [code, journalNo, wallS] = [reader.uint(3), reader.uint(5), reader.uint(4)];
  const fingerprint = reader.bytes(8);
  if (!isHold) {
    return { kind: "message", outcome, reason: reasonOrState, amount, code, journalNo, wallS, fingerprint };
  }
  return {
    kind: "hold",
    outcome,
    state: reasonOrState,
    approved: amount,
    code,
    journalNo,
    wallS,
    fingerprint,
    chainKey: reader.bytes(8),
    remaining: reader.minor(),
    mcc: reader.uint(2),
    rate: reader.uint(4),
    chargedS: reader.uint(4),
  };
}

function open(bytes: Uint8Array, what: string, formats: readonly number[], length: number): ByteReader {
  const reader = new ByteReader(bytes);
  assert(formats.includes(reader.uint(1)), `${what}: unknown format ${bytes[0]}`);
  assert(bytes.length === length, `${what}: ${bytes.length} bytes instead of ${length}`);
  return reader;
}
