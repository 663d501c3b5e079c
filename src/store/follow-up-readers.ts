import type { ByteReader } from "./bytes.ts";
import { type AnswerEntry, type ExpiryEntry, type Place, type ReversalEntry, entryFlags } from "./entry.ts";
import type { EntryHead } from "./entry-part.ts";
import { readDays, readKeys, readMerchant } from "./entry-run-readers.ts";

/* Entries about what was there before: a reversal, the end of a hold's time, an answer to a question. As entry-readers.ts. */
type Head = Place & EntryHead;

export function readReversal(head: Head, reader: ByteReader): ReversalEntry {
  const flags = reader.uint(1);
  return {
    shard: head.shard,
    no: head.no,
    account: head.account,
    wallMs: head.wallMs,
    kind: "reversal",
    network: reader.uint(1),
    card: reader.uint(4),
    chain: reader.uint(4),
    cardholder: reader.uint(4),
    messageKey: reader.bytes(8),
    chainKey: reader.bytes(8),
    fingerprint: reader.bytes(8),
    stan: String(reader.uint(3)).padStart(6, "0"),
    acquirer: reader.shortText(),
    rrn: reader.shortText(),
    networkChain: reader.shortText(),
    transactionAmount: reader.minor(),
    transactionCurrency: reader.uint(2),
    cardCurrency: reader.uint(2),
    merchantKey: reader.bytes(8),
    merchant: readMerchant(reader),
    isAdvice: (flags & entryFlags.advice) !== 0,
    undoKeys: readKeys(reader),
    replacement: (flags & entryFlags.replacement) !== 0 ? reader.minor() : null,
    outcome: reader.uint(1),
    reason: reader.uint(1),
    businessMs: reader.uint(6),
    amount: reader.minor(),
    available: reader.double(),
    held: reader.double(),
    before: reader.minor(),
    touched: reader.uint(1),
    targetNo: reader.uint(6),
    viaNo: reader.uint(6),
    besideNo: reader.uint(6),
    days: readDays(reader),
  };
}

export function readExpiry(head: Head, reader: ByteReader): ExpiryEntry {
  return {
    shard: head.shard,
    no: head.no,
    account: head.account,
    wallMs: head.wallMs,
    kind: "expiry",
    card: reader.uint(4),
    chain: reader.uint(4),
    cardholder: reader.uint(4),
    cardCurrency: reader.uint(2),
    holdKey: reader.bytes(8),
    holdNo: reader.uint(6),
    outcome: reader.uint(1),
    reason: reader.uint(1),
    businessMs: reader.uint(6),
    amount: reader.minor(),
    available: reader.double(),
    held: reader.double(),
    before: reader.minor(),
    touched: reader.uint(1),
    targetNo: reader.uint(6),
    viaNo: reader.uint(6),
    besideNo: reader.uint(6),
    days: readDays(reader),
  };
}

export function readAnswer(head: Head, reader: ByteReader): AnswerEntry {
  return {
    shard: head.shard,
    no: head.no,
    account: head.account,
    wallMs: head.wallMs,
    kind: "answer",
    card: reader.uint(4),
    chain: reader.uint(4),
    cardholder: reader.uint(4),
    cardCurrency: reader.uint(2),
    messageKey: reader.bytes(8),
    messageNo: reader.uint(6),
    isConfirmed: reader.uint(1) === 1,
    details: reader.text(),
    outcome: reader.uint(1),
    reason: reader.uint(1),
    businessMs: reader.uint(6),
    amount: reader.minor(),
    available: reader.double(),
    held: reader.double(),
    before: reader.minor(),
    touched: reader.uint(1),
    targetNo: reader.uint(6),
    viaNo: reader.uint(6),
    besideNo: reader.uint(6),
    days: readDays(reader),
  };
}
