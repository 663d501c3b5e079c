import { minor } from "../../src/kernel/money.ts";
import type { Redis } from "../../src/store/client.ts";
import { type ChargedDay } from "../../src/store/entry.ts";
import type {
  AdvicePart,
  AuthorizationPart,
  CommitPart,
  EntryPart,
  ExpiryPart,
  FinancialPart,
  ReversalPart,
} from "../../src/store/entry-part.ts";
import { packEntry } from "../../src/store/journal-entry.ts";
import type { Keyspace } from "../../src/store/keys.ts";

/** Appends entries as the functions would, but with whatever outcome the test wants. */
export class JournalWriter {
  readonly #redis: Redis;
  readonly #keyspace: Keyspace;

  constructor(redis: Redis, keyspace: Keyspace) {
    this.#redis = redis;
    this.#keyspace = keyspace;
  }

  /** All at once: nobody reads some of them only. */
  async append(shard: number, entries: readonly Uint8Array[]): Promise<void> {
    const pipeline = this.#redis.multi();
    for (const entry of entries) pipeline.xadd(this.#keyspace.journal(shard), "0-*", "e", Buffer.from(entry));
    for (const [error] of (await pipeline.exec()) ?? []) if (error !== null) throw error;
  }
}

interface Outcome {
  readonly businessMs: number;
  readonly available: bigint;
  readonly held: bigint;
}

export interface AuthorizationOutcome extends Outcome {
  readonly outcome: number;
  readonly reason?: number;
  readonly approved: bigint;
  /** Of an increment: entry that made the hold to which it was added. */
  readonly holdNo?: number;
}

/** What an advice, a financial message, a reversal or an expiry has done. */
export interface EffectOutcome extends Outcome {
  readonly outcome: number;
  readonly reason?: number;
  readonly amount: bigint;
  readonly before?: bigint;
  readonly touched?: number;
  readonly targetNo?: number;
  readonly viaNo?: number;
  readonly days?: readonly { readonly day: number; readonly amount: bigint }[];
}

export function authorizationBytes(part: Partial<AuthorizationPart>, outcome: AuthorizationOutcome): Uint8Array {
  const tail = Buffer.alloc(outcome.holdNo === undefined ? 30 : 36);
  tail.writeUInt8(outcome.outcome, 0);
  tail.writeUInt8(outcome.reason ?? 0, 1);
  tail.writeUIntBE(outcome.businessMs, 2, 6);
  tail.writeUIntBE(Number(outcome.approved), 8, 6);
  writeBalances(tail, 14, outcome);
  if (outcome.holdNo !== undefined) tail.writeUIntBE(outcome.holdNo, 30, 6);
  return Buffer.concat([packEntry({ ...message, ...asked, kind: "authorization", ...part }), tail]);
}

export function adviceBytes(part: Partial<AdvicePart>, effect: EffectOutcome): Uint8Array {
  return effectBytes({ ...message, ...asked, ...advice, ...part }, effect);
}

export function financialBytes(part: Partial<FinancialPart>, effect: EffectOutcome): Uint8Array {
  return effectBytes({ ...message, ...asked, ...financial, ...part }, effect);
}

export function reversalBytes(part: Partial<ReversalPart>, effect: EffectOutcome): Uint8Array {
  return effectBytes({ ...message, ...reversal, ...part }, effect);
}

export function expiryBytes(part: Partial<ExpiryPart>, effect: EffectOutcome): Uint8Array {
  return effectBytes({ ...expiry, ...part }, effect);
}

// | outcome | reason | business 6 | amount 6 | available 8 | held 8 | before 6 | touched | target 6 | via 6 | beside 6 | days ... |
function effectBytes(part: EntryPart, effect: EffectOutcome): Uint8Array {
  const tail = Buffer.alloc(55);
  tail.writeUInt8(effect.outcome, 0);
  tail.writeUInt8(effect.reason ?? 0, 1);
  tail.writeUIntBE(effect.businessMs, 2, 6);
  tail.writeUIntBE(Number(effect.amount), 8, 6);
  writeBalances(tail, 14, effect);
  tail.writeUIntBE(Number(effect.before ?? 0n), 30, 6);
  tail.writeUInt8(effect.touched ?? 0, 36);
  tail.writeUIntBE(effect.targetNo ?? 0, 37, 6);
  tail.writeUIntBE(effect.viaNo ?? effect.targetNo ?? 0, 43, 6);
  return Buffer.concat([packEntry(part), tail, ...(effect.days ?? []).map(dayBytes)]);
}

function dayBytes({ day, amount }: Omit<ChargedDay, "amount"> & { readonly amount: bigint }): Buffer {
  const bytes = Buffer.alloc(10);
  bytes.writeUInt16BE(day, 0);
  bytes.writeDoubleBE(Number(amount), 2);
  return bytes;
}

export function commitBytes(part: Partial<CommitPart>, outcome: Outcome & { moved: bigint }): Uint8Array {
  const tail = Buffer.alloc(30);
  tail.writeUIntBE(outcome.businessMs, 0, 6);
  tail.writeDoubleBE(Number(outcome.moved), 6);
  writeBalances(tail, 14, outcome);
  return Buffer.concat([packEntry({ ...commit, ...part }), tail]);
}

function writeBalances(tail: Buffer, at: number, outcome: Outcome): void {
  tail.writeDoubleBE(Number(outcome.available), at);
  tail.writeDoubleBE(Number(outcome.held), at + 8);
}

const head = { account: 1, wallMs: 1_790_000_000_000 } as const;

const message = {
  ...head,
  network: 1,
  card: 11,
  chain: 11,
  cardholder: 5,
  messageKey: Buffer.from("message1"),
  chainKey: Buffer.from("chain--1"),
  fingerprint: Buffer.from("finger-1"),
  stan: "000123",
  acquirer: "400001",
  rrn: "632616000123",
  networkChain: "",
  transactionAmount: minor(12_50),
  transactionCurrency: 840,
  cardCurrency: 840,
  merchantKey: Buffer.from("merchant"),
  merchant: { terminal: "TERM0001", id: "LARKSPUR0000001", nameLocation: "Larkspur Hardware Boise ID US" },
} as const;

const asked = {
  door: 1,
  purpose: 0,
  cardAmount: minor(12_50),
  rate: 0,
  mcc: 5251,
  merchantCountry: 840,
  isPresent: true,
  allowsPartial: false,
  cashbackAmount: minor(0),
  entryMode: "051",
  processingCode: "000000",
  authorizationCode: 123456,
} as const;

const advice = { kind: "advice", isApproved: true, authorizationKey: Buffer.from("message1") } as const;

const financial = {
  kind: "financial",
  isAdvice: false,
  isApproved: true,
  originalKeys: [],
  settlementDate: "",
} as const;

const reversal = {
  kind: "reversal",
  isAdvice: false,
  undoKeys: [Buffer.from("message1")],
  replacement: null,
} as const;

const expiry = {
  ...head,
  kind: "expiry",
  card: 11,
  chain: 11,
  cardholder: 5,
  cardCurrency: 840,
  holdKey: Buffer.from("message1"),
  holdNo: 2,
} as const;

const commit = {
  ...head,
  kind: "commit",
  objectType: "topup",
  objectNo: 1,
  version: 1,
  currency: 840,
  body: "{}",
  counters: [],
} as const;
