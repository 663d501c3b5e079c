import type { CounterState } from "../../simulators/model/model-state.ts";
import type { Model } from "../../simulators/model/model.ts";
import type { AccountState, StateQuery, SubjectState } from "./subject.ts";

export function stateQuery(model: Model): StateQuery {
  const cards = [...model.program.cards.values()];
  return {
    accounts: [...model.program.accounts.keys()],
    chains: [...new Set(cards.map((card) => card.chain))],
    counters: cards.flatMap((card) => model.countersOf(card)),
  };
}

/** The first difference between what the model and the subject hold, or null. */
export function stateDifference(model: Model, query: StateQuery, state: SubjectState): string | null {
  return (
    firstOf(query.accounts, (account) => accountDifference(model, account, state)) ??
    firstOf(query.chains, (chain) => holdDifference(model, chain, state)) ??
    firstOf(query.chains, (chain) => reservedDifference(model, chain, state)) ??
    counterDifference(model, state)
  );
}

function accountDifference(model: Model, account: string, state: SubjectState): string | null {
  const expected = sayAccount(model.program.account(account));
  const known = state.accounts.get(account);
  const found = known === undefined ? "nothing" : sayAccount(known);
  return expected === found ? null : `account ${account}: expected ${expected}; found ${found}`;
}

function sayAccount({ available, held, lastBusinessMs }: AccountState): string {
  return `${available} available, ${held} held, last at ${lastBusinessMs}`;
}

function holdDifference(model: Model, chain: string, state: SubjectState): string | null {
  return amountsDifference(`open holds of ${chain}`, model.openHolds(chain), state.openHolds.get(chain));
}

function reservedDifference(model: Model, chain: string, state: SubjectState): string | null {
  return amountsDifference(`reserved for ${chain}`, model.reserved(chain), state.reserved.get(chain));
}

function amountsDifference(
  what: string,
  wanted: readonly bigint[],
  there: readonly bigint[] | undefined,
): string | null {
  const expected = wanted.join(" ");
  const found = [...(there ?? [])].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)).join(" ");
  return expected === found ? null : `${what}: expected [${expected}]; found [${found}]`;
}

function counterDifference(model: Model, state: SubjectState): string | null {
  const found = new Map(state.counters.map((counter) => [counterName(counter), counter.spent]));
  const expected = [...model.program.cards.values()].flatMap((card) => model.countersOf(card));
  return firstOf(expected, (counter) => {
    const name = counterName(counter);
    const spent = found.get(name) ?? 0n;
    return spent === counter.spent ? null : `counter ${name}: expected ${counter.spent}; found ${spent}`;
  });
}

function counterName({ owner, interval, categories, windowStartMs }: CounterState): string {
  return `${owner.kind} ${owner.id} ${interval} [${categories.toSorted().join(",")}] from ${windowStartMs}`;
}

function firstOf<T>(items: Iterable<T>, difference: (item: T) => string | null): string | null {
  for (const item of items) {
    const found = difference(item);
    if (found !== null) return found;
  }
  return null;
}
