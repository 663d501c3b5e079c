import { minor } from "../kernel/money.ts";
import { releasedByClearing } from "../ledger/clearing.ts";
import { type ChargedDay, type ClearingEntry, touches } from "../store/entry.ts";
import { luaConstants } from "../store/library.ts";
import type { EntryJudge } from "./entry-judge.ts";
import type { MoneyBook } from "./money-book.ts";
import { dayOf, lost } from "./money-change.ts";
import type { MoneyChange, ReplayedMoney } from "./replayed-money.ts";
import type { WaitingReplay } from "./waiting-replay.ts";

/** What is cleared, from the entries alone (rules: Clearing always posts). */
export class ClearingReplay {
  readonly #book: MoneyBook;
  readonly #waiting: WaitingReplay;
  readonly #judge: EntryJudge;

  constructor(parts: { book: MoneyBook; waiting: WaitingReplay; judge: EntryJudge }) {
    this.#book = parts.book;
    this.#waiting = parts.waiting;
    this.#judge = parts.judge;
  }

  apply(entry: ClearingEntry): MoneyChange {
    const { outcome, targetNo, touched } = entry;
    const isCapture = outcome !== luaConstants.REFUNDED;
    if (touched === touches.hold && isCapture) return this.#capture(entry);
    const hold = this.#book.hold(targetNo);
    if (isCapture && hold?.state === luaConstants.HOLD_OPEN) {
      this.#judge.wrong(entry, "a capture of the open hold", "nothing taken out of it");
    }
    if (entry.amount === 0n) this.#judge.wrong(entry, "an amount to post", "nothing posted");
    const days = isCapture ? this.#today(entry, entry.amount) : [];
    const followed = targetNo > 0 ? { targetNo, amount: 0n } : null;
    return { made: null, followed, touched: null, days: this.#judge.sameDays(entry, days), spender: entry };
  }

  #capture(entry: ClearingEntry): MoneyChange {
    const { amount, before, isFinal, targetNo } = entry;
    const released = releasedByClearing(entry);
    const hold = this.#judge.standing(this.#book, entry, targetNo);
    if (hold === null) return lost(entry, { targetNo, amount: -released, days: entry.days });
    this.#judge.same(entry, "the hold was", hold.days.total, before);
    this.#judge.same(entry, "it counts in category", BigInt(hold.mcc), BigInt(entry.mcc));
    this.#waiting.admit(hold.no);
    const captured = amount < hold.days.total ? amount : hold.days.total;
    hold.days.takeFirst(captured);
    const days = isFinal ? hold.days.take(hold.days.total, null) : [];
    if (isFinal) this.#end(hold, entry.wallMs);
    const charged = [...days, ...this.#today(entry, amount - captured)];
    const followed = { targetNo, amount: -released };
    return { made: null, followed, touched: hold, days: this.#judge.sameDays(entry, charged), spender: entry };
  }

  #end(hold: ReplayedMoney, wallMs: number): void {
    this.#book.close(hold, luaConstants.HOLD_CAPTURED, wallMs);
  }

  #today({ businessMs }: ClearingEntry, amount: bigint): ChargedDay[] {
    return amount > 0n ? [{ day: dayOf(businessMs), amount: minor(amount) }] : [];
  }
}
