import { hash } from "node:crypto";
import { setImmediate as turnOfTheLoop } from "node:timers/promises";
import type { Records } from "../records/database.ts";
import { objectRowId, rowId } from "../records/place.ts";
import { type CommitEntry, type ObjectType, objectTypes } from "../store/entry.ts";
import {
  type CardStatic,
  accountVersionOf,
  packAccount,
  packChain,
  packHolder,
  unpackAccount,
  unpackChain,
  unpackHolder,
} from "../store/statics.ts";
import type { ExpectedAccount, ExpectedCard, ProgramState } from "./program-state.ts";
import type { RedisShard } from "./redis-shard.ts";
import type { ShardFindings } from "./violations.ts";

interface ReplayedObject {
  version: number;
  account: number;
  /** Of the body: a million bodies would not fit into memory. */
  digest: string;
}

const pageRows = 2_000;

/** Objects as their commits left them, and what the hot path reads of them. */
export class ObjectReplay {
  readonly #findings: ShardFindings;
  readonly #objects = new Map<number, ReplayedObject>();

  constructor(findings: ShardFindings) {
    this.#findings = findings;
  }

  apply(entry: CommitEntry): void {
    const id = objectRowId(entry.objectType, { shard: entry.shard, no: recordedNo(entry) });
    const before = this.#objects.get(id)?.version ?? 0;
    const entity = `version of ${entry.objectType} ${entry.objectNo} in ${this.#findings.entry(entry.no)}`;
    this.#findings.compare("entry", "I6", { entity, expected: before + 1, found: entry.version });
    this.#objects.set(id, { version: entry.version, account: entry.account, digest: digestOf(entry.body) });
  }

  /** Compares the rows of objects, which stand at the end of the recorded entries. */
  async compareRows(records: Records): Promise<void> {
    const unseen = new Set(this.#objects.keys());
    for await (const row of objectRows(records, this.#findings.shard)) {
      const object = this.#objects.get(row.id);
      unseen.delete(row.id);
      const entity = `objects row of ${row.type} ${row.no} in shard ${this.#findings.shard}`;
      const expected = object === undefined ? "no row" : objectText(object);
      const found = objectText({ version: row.version, account: row.account, digest: digestOf(row.body) });
      this.#findings.compare("row", "I6", { entity, expected, found });
    }
    for (const id of unseen) {
      this.#findings.add("row", "I6", { entity: `objects row ${id}`, expected: "a row", found: "no row" });
    }
  }
}

interface RecordedObject {
  readonly id: number;
  readonly type: ObjectType;
  readonly no: number;
  readonly version: number;
  readonly account: number;
  readonly body: string;
}

/** Every object of a shard as recorded, in bounded pages with a turn of the loop between them. */
export async function* objectRows(records: Records, shard: number): AsyncGenerator<RecordedObject> {
  const statement = records.prepare<RecordedObject>(
    "SELECT id, type, no, version, account, body FROM objects WHERE id > ? AND id < ? ORDER BY id LIMIT ?",
  );
  for (const type of Object.keys(objectTypes) as ObjectType[]) {
    const first = objectRowId(type, { shard, no: 0 });
    for (let after = first - 1; ; ) {
      const rows = statement.all([after, first + rowId({ shard: 1, no: 0 }), pageRows]);
      const last = rows.at(-1);
      if (last === undefined) break;
      yield* rows;
      after = last.id;
      await turnOfTheLoop();
    }
  }
}

// An exception is recorded under its place in the journal.
function recordedNo(entry: CommitEntry): number {
  return entry.objectType === "exception" ? entry.no : entry.objectNo;
}

function objectText(object: ReplayedObject): string {
  return `version ${object.version}, account ${object.account}, body ${object.digest}`;
}

function digestOf(body: string): string {
  return hash("sha1", body, "hex").slice(0, 16);
}

/** Compares the static fields that the hot path reads with the objects that they were made from. */
export function compareStatics(findings: ShardFindings, program: ProgramState, redis: RedisShard): void {
  for (const [no, expectedAccount] of program.accounts) {
    const entity = `account ${findings.name("acct", no)}`;
    const expected = accountText(expectedAccount);
    const found = textOf(redis.accounts.get(no)?.static, (bytes) => {
      const [stored, account] = [accountVersionOf(bytes), unpackAccount(bytes)];
      const text = accountText({ version: stored, ...account });
      return { text, again: packAccount(stored, account) };
    });
    findings.compare("object", "I6", { entity, expected, found });
  }
  for (const [no, holder] of program.holders) {
    const entity = `cardholder ${findings.name("ich", no)}`;
    const { version, status, isVerificationRequired, controls } = holder;
    const expected = JSON.stringify({ version, status, isVerificationRequired, controls });
    const found = textOf(redis.accounts.get(holder.account)?.holders.get(no), (bytes) => {
      const stored = unpackHolder(bytes);
      return { text: JSON.stringify(stored), again: packHolder(stored) };
    });
    findings.compare("object", "I6", { entity, expected, found });
  }
  for (const [no, cards] of program.chains) {
    const entity = `card chain ${findings.name("ic", no)}`;
    // Every change of one of its cards is a version of the chain.
    const version = cards.reduce((sum, card) => sum + card.version, 0);
    const expected = `version ${version}, ${cards.map(cardText).join("; ")}`;
    const found = textOf(redis.chains.get(no)?.static, (bytes) => {
      const chain = unpackChain(bytes);
      const text = `version ${chain.version}, ${chain.cards.map(cardText).join("; ")}`;
      return { text, again: packChain(chain) };
    });
    findings.compare("object", "I6", { entity, expected, found });
  }
  for (const no of redis.chains.keys()) {
    if (program.chains.has(no)) continue;
    const entity = `card chain ${findings.name("ic", no)}`;
    findings.add("object", "I6", { entity, expected: "no chain without a card", found: "one in Redis" });
  }
}

function cardText(card: ExpectedCard | CardStatic): string {
  const { card: no, panTag, status, expiry, cardholder, currency, network, isLoad, controls } = card;
  const kind = `currency ${currency} network ${network}${isLoad ? " load" : ""}`;
  return `card ${no} tag ${panTag} ${status} ${expiry} cardholder ${cardholder} ${kind} controls ${controls}`;
}

/** `again`: the same packed anew. A byte that no reader looks at is told by it. */
function textOf(
  bytes: Uint8Array | null | undefined,
  read: (bytes: Uint8Array) => { readonly text: string; readonly again: Uint8Array },
): string {
  if (bytes === null || bytes === undefined) return "nothing in Redis";
  try {
    const { text, again } = read(bytes);
    return Buffer.compare(again, bytes) === 0 ? text : `${text}, in other bytes`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function accountText(account: ExpectedAccount): string {
  const { version, isEnabled, takesPartial, asksPlatform, approvesByDefault } = account;
  const endpoint = `asks ${asksPlatform}, approves by default ${approvesByDefault}`;
  return `version ${version}, enabled ${isEnabled}, partial approvals ${takesPartial}, ${endpoint}`;
}
