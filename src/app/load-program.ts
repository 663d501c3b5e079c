import { must } from "../kernel/assert.ts";
import type { Place } from "../kernel/ids.ts";
import { minor } from "../kernel/money.ts";
import type { Pan } from "../kernel/pan.ts";
import { noControls } from "../ledger/limits.ts";
import { createAccount } from "../resources/accounts/accounts.ts";
import { topUp } from "../resources/balances/topups.ts";
import { createCardholder, plainCardholder } from "../resources/issuing/cardholders.ts";
import { createCard } from "../resources/issuing/cards.ts";
import type { Program } from "../resources/program.ts";
import { currencyOf } from "./program-access.ts";

export interface LoadProgramOptions {
  readonly cards: number;
  readonly currency: "usd" | "eur" | "gbp";
  readonly network: "visa" | "mastercard";
  readonly shardCount: number;
  readonly accountsPerShard: number;
  readonly cardholdersPerAccount: number;
  /** Minor units paid into each account. */
  readonly funds: bigint;
  readonly programType: "load" | "standard";
  /** Commits under way at the same time. */
  readonly concurrency: number;
  readonly onProgress?: (done: number) => void;
}

export interface LoadCard {
  readonly pan: Pan;
  /** YYMM. */
  readonly expiry: string;
  readonly place: Place;
}

const expMonth = 12;
const expYear = 2049;

/** Makes cards for load tests, spread evenly over new accounts in every shard and over their cardholders. */
export async function createLoadProgram(program: Program, options: LoadProgramOptions): Promise<LoadCard[]> {
  const holders = await createHolders(program, options);
  const cards = new Array<LoadCard>(options.cards);
  const currency = currencyOf(options.currency);
  let done = 0;
  await inParallel(options.cards, options.concurrency, async (index) => {
    const holder = must(holders[index % holders.length], "a cardholder of the load program");
    const created = await createCard(program, holder.account, {
      cardholder: holder.no,
      currency,
      network: options.network,
      type: "virtual",
      status: "active",
      cancellationReason: null,
      expMonth,
      expYear,
      program: options.programType,
      controls: noControls,
      pan: null,
    });
    cards[index] = { pan: created.pan, place: created.place, expiry: `${expYear % 100}${expMonth}` };
    options.onProgress?.(++done);
  });
  return cards;
}

interface Holder {
  readonly account: Place;
  readonly no: number;
}

async function createHolders(program: Program, options: LoadProgramOptions): Promise<Holder[]> {
  const perShard: Holder[][] = Array.from({ length: options.shardCount }, () => []);
  const currency = currencyOf(options.currency);
  await inParallel(options.shardCount, options.concurrency, async (shard) => {
    for (let i = 0; i < options.accountsPerShard; i++) {
      const name = `Load ${shard}.${i}`;
      const account = await createAccount(program, shard, {
        businessName: name,
        country: "US",
        currency: currency.code,
      });
      await topUp(program, account, { amount: minor(options.funds), currency });
      for (let holder = 0; holder < options.cardholdersPerAccount; holder++) {
        const { no } = await createCardholder(program, account, plainCardholder(`Load Tester`, "US"));
        perShard[shard]?.push({ account, no });
      }
    }
  });
  // Neighbouring cards lie in different shards.
  const rounds = options.accountsPerShard * options.cardholdersPerAccount;
  const holders: Holder[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const list of perShard) holders.push(must(list[round], "a cardholder of each round"));
  }
  return holders;
}

/** Runs `work` for 0 … count-1, at most `concurrency` at a time; the first failure stops the rest. */
export async function inParallel(
  count: number,
  concurrency: number,
  work: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, count) }, lane));
}
