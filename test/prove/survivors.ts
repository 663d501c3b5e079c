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

const deadline = {
  lineText: "if time[1] * 1000 + time[2] / 1000 > deadline then return { 'expired_deadline' } end",
  change: "> becomes >=",
  occurrence: 1,
  reason:
    "unreachable on purpose: they differ only while Redis reads the very microsecond of the deadline, which the function " +
    "reads itself and no caller can choose; on time and too late are both right answers in it",
};

const withoutLimits = {
  change: "> becomes >=",
  reason:
    "equal: without limits `charge` and `room` go round no loop, refuse nothing and leave the amount as it is, and the two " +
    "empty lists of writes add no field to either HSET; the test only saves the tables and a call",
};

export const survivors: readonly Survivor[] = [
  { file: "authorize", ...tie },
  { file: "increment", ...tie },
  { file: "commit", ...tie },
  { file: "backfill", ...tie },
  { file: "effect", ...tie, lineText: "read.business = business_now > last and business_now or last" },
  { file: "authorize", ...deadline },
  { file: "increment", ...deadline },
  { file: "post", ...deadline },
  {
    file: "authorize",
    lineText:
      "if purpose == PURPOSE_FUEL and #limits > 0 then amount = room(limits, account, card, fixed, seconds, amount) end",
    occurrence: 1,
    ...withoutLimits,
  },
  { file: "authorize", lineText: "elseif #limits > 0 then", occurrence: 1, ...withoutLimits },
  { file: "authorize", lineText: "if #limits > 0 then", occurrence: 1, ...withoutLimits },
  { file: "authorize", lineText: "if #limits > 0 then", occurrence: 2, ...withoutLimits },
  {
    file: "prelude",
    lineText: "while at <= #packed do",
    change: "<= becomes <",
    occurrence: 1,
    reason: "equal: a part has eight bytes, so that none begins at the last byte",
  },
  {
    file: "purge",
    lineText:
      "return (outcome == CAPTURED or outcome == REFUNDED) and struct.unpack('>I5', named, 13) > struct.unpack('>I5', value, 13)",
    change: "> becomes >=",
    occurrence: 1,
    reason: "equal: a hold and what was cleared for it are two entries of one journal, whose numbers differ",
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
