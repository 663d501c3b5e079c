/** A mutant that no run can tell from the original, and why. */
export interface Survivor {
  readonly file: string;
  readonly lineText: string;
  readonly change: string;
  readonly occurrence: number;
  readonly reason: string;
}

const tie = {
  lineText: "local business = business_now > last and business_now or last",
  change: "> becomes >=",
  occurrence: 1,
  reason: "equal: where both times are the same, either of them is the later one",
};

export const survivors: readonly Survivor[] = [
  { file: "authorize", ...tie },
  { file: "reverse", ...tie },
  { file: "commit", ...tie },
  { file: "backfill", ...tie },
  {
    file: "authorize",
    lineText: "if time[1] * 1000 + time[2] / 1000 > deadline then return { 'expired_deadline' } end",
    change: "> becomes >=",
    occurrence: 1,
    reason:
      "unreachable on purpose: they differ only while Redis reads the very microsecond of the deadline, which the function " +
      "reads itself and no caller can choose; on time and too late are both right answers in it",
  },
  {
    file: "authorize",
    lineText: "if #limits > 0 then",
    change: "> becomes >=",
    occurrence: 1,
    reason:
      "equal: without limits `charge` goes round no loop and refuses nothing, and the two empty lists of writes add no " +
      "field to either HSET; the test only saves the tables",
  },
  {
    file: "purge",
    lineText: "if next_due == 0 or due < next_due then next_due = due end",
    change: "< becomes <=",
    occurrence: 1,
    reason: "equal: it puts the same second in the place of itself",
  },
  {
    file: "purge",
    lineText: "local is_small = #kept > 0 and #kept / 2 <= listpack_entries",
    change: "> becomes >=",
    occurrence: 1,
    reason:
      "equal: with nothing kept, DEL and HDEL of every field both leave no key behind, and nothing is written again",
  },
];
