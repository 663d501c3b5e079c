import { assert } from "../kernel/assert.ts";
import { zero } from "../kernel/money.ts";
import { ByteReader, ByteWriter } from "./bytes.ts";
import {
  type BackfillEntry,
  type CommitEntry,
  type JournalEntry,
  type ObjectType,
  type Place,
  entryFlags,
  entryKinds,
  objectTypes,
} from "./entry.ts";
import type {
  AmountPart,
  EntryHead,
  EntryPart,
  FinancialPart,
  MessagePart,
  NewCounter,
  ReversalPart,
} from "./entry-part.ts";
import { readAdvice, readAuthorization, readClearing, readFinancial } from "./entry-readers.ts";
import { readAnswer, readExpiry, readReversal } from "./follow-up-readers.ts";

/** 1 had neither purposes nor charged days, and kept one key of a reversal. */
const formatNow = 2;
const writer = new ByteWriter(1024);

/** The request part of an entry. The bytes are a copy of their own. */
export function packEntry(part: EntryPart): Uint8Array {
  writer.reset();
  writer.uint(formatNow, 1);
  writer.uint(entryKinds[part.kind], 1);
  writer.uint(part.account, 4);
  writer.uint(part.wallMs, 6);
  switch (part.kind) {
    case "authorization":
      packAmountMessage(part, (part.askDeadlineMs ?? 0) > 0 ? entryFlags.asks : 0);
      if ((part.askDeadlineMs ?? 0) > 0) writer.uint(part.askDeadlineMs ?? 0, 6);
      break;
    case "advice":
      packAmountMessage(part, part.isApproved ? entryFlags.approved : 0);
      writer.bytes(part.authorizationKey);
      break;
    case "financial":
      packFinancial(part);
      break;
    case "reversal":
      packReversal(part);
      break;
    case "expiry":
      writer.uint(part.card, 4);
      writer.uint(part.chain, 4);
      writer.uint(part.cardholder, 4);
      writer.uint(part.cardCurrency, 2);
      writer.bytes(part.holdKey);
      writer.uint(part.holdNo, 6);
      break;
    case "clearing":
      packAmountMessage(part, part.isFinal ? entryFlags.final : 0);
      writer.bytes(part.holdKey);
      writer.uint(part.holdNo, 6);
      writer.shortText(part.settlementDate);
      break;
    case "answer":
      writer.uint(part.card, 4);
      writer.uint(part.chain, 4);
      writer.uint(part.cardholder, 4);
      writer.uint(part.cardCurrency, 2);
      writer.bytes(part.messageKey);
      writer.uint(part.messageNo, 6);
      writer.uint(part.isConfirmed ? 1 : 0, 1);
      writer.text(part.details);
      break;
    case "commit":
      writer.uint(objectTypes[part.objectType], 1);
      writer.uint(part.objectNo, 6);
      writer.uint(part.version, 4);
      writer.uint(part.currency, 2);
      writer.text(part.body);
      writer.text(part.counters.length === 0 ? "" : JSON.stringify(part.counters));
      break;
    case "backfill":
      writer.uint(part.chain, 4);
      writer.uint(part.cardholder, 4);
      writer.shortText(part.field);
      writer.uint(part.asOf, 6);
      writer.minor(part.spent);
      break;
  }
  return writer.copy();
}

/*
 *   | purpose, high half; door, low half 1 | flags 1 | message ... | card amount 6 | rate 4 | MCC 2 | country 2 |
 *   | [ cashback 6 ] | entry mode | processing code 3 | authorization code 3 | [ details ] |
 */
function packAmountMessage(part: MessagePart & AmountPart, flags: number): void {
  const hasCashback = part.cashbackAmount > zero;
  const hasDetails = part.details !== undefined && part.details !== "";
  writer.uint(part.purpose * 16 + part.door, 1);
  writer.uint(
    flags |
      (part.isPresent ? entryFlags.present : 0) |
      (part.allowsPartial ? entryFlags.allowsPartial : 0) |
      (hasCashback ? entryFlags.cashback : 0) |
      (hasDetails ? entryFlags.details : 0),
    1,
  );
  packMessage(part);
  writer.minor(part.cardAmount);
  writer.uint(part.rate, 4);
  writer.uint(part.mcc, 2);
  writer.uint(part.merchantCountry, 2);
  if (hasCashback) writer.minor(part.cashbackAmount);
  writer.shortText(part.entryMode);
  writer.uint(Number(part.processingCode), 3);
  writer.uint(part.authorizationCode, 3);
  if (part.details !== undefined && hasDetails) writer.text(part.details);
}

