import { ArgumentPacker } from "./functions.ts";
import type { HotClient } from "./hot-client.ts";
import { type ObjectType } from "./entry.ts";
import type { CommitPart, NewCounter } from "./entry-part.ts";
import { packEntry } from "./journal-entry.ts";
import { type Keyspace, fields } from "./keys.ts";
import type { RespValue } from "./resp.ts";

/** What a commit compares, then does. A field's version stands in its second to fifth byte. */
export type CommitStep =
  | { readonly do: "expect"; readonly key: string; readonly field: string; readonly version: number | "absent" }
  | { readonly do: "set"; readonly key: string; readonly field: string; readonly value: Uint8Array | string }
  | { readonly do: "delete"; readonly key: string; readonly field: string }
  /** A new counter, which starts at 0 as of this commit and waits for what was spent before (rules: Limits). */
  | ({ readonly do: "count"; readonly key: string } & NewCounter)
  /** Adds to the available balance of the commit's currency; below zero is refused. */
  | { readonly do: "move"; readonly amount: bigint };

export interface Commit {
  readonly shard: number;
  /** The account in whose chain of hashes the entry stands; 0 for what belongs to no account. */
  readonly account: number;
  readonly objectType: ObjectType;
  readonly objectNo: number;
  readonly version: number;
  readonly body: object;
  /** ISO 4217 numeric of the balance that moves; 0: none. */
  readonly currency: number;
  /** A new version of the account itself; 0 leaves it. */
  readonly accountVersion: number;
  readonly steps: readonly CommitStep[];
  /** Makes a repeat safe: the same digest and fingerprint are told the first journal number. */
  readonly idempotency: { readonly digest: string; readonly fingerprint: Uint8Array; readonly keepMs: number } | null;
  readonly wallMs: number;
  readonly businessMs: number;
}

export type CommitResult =
  | { readonly outcome: "done"; readonly journalNo: number; readonly businessMs: number }
  | { readonly outcome: "replayed"; readonly journalNo: number }
  | { readonly outcome: "mismatch" }
  /** Something has another version than was expected: nothing was written. */
  | { readonly outcome: "conflict"; readonly field: string }
  | { readonly outcome: "short"; readonly available: bigint }
  | { readonly outcome: "refused" | "unknown"; readonly cause: string };

export interface Committer {
  readonly hot: HotClient;
  readonly keyspace: Keyspace;
  /** Milliseconds that never go back. */
  readonly now: () => number;
  readonly timeoutMs: number;
  /** Called when Redis has answered, before anybody hears of it: where a test lets the process die. */
  readonly onAnswered?: () => void;
}

const packer = new ArgumentPacker("commit");
const noFingerprint = new Uint8Array(8);
const fixedKeys = 3;

/** Everything but an authorization changes in here, in one idempotent call that appends one entry. */
export function commit(committer: Committer, change: Commit): Promise<CommitResult> {
  const { hot, keyspace, now, timeoutMs } = committer;
  const keys = [
    keyspace.account(change.shard, change.account),
    keyspace.journal(change.shard),
    // The place has to hold some key of the slot: without a time to keep it, the function leaves it alone.
    change.idempotency === null
      ? keyspace.journal(change.shard)
      : keyspace.idempotency(change.shard, change.idempotency.digest),
  ];
  const steps: (string | Uint8Array)[] = [];
  for (const step of change.steps) appendStep(step, keys, steps);
  const packed = packer.pack({
    fingerprint: change.idempotency?.fingerprint ?? noFingerprint,
    wall_now: change.wallMs,
    business_now: change.businessMs,
    keep_ms: change.idempotency?.keepMs ?? 0,
    account_version: change.accountVersion,
  });
  const argv = [packed, fields.balance(change.currency), packEntry(entryOf(change)), ...steps];
  return new Promise((resolve) => {
    const deadlineMs = now() + timeoutMs;
    const call = { slot: keyspace.slot(change.shard), function: "commit", keys, argv, deadlineMs };
    hot.call(call, (reply) => {
      committer.onAnswered?.();
      if (reply.kind === "ok") resolve(resultOf(reply.value));
      else if (reply.kind === "redirected") resolve({ outcome: "refused", cause: reply.error.code });
      else resolve({ outcome: reply.kind, cause: reply.cause });
    });
    hot.flush();
  });
}

function entryOf(change: Commit): CommitPart {
  return {
    kind: "commit",
    account: change.account,
    wallMs: change.wallMs,
    objectType: change.objectType,
    objectNo: change.objectNo,
    version: change.version,
    currency: change.currency,
    body: JSON.stringify(change.body),
    counters: change.steps.flatMap((step) => (step.do === "count" ? [newCounterOf(step)] : [])),
  };
}

function newCounterOf({ chain, cardholder, field, interval, categories }: NewCounter): NewCounter {
  return { chain, cardholder, field, interval, categories };
}

function appendStep(step: CommitStep, keys: string[], steps: (string | Uint8Array)[]): void {
  switch (step.do) {
    case "expect":
      steps.push("expect", placeOf(step.key, keys), step.field, String(step.version));
      break;
    case "set":
      steps.push("set", placeOf(step.key, keys), step.field, latin1(step.value));
      break;
    case "delete":
      steps.push("del", placeOf(step.key, keys), step.field);
      break;
    case "count":
      steps.push("counter", placeOf(step.key, keys), step.field, step.interval);
      break;
    case "move":
      steps.push("move", String(step.amount));
      break;
  }
}

// A step names its key by the key's place in the call: every key is declared.
function placeOf(key: string, keys: string[]): string {
  const known = keys.indexOf(key);
  if (known >= 0) return String(known + 1);
  keys.push(key);
  return String(Math.max(keys.length, fixedKeys + 1));
}

function latin1(value: Uint8Array | string): Uint8Array {
  return typeof value === "string" ? Buffer.from(value) : value;
}

function resultOf(value: RespValue): CommitResult {
  const words: RespValue[] = Array.isArray(value) ? value : [];
  const [word, detail = "", business] = words.map((text) => (typeof text === "string" ? text : ""));
  switch (word) {
    case "done":
      return { outcome: "done", journalNo: Number(detail), businessMs: Number(business) };
    case "replayed":
      return { outcome: "replayed", journalNo: Number(detail) };
    case "mismatch":
      return { outcome: "mismatch" };
    case "conflict":
      return { outcome: "conflict", field: detail };
    case "short":
      return { outcome: "short", available: BigInt(detail) };
    default:
      return { outcome: "unknown", cause: "the function gave an answer that is none of its words" };
  }
}
