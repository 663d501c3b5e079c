import type { Committer } from "../store/commit.ts";
import type { ReadProgram } from "../store/expire.ts";
import { fields } from "../store/keys.ts";
import { readField } from "../store/read-field.ts";
import { accountVersionOf, unpackChain, unpackHolder } from "../store/statics.ts";
import { limitsOf } from "./card-view.ts";
import type { ProgramTables } from "./program-tables.ts";

interface ProgramParts {
  readonly committer: Committer;
  readonly tables: ProgramTables;
}

/** Whose money it is, and the category in which it counts. */
export interface CountedCard {
  readonly shard: number;
  readonly account: number;
  readonly chain: number;
  readonly card: number;
  readonly cardholder: number;
  /** DE18. */
  readonly mcc: number;
}

/**
 * The program as it stands now, for what happens to money long after its message: versions, and the limits in which an
 * amount of that category counts. Null: Redis did not answer, or there is no such card.
 */
export async function readProgram({ committer, tables }: ProgramParts, hold: CountedCard): Promise<ReadProgram | null> {
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
