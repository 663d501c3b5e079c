import { type ExpiryOutcome, expireHold } from "../authorizer/expiry.ts";
import type { Clock } from "../kernel/clock.ts";
import { must } from "../kernel/assert.ts";
import { isFuelLife } from "../ledger/hold-life.ts";
import type { Log } from "../log.ts";
import type { Projector } from "../projector/projector.ts";
import type { DueHold as DueHoldRow } from "../records/queries.ts";
import { touches } from "../store/entry.ts";
import type { DueHold } from "../store/expire.ts";
import { unpackEntry } from "../store/journal-entry.ts";
import { luaConstants } from "../store/library.ts";
import type { Engine } from "./engine.ts";
import type { ProgramAccess } from "./program-access.ts";

export interface DueHoldsParts {
  readonly engine: Pick<Engine, "committer" | "tables">;
  readonly access: Pick<ProgramAccess, "queries">;
  readonly projector: Pick<Projector, "drained">;
  readonly clock: Clock;
  readonly log: Pick<Log, "warn">;
  /** Holds of a batch: each batch is in the records before the next is read. */
  readonly dueHoldsMax: number;
  readonly drainMs: number;
}

/**
 * Expires the holds whose business time is over, the earliest first (rules: Holds, Expiry). The records say which those
 * are, and the function whether the hold is still open, so that nothing is lost or done twice if this stops half-way.
 * Tells how many; what cannot be expired now is left for the next run.
 */
export async function expireDueHolds(parts: DueHoldsParts, isOver: () => boolean): Promise<number> {
  const { access, clock, dueHoldsMax, drainMs, log, projector } = parts;
  const nowMs = clock.businessNow();
  let expired = 0;
  let after: DueHoldRow | null = null;
  while (!isOver()) {
    const due = access.queries.dueHolds(nowMs, { after, rowsMax: dueHoldsMax });
    const outcomes = await expireBatch(parts, due);
    const done = outcomes.filter((outcome) => outcome === "done").length;
    expired += done;
    // Returning means that whoever reads the records sees it.
    const isRecorded = done === 0 || (await projector.drained(drainMs));
    if (outcomes.includes("failed") || !isRecorded) {
      log.warn({ due: due.length, expired }, "holds that are due could not all be expired; they stay due");
      return expired;
    }
    after = due.at(-1) ?? null;
    if (due.length < dueHoldsMax) return expired;
  }
  return expired;
}

/** In the order of their due time in each shard; shards do not wait for each other. */
async function expireBatch(parts: DueHoldsParts, due: readonly DueHoldRow[]): Promise<ExpiryOutcome[]> {
  const shards = new Set(due.map(({ place }) => place.shard));
  const perShard = [...shards].map(async (shard) => {
    const outcomes: ExpiryOutcome[] = [];
    for (const row of due) {
      if (row.place.shard !== shard) continue;
      const outcome = await expireOne(parts, row);
      outcomes.push(outcome);
      if (outcome === "failed") break;
    }
    return outcomes;
  });
  return (await Promise.all(perShard)).flat();
}

/** The hold ends when it was due, however late that is found: a clock that jumps passes that time too. */
function expireOne({ access, clock, engine }: DueHoldsParts, row: DueHoldRow): Promise<ExpiryOutcome> {
  const at: Clock = {
    wallNow: () => clock.wallNow(),
    businessNow: () => row.expiresMs,
    monotonicNow: () => clock.monotonicNow(),
  };
  const hold = holdOf(row, must(access.queries.entryBytes(row.place), "a recorded hold has an entry"));
  return expireHold({ ...engine, clock: at }, hold);
}

function holdOf({ place, expiresMs }: DueHoldRow, bytes: Uint8Array): DueHold {
  const entry = unpackEntry(place.shard, place.no, bytes);
  if (entry.kind !== "authorization" && entry.kind !== "advice") throw new Error("a hold is of a 0100 or of a 0120");
  // An advice of something unheard of put its hold where the 0100 would have.
  const isUnheardOf = entry.kind === "advice" && entry.touched !== touches.decline;
  const isFuel = entry.purpose === luaConstants.PURPOSE_FUEL;
  const { account, card, cardCurrency: currency, cardholder, chain, mcc } = entry;
  return {
    shard: place.shard,
    account,
    chain,
    card,
    cardholder,
    currency,
    mcc,
    holdNo: place.no,
    holdKey: isUnheardOf ? entry.authorizationKey : entry.messageKey,
    asFuel: isFuel && isFuelLife(expiresMs - entry.businessMs),
  };
}
