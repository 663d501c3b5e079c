import { expect } from "chai";
import type { FunctionExample } from "./example.ts";

const dayMs = 86_400_000;

/** Instants at which a calendar goes wrong first: [year, month from 1, day]. */
const instants: readonly (readonly [number, number, number])[] = [
  [2026, 12, 31],
  [2027, 1, 1],
  [2027, 2, 28],
  [2027, 3, 1],
  [2027, 10, 31],
  [2028, 2, 29],
  [2028, 3, 1],
  [2028, 12, 31],
  [2029, 1, 31],
  [2030, 4, 30],
  [2100, 2, 28],
  [2100, 3, 1],
  [2100, 12, 31],
  [2104, 2, 29],
  [2199, 12, 31],
  [2200, 3, 1],
  [2300, 2, 28],
  [2300, 3, 1],
  [2399, 12, 31],
  [2400, 2, 28],
  [2400, 2, 29],
  [2400, 3, 1],
];

export const calendarExamples: readonly FunctionExample[] = [
  ...instants.map(
    ([year, month, day]): FunctionExample => ({
      title: `finds the day, week, month and year of ${year}-${month}-${day} at its first and at its last millisecond`,
      check: async (scene) => {
        const firstMs = Date.UTC(year, month - 1, day);
        const days = firstMs / dayMs;
        const expected = [days, Math.floor((days + 3) / 7), year * 12 + month - 1, year, 0];

        expect(await windowsAt(scene, firstMs)).to.deep.equal(expected);
        expect(await windowsAt(scene, firstMs + dayMs - 1)).to.deep.equal(expected);
      },
    }),
  ),
  {
    title: "begins the week on Monday",
    check: async (scene) => {
      const mondayMs = Date.UTC(2026, 9, 5);

      const [, before] = await windowsAt(scene, mondayMs - 1);
      const [, first] = await windowsAt(scene, mondayMs);
      const [, last] = await windowsAt(scene, mondayMs + 7 * dayMs - 1);
      expect(first).to.equal((before ?? 0) + 1);
      expect(last).to.equal(first);
    },
  },
];

/** The windows of a day, a week, a month, a year and of all time in which a new counter begins. */
async function windowsAt(scene: Parameters<FunctionExample["check"]>[0], businessMs: number): Promise<number[]> {
  const intervals = ["d", "w", "m", "y", "a"];
  const steps = intervals.flatMap((interval) => ["counter", "4", `n${interval}1`, interval]);
  await scene.commit(steps, { business_now: businessMs });
  const counters = await Promise.all(intervals.map((interval) => scene.counter(scene.chain, `n${interval}1`)));
  return counters.map((counter) => Number(/^in window (\d+): 0 /.exec(counter)?.[1]));
}
