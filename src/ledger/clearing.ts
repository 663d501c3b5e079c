import type { Minor } from "../kernel/money.ts";
import type { ClearingEntry } from "../store/entry.ts";

/** What a clearing has taken out of its hold: all of it with the last one, else as much as it captures. */
export function releasedByClearing({
  isFinal,
  amount,
  before,
}: Pick<ClearingEntry, "isFinal" | "amount" | "before">): Minor {
  return isFinal || amount > before ? before : amount;
}