function packMessage(part: MessagePart): void {
  writer.uint(part.network, 1);
  writer.uint(part.card, 4);
  writer.uint(part.chain, 4);
  writer.uint(part.cardholder, 4);
  writer.bytes(part.messageKey);
  writer.bytes(part.chainKey);
  writer.bytes(part.fingerprint);
  writer.uint(Number(part.stan), 3);
  writer.shortText(part.acquirer);
  writer.shortText(part.rrn);
  writer.shortText(part.networkChain);
  writer.minor(part.transactionAmount);
  writer.uint(part.transactionCurrency, 2);
  writer.uint(part.cardCurrency, 2);
  writer.bytes(part.merchantKey);
  writer.uint(part.merchant === null ? 0 : 1, 1);
  if (part.merchant !== null) {
    writer.shortText(part.merchant.terminal);
    writer.shortText(part.merchant.id);
    writer.shortText(part.merchant.nameLocation);
  }
}

function packFinancial(part: FinancialPart): void {
  packAmountMessage(part, (part.isAdvice ? entryFlags.advice : 0) | (part.isApproved ? entryFlags.approved : 0));
  packKeys(part.originalKeys);
  writer.shortText(part.settlementDate);
}

function packReversal(part: ReversalPart): void {
  const hasReplacement = part.replacement !== null;
  writer.uint((part.isAdvice ? entryFlags.advice : 0) | (hasReplacement ? entryFlags.replacement : 0), 1);
  packMessage(part);
  packKeys(part.undoKeys);
  if (part.replacement !== null) writer.minor(part.replacement);
}

function packKeys(keys: readonly Uint8Array[]): void {
  writer.uint(keys.length, 1);
  for (const key of keys) writer.bytes(key);
}

/** Whether an entry is a commit, without reading the rest of it. */
export function isCommit(bytes: Uint8Array): boolean {
  return bytes[1] === entryKinds.commit;
}

/** Reads an entry back. Throws where the bytes are not an entry of a known format: the journal is ours. */
export function unpackEntry(shard: number, no: number, bytes: Uint8Array): JournalEntry {
  const reader = new ByteReader(bytes);
  const format = reader.uint(1);
  assert(format === formatNow, `journal ${shard}/${no}: unknown format ${format}`);
  const kind = reader.uint(1);
  const head = { shard, no, account: reader.uint(4), wallMs: reader.uint(6) };
  switch (kind) {
    case entryKinds.authorization:
      return readAuthorization(head, reader);
    case entryKinds.advice:
      return readAdvice(head, reader);
    case entryKinds.financial:
      return readFinancial(head, reader);
    case entryKinds.reversal:
      return readReversal(head, reader);
    case entryKinds.expiry:
      return readExpiry(head, reader);
    case entryKinds.clearing:
      return readClearing(head, reader);
    case entryKinds.answer:
      return readAnswer(head, reader);
    case entryKinds.commit:
      return readCommit(head, reader);
    case entryKinds.backfill:
      return readBackfill(head, reader);
    default:
      throw new Error(`journal ${shard}/${no}: unknown kind ${kind}`);
  }
}

function readCommit(head: Place & EntryHead, reader: ByteReader): CommitEntry {
  return {
    shard: head.shard,
    no: head.no,
    account: head.account,
    wallMs: head.wallMs,
    kind: "commit",
    objectType: objectTypeOf(reader.uint(1)),
    objectNo: reader.uint(6),
    version: reader.uint(4),
    currency: reader.uint(2),
    body: reader.text(),
    counters: countersOf(reader.text()),
    businessMs: reader.uint(6),
    moved: reader.double(),
    available: reader.double(),
    held: reader.double(),
  };
}

function readBackfill(head: Place & EntryHead, reader: ByteReader): BackfillEntry {
  return {
    shard: head.shard,
    no: head.no,
    account: head.account,
    wallMs: head.wallMs,
    kind: "backfill",
    chain: reader.uint(4),
    cardholder: reader.uint(4),
    field: reader.shortText(),
    asOf: reader.uint(6),
    spent: reader.minor(),
    businessMs: reader.uint(6),
  };
}

function countersOf(json: string): readonly NewCounter[] {
  return json === "" ? noCounters : (JSON.parse(json) as readonly NewCounter[]);
}

const noCounters: readonly NewCounter[] = [];

function objectTypeOf(type: number): ObjectType {
  for (const [name, number] of Object.entries(objectTypes)) {
    if (number === type) return name as ObjectType;
  }
  throw new Error(`journal: unknown object type ${type}`);
}
