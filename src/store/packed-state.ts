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

/** How what lies under a message's key begins: as the answer to it. */
interface PackedStart {
  readonly outcome: number;
  readonly amount: Minor;
  readonly code: number;
  readonly journalNo: number;
  readonly wallS: number;
  readonly fingerprint: Uint8Array;
}

/** The first answer to a message without money of its own. */
export interface PackedMessage extends PackedStart {
  readonly kind: "message";
  readonly reason: number;
  /** The message under whose key its hold or posting lies, or that has undone it; null: it names none. */
  readonly named: PackedName | null;
  /** Of an inquiry: what it was told; null: it is none. */
  readonly told: PackedBalance | null;
}

export interface PackedName {
  readonly messageKey: Uint8Array;
  /** Of an increment: what reversals of it have left. */
  readonly left: Minor;
  readonly chargedS: number;
}

/** A hold or a posting, which is the first answer to its message as well. */
export interface PackedMoney extends PackedStart {
  readonly kind: "hold" | "posting";
  readonly state: number;
  readonly chainKey: Uint8Array;
  /** Of a posting: what can still be reversed. */
  readonly remaining: Minor;
  readonly mcc: number;
  readonly rate: number;
  readonly chargedS: number;
  readonly asked: Minor;
  readonly fuel: number;
  /** Days since 1970 after the first, and what remains of each. */
  readonly laterDays: readonly { readonly day: number; readonly amount: Minor }[];
}

const formatNow = 1;
const waitingFormat = 2;
const formats = { hold: 0x11, message: 0x12, naming: 0x14, holdOf: 0x15, posting: 0x16, inquiry: 0x17 } as const;
const pointerFormat = 0x13;
const lengths: ReadonlyMap<number, number> = new Map<number, number>([
  [formats.hold, 53],
  [formats.message, 29],
  [formats.naming, 47],
  [formats.inquiry, 45],
]);
/** Of a hold that has more to say than an ordinary one, and of a posting, before the days; and of each day. */
const moneyBytes = 60;
const dayBytes = 8;

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

export function unpackMessage(bytes: Uint8Array): PackedMessage | PackedMoney {
  const format = bytes[0] ?? 0;
  const days = Math.max(0, Math.floor((bytes.length - moneyBytes) / dayBytes));
  const reader = open(bytes, "message", Object.values(formats), lengths.get(format) ?? moneyBytes + days * dayBytes);
  const [outcome, reasonOrState, amount] = [reader.uint(1), reader.uint(1), reader.minor()];
  const [code, journalNo, wallS] = [reader.uint(3), reader.uint(5), reader.uint(4)];
  const start = { outcome, amount, code, journalNo, wallS, fingerprint: reader.bytes(8) };
  const isAnswer = format === formats.message || format === formats.naming || format === formats.inquiry;
  if (!isAnswer) return readMoney(format, reader, { ...start, state: reasonOrState });
  const named =
    format === formats.naming ? { messageKey: reader.bytes(8), left: reader.minor(), chargedS: reader.uint(4) } : null;
  const told = format === formats.inquiry ? { available: reader.double(), held: reader.double() } : null;
  return { kind: "message", ...start, reason: reasonOrState, named, told };
}

/** The message key of the hold or the posting that a chain's id names. */
export function unpackPointer(bytes: Uint8Array): Uint8Array {
  return open(bytes, "chain id", [pointerFormat], 9).bytes(8);
}

/** How many tries of a card's PIN have failed in a row. */
export function unpackPinTries(bytes: Uint8Array): number {
  return open(bytes, "tries", [formatNow], 2).uint(1);
}

function readMoney(format: number, reader: ByteReader, start: PackedStart & { state: number }): PackedMoney {
  const isPlain = format === formats.hold;
  const [chainKey, remaining, mcc] = [reader.bytes(8), reader.minor(), reader.uint(2)];
  const [rate, chargedS] = [reader.uint(4), reader.uint(4)];
  const [asked, fuel] = isPlain ? [start.amount, 0] : [reader.minor(), reader.uint(1)];
  const laterDays: { day: number; amount: Minor }[] = [];
  while (reader.remaining > 0) laterDays.push({ day: reader.uint(2), amount: reader.minor() });
  const kind = format === formats.posting ? "posting" : "hold";
  return { kind, ...start, chainKey, remaining, mcc, rate, chargedS, asked, fuel, laterDays };
}

function open(bytes: Uint8Array, what: string, formats: readonly number[], length: number): ByteReader {
  const reader = new ByteReader(bytes);
  assert(formats.includes(reader.uint(1)), `${what}: unknown format ${bytes[0]}`);
  assert(bytes.length === length, `${what}: ${bytes.length} bytes instead of ${length}`);
  return reader;
}
