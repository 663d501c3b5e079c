import { assert } from "../kernel/assert.ts";
import { ByteReader, ByteWriter } from "./bytes.ts";

/*
 * What the hot path reads of the program's objects, packed beside the counters that the functions keep. Each begins
 * with | format 1 | version 4 |, and the functions look no further.
 *
 *   account s    | 1 | version 4 | flags 1: 1 enabled, 2 takes partial approvals, 4 asks, 8 approves |
 *   holder  p<n> | 1 | version 4 | status 1 | verification required 1 | controls, JSON behind 4 bytes of length |
 *   chain   v    | 1 | version 4 | count 1 | cards ... |
 *     card       | number 4 | PAN tag 4 | status 1 | expiry YYMM 2 | cardholder 4 | currency 2 | network 1 | flags 1 | controls |
 *   index   i:   | 1 | account 4 | chain 4 | cardholder 4 | shard 1 |
 */
const formatNow = 1;

export const cardStatuses = {
  active: 1,
  inactive: 2,
  canceled: 3,
  lost: 4,
  stolen: 5,
} as const;
export type CardStatus = keyof typeof cardStatuses;
export const holderStatuses = { active: 1, inactive: 2, blocked: 3 } as const;
export type HolderStatus = keyof typeof holderStatuses;

export interface CardStatic {
  readonly card: number;
  /** Tells the PANs of a chain apart: see pan-index.ts. */
  readonly panTag: number;
  readonly status: CardStatus;
  /** 2912 for December 2029. */
  readonly expiry: number;
  readonly cardholder: number;
  /** ISO 4217 numeric. */
  readonly currency: number;
  readonly network: number;
  /** A program of type `load`: the default limits do not apply. */
  readonly isLoad: boolean;
  /** The controls as JSON, or "" for none. */
  readonly controls: string;
}

export interface ChainStatic {
  readonly version: number;
  /** Oldest first. */
  readonly cards: readonly CardStatic[];
}

export interface HolderStatic {
  readonly version: number;
  readonly status: HolderStatus;
  readonly isVerificationRequired: boolean;
  readonly controls: string;
}

export interface AccountStatic {
  readonly isEnabled: boolean;
  /** A purchase for which the funds are short may be approved in part. */
  readonly takesPartial: boolean;
  /** The program's endpoint is asked about what would be approved (rules: Real-time endpoint). */
  readonly asksPlatform: boolean;
  /** What the endpoint does not answer in time is approved. */
  readonly approvesByDefault: boolean;
}

/** Where the PAN index says that a chain of cards lives. */
export interface IndexedChain {
  readonly shard: number;
  readonly account: number;
  readonly chain: number;
  readonly cardholder: number;
}

const writer = new ByteWriter(512);

function begin(version: number): void {
  writer.reset();
  writer.uint(formatNow, 1);
  writer.uint(version, 4);
}

export function packChain(chain: ChainStatic): Uint8Array {
  begin(chain.version);
  writer.uint(chain.cards.length, 1);
  for (const card of chain.cards) {
    writer.uint(card.card, 4);
    writer.uint(card.panTag, 4);
    writer.uint(cardStatuses[card.status], 1);
    writer.uint(card.expiry, 2);
    writer.uint(card.cardholder, 4);
    writer.uint(card.currency, 2);
    writer.uint(card.network, 1);
    writer.uint(card.isLoad ? 1 : 0, 1);
    writer.text(card.controls);
  }
  return writer.copy();
}

export function unpackChain(bytes: Uint8Array): ChainStatic {
  const reader = open(bytes, "chain");
  const version = reader.uint(4);
  const cards: CardStatic[] = [];
  for (let left = reader.uint(1); left > 0; left--) {
    cards.push({
      card: reader.uint(4),
      panTag: reader.uint(4),
      status: nameOf(cardStatuses, reader.uint(1)),
      expiry: reader.uint(2),
      cardholder: reader.uint(4),
      currency: reader.uint(2),
      network: reader.uint(1),
      isLoad: reader.uint(1) === 1,
      controls: reader.text(),
    });
  }
  return { version, cards };
}

export function packHolder(holder: HolderStatic): Uint8Array {
  begin(holder.version);
  writer.uint(holderStatuses[holder.status], 1);
  writer.uint(holder.isVerificationRequired ? 1 : 0, 1);
  writer.text(holder.controls);
  return writer.copy();
}

export function unpackHolder(bytes: Uint8Array): HolderStatic {
  const reader = open(bytes, "cardholder");
  return {
    version: reader.uint(4),
    status: nameOf(holderStatuses, reader.uint(1)),
    isVerificationRequired: reader.uint(1) === 1,
    controls: reader.text(),
  };
}

export function packAccount(version: number, account: AccountStatic): Uint8Array {
  begin(version);
  const { isEnabled, takesPartial, asksPlatform, approvesByDefault } = account;
  writer.uint((isEnabled ? 1 : 0) + (takesPartial ? 2 : 0) + (asksPlatform ? 4 : 0) + (approvesByDefault ? 8 : 0), 1);
  return writer.copy();
}

export function unpackAccount(bytes: Uint8Array): AccountStatic {
  const reader = open(bytes, "account");
  reader.uint(4);
  const flags = reader.uint(1);
  return {
    isEnabled: (flags & 1) !== 0,
    takesPartial: (flags & 2) !== 0,
    asksPlatform: (flags & 4) !== 0,
    approvesByDefault: (flags & 8) !== 0,
  };
}

/** The version alone, of what the hot path does not read. */
export function packVersion(version: number): Uint8Array {
  begin(version);
  return writer.copy();
}

/** Version of an account, from its head. */
export function accountVersionOf(head: Uint8Array): number {
  return open(head, "head").uint(4);
}

export function packIndexedChain(chain: IndexedChain): Uint8Array {
  writer.reset();
  writer.uint(formatNow, 1);
  writer.uint(chain.account, 4);
  writer.uint(chain.chain, 4);
  writer.uint(chain.cardholder, 4);
  writer.uint(chain.shard, 1);
  return writer.copy();
}

export function unpackIndexedChain(bytes: Uint8Array): IndexedChain {
  const reader = open(bytes, "PAN index");
  const [account, chain, cardholder] = [reader.uint(4), reader.uint(4), reader.uint(4)];
  return { account, chain, cardholder, shard: reader.uint(1) };
}

function open(bytes: Uint8Array, what: string): ByteReader {
  const reader = new ByteReader(bytes);
  const format = reader.uint(1);
  // Old code refuses what newer code has written.
  assert(format === formatNow, `${what}: unknown format ${format}`);
  return reader;
}

function nameOf<Name extends string>(table: Readonly<Record<Name, number>>, number: number): Name {
  for (const name of Object.keys(table) as Name[]) if (table[name] === number) return name;
  throw new Error(`unknown status ${number}`);
}
