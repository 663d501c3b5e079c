import type { Redis } from "../store/client.ts";
import { type Keyspace, fields } from "../store/keys.ts";
import {
  type PackedBalance,
  type PackedCounter,
  type PackedHead,
  type PackedMessage,
  type PackedMoney,
  unpackBalance,
  unpackCounter,
  unpackHead,
  unpackMessage,
  unpackPinTries,
  unpackPointer,
} from "../store/packed-state.ts";
import { type HashFields, type ShardKeys, readHashes } from "../store/snapshot.ts";
import type { ShardFindings } from "./violations.ts";

/** A stored answer or a hold as it stands in Redis. */
export interface StoredAnswer {
  readonly chain: number;
  /** With its letter m; Latin-1. */
  readonly field: string;
  readonly packed: PackedMessage | PackedMoney;
  isExplained: boolean;
}

export interface RedisAccount {
  readonly head: PackedHead | null;
  readonly static: Uint8Array | null;
  readonly balances: ReadonlyMap<number, PackedBalance>;
  readonly holders: ReadonlyMap<number, Uint8Array>;
  readonly counters: ReadonlyMap<string, PackedCounter>;
}

export interface RedisChain {
  readonly static: Uint8Array | null;
  readonly counters: ReadonlyMap<string, PackedCounter>;
  /** Message key that each of the network's chain ids names, by the chain key in Latin-1. */
  readonly pointers: ReadonlyMap<string, Uint8Array>;
  /** Failed tries of the PIN of each card. */
  readonly pinTries: ReadonlyMap<number, number>;
}

/** All of a shard's state in Redis, its answers by the journal number that they name. */
export interface RedisShard {
  readonly accounts: ReadonlyMap<number, RedisAccount>;
  readonly chains: ReadonlyMap<number, RedisChain>;
  readonly answers: ReadonlyMap<number, readonly StoredAnswer[]>;
}

export async function readRedisShard(
  source: { readonly redis: Redis; readonly keyspace: Keyspace; readonly keys: ShardKeys },
  findings: ShardFindings,
): Promise<RedisShard> {
  const { redis, keyspace, keys } = source;
  const { shard } = findings;
  const accounts = new Map<number, RedisAccount>();
  const accountNos = [...keys.accounts];
  for await (const [index, hash] of readHashes(
    redis,
    accountNos.map((no) => keyspace.account(shard, no)),
  )) {
    const no = accountNos[index] ?? 0;
    accounts.set(no, accountOf(no, hash, findings));
  }
  const chains = new Map<number, RedisChain>();
  const answers = new Map<number, StoredAnswer[]>();
  const chainNos = [...keys.chains];
  for await (const [index, hash] of readHashes(
    redis,
    chainNos.map((no) => keyspace.chain(shard, no)),
  )) {
    const no = chainNos[index] ?? 0;
    chains.set(no, chainOf(no, hash, answers, findings));
  }
  return { accounts, chains, answers };
}

function accountOf(no: number, hash: HashFields, findings: ShardFindings): RedisAccount {
  const entity = `account ${findings.name("acct", no)}`;
  const balances = new Map<number, PackedBalance>();
  const holders = new Map<number, Uint8Array>();
  const counters = new Map<string, PackedCounter>();
  for (const [field, value] of hash) {
    const read = <T>(unpack: (bytes: Uint8Array) => T): T | null => readOr(unpack, value, { entity, field, findings });
    const number = Number(field.slice(1));
    if (field.startsWith("b")) setIf(balances, number, read(unpackBalance));
    else if (field.startsWith("p")) holders.set(number, value);
    else if (field.startsWith("n")) setIf(counters, field, read(unpackCounter));
  }
  const packedHead = hash.get(fields.head);
  const head =
    packedHead === undefined ? null : readOr(unpackHead, packedHead, { entity, field: fields.head, findings });
  return { head, static: hash.get(fields.accountStatic) ?? null, balances, holders, counters };
}

function chainOf(
  no: number,
  hash: HashFields,
  answers: Map<number, StoredAnswer[]>,
  findings: ShardFindings,
): RedisChain {
  const entity = `chain of card ${findings.name("ic", no)}`;
  const counters = new Map<string, PackedCounter>();
  const pointers = new Map<string, Uint8Array>();
  const pinTries = new Map<number, number>();
  for (const [field, value] of hash) {
    const place = { entity, field, findings };
    if (field.startsWith("n")) setIf(counters, field, readOr(unpackCounter, value, place));
    if (field.startsWith("x")) setIf(pointers, field.slice(1), readOr(unpackPointer, value, place));
    if (field.startsWith("t")) setIf(pinTries, Number(field.slice(1)), readOr(unpackPinTries, value, place));
    if (!field.startsWith("m")) continue;
    const packed = readOr(unpackMessage, value, place);
    if (packed === null) continue;
    const answer: StoredAnswer = { chain: no, field, packed, isExplained: false };
    const others = answers.get(packed.journalNo);
    if (others === undefined) answers.set(packed.journalNo, [answer]);
    else others.push(answer);
  }
  return { static: hash.get(fields.chainStatic) ?? null, counters, pointers, pinTries };
}

function readOr<T>(
  unpack: (bytes: Uint8Array) => T,
  value: Uint8Array,
  place: { entity: string; field: string; findings: ShardFindings },
): T | null {
  try {
    return unpack(value);
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    const entity = `${place.entity}, field ${printable(place.field)}`;
    place.findings.add("answer", "I6", { entity, expected: "a known format", found });
    return null;
  }
}

/** A field's name for a person: bytes as hex. */
export function printable(field: string): string {
  const letter = field.slice(0, 1);
  const isKey = letter === "m" || letter === "x";
  return isKey ? `${letter}:${Buffer.from(field.slice(1), "latin1").toString("hex")}` : field;
}

function setIf<K, V>(map: Map<K, V>, key: K, value: V | null): void {
  if (value !== null) map.set(key, value);
}
