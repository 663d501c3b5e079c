import type { Clock } from "../kernel/clock.ts";
import type { Committer } from "../store/commit.ts";
import { type DueHold, type Expired, type ReadProgram, expire } from "../store/expire.ts";
import { fields } from "../store/keys.ts";
import { readField } from "../store/read-field.ts";
import { accountVersionOf, unpackChain, unpackHolder } from "../store/statics.ts";
import { limitsOf } from "./card-view.ts";
import type { ProgramTables } from "./program-tables.ts";

export interface ExpiryParts {
  readonly committer: Committer;
  readonly tables: ProgramTables;
  readonly clock: Clock;
}

/** `already`: it was closed before, or is forgotten. `other`: not the hold that was meant. `failed`: try again later. */
export type ExpiryOutcome = "done" | "already" | "other" | "failed";

const triesMax = 5;

/** Expires a hold whose time is over by business time, with the limits as they stand now. Safe to repeat. */
export async function expireHold(parts: ExpiryParts, due: DueHold): Promise<ExpiryOutcome> {
  let hold = due;
  for (let tries = 0; tries < triesMax; tries++) {
    const program = await readProgram(parts, hold);
    if (program === null) return "failed";
    const times = { wallMs: parts.clock.wallNow(), businessMs: parts.clock.businessNow() };
    const expired: Expired = await expire(parts.committer, hold, program, times);
    if (expired.outcome === "other_mcc") hold = { ...hold, mcc: expired.mcc };
    else if (expired.outcome !== "stale") return expired.outcome;
  }
  return "failed";
}

async function readProgram({ committer, tables }: ExpiryParts, hold: DueHold): Promise<ReadProgram | null> {
  const { keyspace } = committer;
  const accountKey = keyspace.account(hold.shard, hold.account);
  const chainKey = keyspace.chain(hold.shard, hold.chain);
  const [head, holder, chain] = await Promise.all([
    readField(committer, hold.shard, accountKey, fields.head),
    readField(committer, hold.shard, accountKey, fields.holder(hold.cardholder)),
    readField(committer, hold.shard, chainKey, fields.chainStatic),
  ]);
  const bytes = [head, holder, chain].map((read) => (read.kind === "read" ? read.value : null));
  const [headBytes, holderBytes, chainBytes] = bytes;
  if (!headBytes || !holderBytes || !chainBytes) return null;
  const statics = { holder: unpackHolder(holderBytes), chain: unpackChain(chainBytes) };
  const card = statics.chain.cards.find(({ card: no }) => no === hold.card) ?? statics.chain.cards[0];
  if (card === undefined) return null;
  const category = tables.categoryOf(String(hold.mcc).padStart(4, "0"));
  const limits = limitsOf({ ...statics, decimalsOf: (currency) => tables.decimalsOf(currency) }, card);
  return {
    accountVersion: accountVersionOf(headBytes),
    holderVersion: statics.holder.version,
    chainVersion: statics.chain.version,
    limits: limits
      .filter(({ categories }) => categories === null || categories.has(category))
      .map(({ argument }) => argument),
  };
}
