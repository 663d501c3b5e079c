import { setTimeout as sleep } from "node:timers/promises";
import { assert } from "../../src/kernel/assert.ts";
import { minor } from "../../src/kernel/money.ts";
import { wirePan } from "../../src/kernel/pan.ts";
import { noControls } from "../../src/ledger/limits.ts";
import { updateCardholder } from "../../src/resources/issuing/cardholders.ts";
import { replaceCard, updateCard } from "../../src/resources/issuing/cards.ts";
import type { Redis } from "../../src/store/client.ts";
import type { TestEngine } from "./engine.ts";
import { type SmallProgram, authorize, purchase, reversalOf, reverse, smallProgram } from "./small-program.ts";

/** A program on which everything has happened that leaves a trace: what `verify` has to find sound. */
export async function busyProgram(test: TestEngine): Promise<SmallProgram> {
  const program = await smallProgram(test, 1_000_00n);
  const { pan, card, account, cardholder } = program;
  const kept = purchase(test, pan, 20_00n);
  await authorize(test, kept);
  await authorize(test, { ...kept, wallNowMs: kept.wallNowMs + 5 });
  await authorize(test, purchase(test, pan, 5_00n, { mcc: "5812" }));

  const undone = purchase(test, pan, 30_00n);
  await authorize(test, undone);
  await reverse(test, reversalOf(undone));
  await reverse(test, reversalOf(undone, { stan: "990001", isAdvice: true }));

  const lowered = purchase(test, pan, 40_00n, { mcc: "5812" });
  await authorize(test, lowered);
  await reverse(test, reversalOf(lowered, { replacementAmount: minor(15_00) }));

  const late = purchase(test, pan, 7_00n);
  await reverse(test, reversalOf(late));
  await authorize(test, late);
  await reverse(test, reversalOf({ ...late, pan: wirePan("4000010000000002") }));

  await limitMidWindow(test, program);
  await authorize(test, purchase(test, pan, 3_00n, { mcc: "5812" }));
  await authorize(test, purchase(test, pan, 400_00n));
  await replaceCard(test.access.program, card, { reason: "damaged", expMonth: 1, expYear: 2033, status: "active" });
  await authorize(test, purchase(test, pan, 1_00n, { expiry: "3301" }));
  await updateCardholder(test.access.program, account, cardholder.no, { email: "ada@example.com" });
  return program;
}

/** Waits until the records hold everything and the journals are empty. */
export async function atRest(test: TestEngine, redis: Redis): Promise<void> {
  assert(await test.projector.drained(10_000), "the projector has caught up");
  const { keyspace } = test.engine;
  for (let shard = 0; shard < keyspace.shardCount; shard++) {
    for (let tries = 0; (await redis.xlen(keyspace.journal(shard))) > 0; tries++) {
      assert(tries < 500, "the journal is trimmed");
      await sleep(10);
    }
  }
}

/** Limits that count what was spent before they existed. */
async function limitMidWindow(test: TestEngine, { card, account, cardholder }: SmallProgram): Promise<void> {
  const monthly = { amount: 300_00, interval: "monthly", categories: null } as const;
  const dining = { amount: 90_00, interval: "weekly", categories: ["eating_places_restaurants"] } as const;
  await updateCard(test.access.program, card, {
    spending_controls: { ...noControls, spending_limits: [monthly, dining] },
  });
  const yearly = { amount: 5_000_00, interval: "yearly", categories: null } as const;
  const controls = { ...noControls, spending_limits: [yearly] };
  await updateCardholder(test.access.program, account, cardholder.no, { spending_controls: controls });
}
