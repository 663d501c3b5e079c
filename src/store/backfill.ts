import type { Minor } from "../kernel/money.ts";
import type { Committer } from "./commit.ts";
import { ArgumentPacker } from "./functions.ts";
import { packEntry } from "./journal-entry.ts";

export interface Backfill {
  readonly shard: number;
  readonly account: number;
  readonly chain: number;
  /** 0: the counter is the chain's; else the cardholder's. */
  readonly cardholder: number;
  readonly field: string;
  /** Journal number of the commit that made the counter. */
  readonly asOf: number;
  readonly window: number;
  /** Spent in that window by entries up to `asOf`. */
  readonly spent: Minor;
  readonly wallMs: number;
  readonly businessMs: number;
}

const packer = new ArgumentPacker("backfill");

/** Gives a new counter its past, once; resolves to false where the outcome is not known and the step must be repeated. */
export function backfill(committer: Committer, step: Backfill): Promise<boolean> {
  const { hot, keyspace, now, timeoutMs } = committer;
  const account = keyspace.account(step.shard, step.account);
  const packed = packer.pack({
    wall_now: step.wallMs,
    business_now: step.businessMs,
    as_of: step.asOf,
    window: step.window,
    spent: Number(step.spent),
  });
  return new Promise((resolve) => {
    hot.call(
      {
        slot: keyspace.slot(step.shard),
        function: "backfill",
        keys: [
          account,
          step.cardholder === 0 ? keyspace.chain(step.shard, step.chain) : account,
          keyspace.journal(step.shard),
        ],
        argv: [packed, step.field, packEntry({ kind: "backfill", ...step })],
        deadlineMs: now() + timeoutMs,
      },
      (reply) => resolve(reply.kind === "ok"),
    );
    hot.flush();
  });
}
