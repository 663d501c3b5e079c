import { minor } from "../../src/kernel/money.ts";
import type { Redis } from "../../src/store/client.ts";
import { type AuthorizationPart, type CommitPart, type ReversalPart } from "../../src/store/entry.ts";
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

  async append(shard: number, entries: readonly Uint8Array[]): Promise<void> {
    const pipeline = this.#redis.pipeline();
    for (const entry of entries) pipeline.xadd(this.#keyspace.journal(shard), "0-*", "e", Buffer.from(entry));
    for (const [error] of (await pipeline.exec()) ?? []) if (error !== null) throw error;
  }
}

interface Outcome {
  readonly businessMs: number;
  readonly available: bigint;
  readonly held: bigint;
}

export function authorizationBytes(
  part: Partial<AuthorizationPart>,
  outcome: Outcome & { outcome: number; reason?: number; approved: bigint },
): Uint8Array {
  const tail = Buffer.alloc(30);
  tail.writeUInt8(outcome.outcome, 0);
  tail.writeUInt8(outcome.reason ?? 0, 1);
  tail.writeUIntBE(outcome.businessMs, 2, 6);
  tail.writeUIntBE(Number(outcome.approved), 8, 6);
  writeBalances(tail, 14, outcome);
  return Buffer.concat([packEntry({ ...message, ...authorization, ...part }), tail]);
}

export function reversalBytes(
  part: Partial<ReversalPart>,
  outcome: Outcome & { outcome: number; released: bigint; originalNo: number; chargedS: number },
): Uint8Array {
  const tail = Buffer.alloc(40);
  tail.writeUInt8(outcome.outcome, 0);
  tail.writeUIntBE(outcome.businessMs, 2, 6);
  tail.writeUIntBE(Number(outcome.released), 8, 6);
  writeBalances(tail, 14, outcome);
  tail.writeUIntBE(outcome.originalNo, 30, 6);
  tail.writeUIntBE(outcome.chargedS, 36, 4);
  return Buffer.concat([packEntry({ ...message, ...reversal, ...part }), tail]);
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

const authorization = {
  kind: "authorization",
  door: 1,
  cardAmount: minor(12_50),
  rate: 0,
  mcc: 5251,
  merchantCountry: 840,
  isPresent: true,
  entryMode: "051",
  processingCode: "000000",
  authorizationCode: 123456,
} as const;

const reversal = { kind: "reversal", isAdvice: false, undoKey: Buffer.from("message1"), replacement: null } as const;

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
