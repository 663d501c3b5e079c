import { expect } from "chai";
import { minor } from "../../src/kernel/money.ts";
import type { AmountPart, EntryHead, EntryPart, MessagePart } from "../../src/store/entry-part.ts";
import { packEntry, unpackEntry } from "../../src/store/journal-entry.ts";

const head: EntryHead = { account: 7, wallMs: 1_795_000_000_000 };
const message: MessagePart = {
  network: 3,
  card: 11,
  chain: 12,
  cardholder: 13,
  messageKey: Buffer.from("message1"),
  chainKey: Buffer.from("chain--1"),
  fingerprint: Buffer.from("finger-1"),
  stan: "000123",
  acquirer: "40000112345",
  rrn: "632912345678",
  networkChain: "309876543210987",
  transactionAmount: minor(999_999_999_999),
  transactionCurrency: 978,
  cardCurrency: 840,
  merchantKey: Buffer.from("merchant"),
  merchant: null,
};
const amount: AmountPart = {
  door: 2,
  purpose: 5,
  cardAmount: minor(12_50),
  rate: 61_158_907,
  mcc: 5411,
  merchantCountry: 840,
  isPresent: true,
  allowsPartial: true,
  cashbackAmount: minor(5_00),
  entryMode: "051",
  processingCode: "090000",
  authorizationCode: 123_456,
};
const keys = [Buffer.from("original"), Buffer.from("second--")];

//   outcome 1 | reason 1 | business ms 6 | amount 6 | available 8 | held 8 | before 6 | touched 1 | target 6 | via 6 | beside 6
const effect = { outcome: 24, reason: 3, businessMs: 9, amount: minor(70), before: minor(90), touched: 1 };
const places = { targetNo: 5, viaNo: 6, besideNo: 7 };
const balances = { available: minor(-30), held: minor(70) };

describe("store/journal-entry", () => {
  const parts: readonly EntryPart[] = [
    { kind: "advice", ...head, ...message, ...amount, isApproved: true, authorizationKey: Buffer.from("original") },
    { kind: "advice", ...head, ...message, ...amount, isApproved: false, authorizationKey: Buffer.from("original") },
    {
      kind: "financial",
      ...head,
      ...message,
      ...amount,
      cashbackAmount: minor(0),
      isPresent: false,
      isAdvice: true,
      isApproved: false,
      originalKeys: keys,
      settlementDate: "1122",
    },
    {
      kind: "financial",
      ...head,
      ...message,
      ...amount,
      allowsPartial: false,
      isAdvice: false,
      isApproved: true,
      originalKeys: [],
      settlementDate: "",
    },
    { kind: "reversal", ...head, ...message, isAdvice: true, undoKeys: keys, replacement: null },
    { kind: "reversal", ...head, ...message, isAdvice: false, undoKeys: keys, replacement: minor(0) },
    {
      kind: "expiry",
      ...head,
      card: 11,
      chain: 12,
      cardholder: 13,
      cardCurrency: 840,
      holdKey: Buffer.from("message1"),
      holdNo: 1_099_511_627_775,
    },
    {
      kind: "clearing",
      ...head,
      ...message,
      ...amount,
      details: '{"city":"Münster"}',
      isFinal: true,
      holdKey: Buffer.from("message1"),
      holdNo: 1_099_511_627_775,
      settlementDate: "1122",
    },
    {
      kind: "answer",
      ...head,
      card: 11,
      chain: 12,
      cardholder: 13,
      cardCurrency: 840,
      messageKey: Buffer.from("message1"),
      messageNo: 1_099_511_627_775,
      isConfirmed: true,
      details: '{"status":200}',
    },
  ];

  for (const part of parts) {
    it(`reads back all that an entry says of ${nameOf(part)}`, () => {
      const days = [
        { day: 20_727, amount: minor(-20) },
        { day: 65_535, amount: minor(3) },
      ];

      const read = unpackEntry(2, 9, Buffer.concat([packEntry(part), effectBytes(days)]));

      const told = { shard: 2, no: 9, ...effect, ...places, ...balances, days };
      expect(plain(read)).to.deep.equal(plain({ ...withDetails(part), ...told }));
    });
  }

  it("reads back an authorization, with a hold of its own or added to another's", () => {
    const said = { kind: "authorization", ...head, ...message, ...amount } as const;
    const part: EntryPart = { ...said, askDeadlineMs: 1_795_000_002_000, details: "{}" };
    const outcome = { outcome: 1, reason: 0, businessMs: 9, approved: minor(70), ...balances };
    const tail = effectBytes([]).subarray(0, 30);
    tail.writeUInt8(1, 0);
    tail.writeUInt8(0, 1);

    const alone = unpackEntry(2, 9, Buffer.concat([packEntry(part), tail]));
    const added = unpackEntry(2, 9, Buffer.concat([packEntry(part), tail, Buffer.from("000000000005", "hex")]));

    expect(plain(alone)).to.deep.equal(plain({ ...part, shard: 2, no: 9, ...outcome, holdNo: 0 }));
    expect(plain(added)).to.deep.equal(plain({ ...part, shard: 2, no: 9, ...outcome, holdNo: 5 }));
  });

  it("says a plain purchase whose merchant is known in 160 bytes, its outcome included", () => {
    const plainPurchase = { ...amount, purpose: 0, cashbackAmount: minor(0) };
    const part: EntryPart = { kind: "authorization", ...head, ...message, ...plainPurchase, networkChain: "" };

    expect(packEntry(part).length + 30).to.be.at.most(160);
  });

  it("refuses entries of another format, and kinds that it does not know", () => {
    const bytes = Buffer.from(packEntry({ kind: "authorization", ...head, ...message, ...amount }));

    bytes[1] = 99;
    expect(() => unpackEntry(0, 1, bytes)).to.throw("unknown kind 99");
    bytes[0] = 1;
    expect(() => unpackEntry(0, 1, bytes)).to.throw("unknown format 1");
  });
});

/** A message whose part says nothing of them is read back with details that say nothing. */
function withDetails(part: EntryPart): object {
  return "cardAmount" in part ? { details: "", ...part } : part;
}

function nameOf(part: EntryPart): string {
  const details = Object.entries(part).filter(([name]) => ["isAdvice", "isApproved", "replacement"].includes(name));
  return [part.kind, ...details.map(([name, value]) => `${name} ${String(value)}`)].join(", ");
}

function effectBytes(days: readonly { readonly day: number; readonly amount: bigint }[]): Buffer {
  const bytes = Buffer.alloc(55 + days.length * 10);
  bytes.writeUInt8(effect.outcome, 0);
  bytes.writeUInt8(effect.reason, 1);
  bytes.writeUIntBE(effect.businessMs, 2, 6);
  bytes.writeUIntBE(Number(effect.amount), 8, 6);
  bytes.writeDoubleBE(Number(balances.available), 14);
  bytes.writeDoubleBE(Number(balances.held), 22);
  bytes.writeUIntBE(Number(effect.before), 30, 6);
  bytes.writeUInt8(effect.touched, 36);
  bytes.writeUIntBE(places.targetNo, 37, 6);
  bytes.writeUIntBE(places.viaNo, 43, 6);
  bytes.writeUIntBE(places.besideNo, 49, 6);
  for (const [i, { day, amount: charged }] of days.entries()) {
    bytes.writeUInt16BE(day, 55 + i * 10);
    bytes.writeDoubleBE(Number(charged), 57 + i * 10);
  }
  return bytes;
}

/** Bytes as hex, so that a view of a larger buffer equals a buffer of its own. */
function plain(value: object): unknown {
  return JSON.parse(JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? String(part) : part)));
}
