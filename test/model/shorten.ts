import type { Operation } from "./operations.ts";
import type { Mismatch } from "./run.ts";

interface Failing {
  readonly mismatch: Mismatch;
  readonly operations: readonly Operation[];
}

/** Runs at most, each with a fresh subject, and the time after which no other one begins. */
const attemptsMax = 400;
const shortenMsMax = 180_000;
const tails = [32, 128, 512, 2_048, 8_192];

/**
 * The same disagreement with as few operations as can be found in a bounded number of runs: first a short tail behind
 * the program's changes, then ever smaller pieces are left out. Null where not even all of them show it again.
 */
export async function shorten(
  failing: Failing,
  mismatchOf: (operations: readonly Operation[]) => Promise<Mismatch | null>,
): Promise<Failing | null> {
  let shortest: Failing = { mismatch: failing.mismatch, operations: failing.operations.slice(0, failing.mismatch.at) };
  const startedMs = performance.now();
  const isTimeLeft = (): boolean => attempts < attemptsMax && performance.now() - startedMs < shortenMsMax;
  let attempts = 0;
  const isStillFailing = async (operations: readonly Operation[]): Promise<boolean> => {
    if (!isTimeLeft()) return false;
    attempts++;
    const mismatch = await mismatchOf(operations);
    if (mismatch === null || kindOf(mismatch) !== kindOf(failing.mismatch)) return false;
    shortest = { mismatch, operations: operations.slice(0, mismatch.at) };
    return true;
  };

  if (!(await isStillFailing(shortest.operations))) return null;
  for (const length of tails) {
    const from = shortest.operations.length - length;
    if (from <= 0) break;
    const tail = shortest.operations.filter((operation, i) => i >= from || operation.kind === "change");
    if (await isStillFailing(tail)) break;
  }
  for (let size = Math.ceil(shortest.operations.length / 2); size >= 1; size = Math.floor(size / 2)) {
    // From the end: what follows a piece that was left out cannot have been needed by what comes before it.
    for (let end = shortest.operations.length; end > 0 && isTimeLeft(); end -= size) {
      const start = Math.max(0, end - size);
      const rest = shortest.operations.filter((_, i) => i < start || i >= end);
      if (rest.length > 0) await isStillFailing(rest);
    }
  }
  return shortest;
}

/** Fewer operations may move other amounts, but a different sentence is a different disagreement. */
function kindOf({ what }: Mismatch): string {
  return what.replaceAll(/\d+/g, "#");
}
