/* The bytes that lua/prelude.lua draws, written here a second time, so that an example can begin in any state. */

export const eightBytes = (name: string): Buffer => Buffer.from(name.padEnd(8, "-").slice(0, 8), "latin1");

export function headBytes(head: { version: number; businessMs: number; hash?: string; format?: number }): Buffer {
  const { businessMs, format = 1, hash = "0000000000000000", version } = head;
  return Buffer.concat([number(format, 1), number(version, 4), number(businessMs, 6), Buffer.from(hash, "latin1")]);
}

export function balanceBytes(balance: { available: number; held: number; format?: number }): Buffer {
  return Buffer.concat([number(balance.format ?? 1, 1), double(balance.available), double(balance.held)]);
}

/** Of a cardholder, a chain or any object: the functions look at no more than this. */
export function staticBytes(version: number, format = 1): Buffer {
  return Buffer.concat([number(format, 1), number(version, 4), Buffer.from("the rest is TypeScript's")]);
}

/** `waitsFor`: journal number up to which the past is missing; null: nothing is missing. */
export function counterBytes(counter: {
  window: number;
  spent: number;
  waitsFor?: number | null;
  format?: number;
}): Buffer {
  const { spent, waitsFor = null, window } = counter;
  const format = counter.format ?? (waitsFor === null ? 1 : 2);
  const tail = waitsFor === null ? Buffer.alloc(0) : number(waitsFor, 6);
  return Buffer.concat([number(format, 1), number(window, 4), double(spent), tail]);
}

export interface MessageState {
  readonly outcome: number;
  readonly reason?: number;
  readonly amount?: number;
  readonly code?: number;
  readonly no?: number;
  readonly wallS: number;
  readonly fingerprint?: string;
  readonly format?: number;
}

export function messageBytes(message: MessageState): Buffer {
  const { format = 0x12, outcome, reason = 0 } = message;
  return Buffer.concat([number(format, 1), number(outcome, 1), number(reason, 1), answered(message)]);
}

export interface HoldState extends Omit<MessageState, "outcome" | "reason"> {
  readonly state: number;
  readonly remaining: number;
  readonly mcc?: number;
  /** Business second at which limits were charged. */
  readonly chargedS?: number;
}

export function holdBytes(hold: HoldState): Buffer {
  const { chargedS = 0, format = 0x11, mcc = 5411, remaining, state } = hold;
  return Buffer.concat([
    Buffer.concat([number(format, 1), number(1, 1), number(state, 1), answered(hold), eightBytes("chain")]),
    Buffer.concat([number(remaining, 6), number(mcc, 2), number(0, 4), number(chargedS, 4)]),
  ]);
}

/** An answer that names a message. */
export function namingBytes(answer: MessageState & { readonly names: string; readonly left?: number }): Buffer {
  const { left = 0, names, outcome, reason = 0 } = answer;
  const start = Buffer.concat([number(0x14, 1), number(outcome, 1), number(reason, 1), answered(answer)]);
  return Buffer.concat([start, eightBytes(names), number(left, 6), number(0, 4)]);
}

/** A debit that can still be reversed in full, and was charged on one day. */
export function postingBytes(posting: Omit<HoldState, "state">): Buffer {
  const amount = posting.amount ?? posting.remaining;
  return Buffer.concat([holdBytes({ ...posting, amount, state: 5, format: 0x16 }), number(amount, 6), number(0, 1)]);
}

/** A limit as an argument; `most` of 2^48 - 1 only counts. */
export function limitText(limit: { of: "chain" | "holder"; interval: string; most: number; field: string }): Buffer {
  const scope = limit.of === "chain" ? "c" : "a";
  return Buffer.concat([Buffer.from(scope + limit.interval), number(limit.most, 6), Buffer.from(limit.field)]);
}

function answered(message: Omit<MessageState, "outcome">): Buffer {
  const { amount = 0, code = 0, fingerprint = "finger", no = 0, wallS } = message;
  return Buffer.concat([number(amount, 6), number(code, 3), number(no, 5), number(wallS, 4), eightBytes(fingerprint)]);
}

function number(value: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntBE(value, 0, bytes);
  return buffer;
}

function double(value: number): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeDoubleBE(value);
  return buffer;
}
