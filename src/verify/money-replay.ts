import {
  type AdviceEntry,
  type AuthorizationEntry,
  type ChargedDay,
  type ExpiryEntry,
  type FinancialEntry,
  type JournalEntry,
  type ReversalEntry,
  touches,
} from "../store/entry.ts";
import { luaConstants } from "../store/library.ts";
import { ClearingReplay } from "./clearing-replay.ts";
import { EntryJudge } from "./entry-judge.ts";
import type { MoneyBook } from "./money-book.ts";
import { changed, dayOf, lost, secondOf, untouched } from "./money-change.ts";
import type { MoneyChange, ReplayedMoney } from "./replayed-money.ts";
import type { StoredAnswers } from "./stored-answers.ts";
import type { ShardFindings } from "./violations.ts";
import { WaitingReplay } from "./waiting-replay.ts";

const { HOLD_CAPTURED, HOLD_EXPIRED, HOLD_OPEN, HOLD_PENDING, HOLD_REVERSED, POSTED_CREDIT, POSTED_DEBIT } =
  luaConstants;
const {
  APPROVED,
  CAPTURED_HOLD,
  DUPLICATE,
  FORCE_POSTED,
  DECLINED,
  PARTIAL,
  PENDING,
  POSTED,
  PURPOSE_FUEL,
  PURPOSE_PURCHASE,
  PURPOSE_REFUND,
} = luaConstants;

/**
 * Holds and postings with their charged days, from the entries alone (rules: Holds). An entry that does what the rules
 * do not lead to is found here; afterwards what it says counts, so that one wrong entry is named once.
 */
export class MoneyReplay {
  readonly book: MoneyBook;
  readonly waiting: WaitingReplay;
  readonly #judge: EntryJudge;
  readonly #clearings: ClearingReplay;

  constructor(parts: { findings: ShardFindings; book: MoneyBook; answers: StoredAnswers }) {
    this.book = parts.book;
    this.#judge = new EntryJudge(parts.findings);
    this.waiting = new WaitingReplay({ ...parts, judge: this.#judge });
    this.#clearings = new ClearingReplay({ book: parts.book, waiting: this.waiting, judge: this.#judge });
  }

  /** Null: the entry concerns no hold and no posting. */
  apply(entry: JournalEntry): MoneyChange | null {
    switch (entry.kind) {
      case "authorization":
        return this.#authorization(entry);
      case "advice":
        return this.#advice(entry);
      case "financial":
        return this.#financial(entry);
      case "reversal":
        return this.#reversal(entry);
      case "expiry":
        return this.#expiry(entry);
      case "clearing":
        return this.#clearings.apply(entry);
      case "answer":
        return this.waiting.answer(entry);
      default:
        return null;
    }
  }

  #authorization(entry: AuthorizationEntry): MoneyChange | null {
    const { approved, holdNo, no, outcome } = entry;
    const isPending = outcome === PENDING;
    if (outcome === DECLINED) return untouched({ ...entry, targetNo: holdNo });
    if ((outcome !== APPROVED && outcome !== PARTIAL && !isPending) || approved === 0n) return null;
    const today = { day: dayOf(entry.businessMs), amount: approved };
    if (holdNo > 0) {
      const hold = this.#judge.open(this.book, entry, holdNo);
      if (hold === null) return lost(entry, { targetNo: holdNo, amount: approved, days: [today] });
      this.book.increase(hold, no, { amount: approved, chargedS: secondOf(entry.businessMs) });
      if (isPending) this.waiting.asked(entry, hold);
      return changed(hold, approved, hold.days.add(today.day, approved));
    }
    const fuel = entry.purpose === PURPOSE_FUEL ? luaConstants.FUEL_AWAITED : 0;
    const state = isPending ? HOLD_PENDING : HOLD_OPEN;
    const made = this.book.make(entry, { kind: "hold", key: entry.messageKey, state, fuel });
    if (isPending) this.waiting.asked(entry, made);
    return { made, followed: null, touched: null, days: made.days.add(today.day, approved), spender: made };
  }

  #advice(entry: AdviceEntry): MoneyChange | null {
    const { amount, before, outcome, targetNo } = entry;
    switch (outcome) {
      case luaConstants.HELD: {
        if (amount === 0n) return untouched(entry);
        const isBeside = entry.touched === touches.decline;
        const key = isBeside ? entry.messageKey : entry.authorizationKey;
        const made = this.book.make(entry, { kind: "hold", key, state: HOLD_OPEN, fuel: fuelOf(entry) });
        const days = this.#judge.sameDays(entry, made.days.add(dayOf(entry.businessMs), amount));
        return { made, followed: null, touched: null, days, spender: made };
      }
      case luaConstants.ADDED: {
        const hold = this.#judge.open(this.book, entry, targetNo);
        if (hold === null) return lost(entry, { targetNo, amount, days: entry.days });
        this.book.increase(hold, entry.no, { amount, chargedS: secondOf(entry.businessMs) });
        return changed(hold, amount, this.#judge.sameDays(entry, hold.days.add(dayOf(entry.businessMs), amount)));
      }
      case luaConstants.COMPLETED: {
        const hold = this.#judge.standing(this.book, entry, targetNo);
        if (hold === null) return lost(entry, { targetNo, amount: amount - before, days: entry.days });
        this.#judge.same(entry, "the hold was", hold.days.total, before);
        if (entry.purpose === PURPOSE_FUEL) {
          this.#judge.wrong(entry, "a pump that tells what it gave", "a check of its status");
        }
        this.book.complete(hold, entry);
        this.waiting.admit(hold.no);
        const change = changed(hold, amount - before, this.#resize(entry, hold, amount));
        if (amount === 0n) this.book.close(hold, HOLD_REVERSED, entry.wallMs);
        return change;
      }
      case luaConstants.RELEASED:
        if (this.waiting.has(entry.viaNo)) return this.waiting.dismiss(entry, HOLD_REVERSED, 0);
        return this.#release(entry, 0n);
      default:
        return entry.touched === touches.reservation ? this.waiting.merge(entry) : untouched(entry);
    }
  }

  #financial(entry: FinancialEntry): MoneyChange | null {
    const { amount, before, outcome, targetNo } = entry;
    const isCredit = entry.purpose === PURPOSE_REFUND;
    if (outcome === CAPTURED_HOLD) {
      const hold = this.#judge.standing(this.book, entry, targetNo);
      if (hold === null) return lost(entry, { targetNo, amount: -before, days: entry.days });
      this.#judge.same(entry, "the hold was", hold.days.total, before);
      this.waiting.admit(hold.no);
      const days = this.#resize(entry, hold, amount);
      const made = this.book.capture(entry, hold);
      this.book.close(hold, HOLD_CAPTURED, entry.wallMs);
      return { made, followed: { targetNo, amount: -before }, touched: hold, days, spender: hold };
    }
    if (outcome === DUPLICATE) {
      // Its answer names the posting of the 0200 for which it stood in.
      const posting = this.book.posting(targetNo);
      return posting === null ? untouched(entry) : changed(posting, 0n, []);
    }
    if (outcome !== POSTED && outcome !== FORCE_POSTED) return untouched(entry);
    if (amount === 0n) this.#judge.wrong(entry, "an amount to post", "nothing posted");
    const state = isCredit ? POSTED_CREDIT : POSTED_DEBIT;
    const made = this.book.make(entry, { kind: "posting", key: entry.messageKey, state, fuel: 0 });
    const charged = made.days.add(dayOf(entry.businessMs), amount);
    const days = this.#judge.sameDays(entry, isCredit ? [] : charged);
    const followed = targetNo > 0 ? { targetNo, amount: 0n } : null;
    return { made, followed, touched: null, days, spender: made };
  }

  #reversal(entry: ReversalEntry): MoneyChange | null {
    const { amount, outcome, targetNo } = entry;
    const left = entry.replacement ?? 0n;
    if (outcome === luaConstants.RELEASED || outcome === luaConstants.LOWERED) return this.#release(entry, left);
    if (outcome === luaConstants.KILLED_PENDING) return this.waiting.dismiss(entry, HOLD_REVERSED, 0);
    if (outcome === luaConstants.EXCEPTION) {
      // More than remains may come to remain: the answer stays with its hold.
      const hold = this.book.hold(targetNo);
      return hold === null ? untouched(entry) : changed(hold, 0n, []);
    }
    if (outcome !== luaConstants.REPOSTED) return untouched(entry);
    const posting = this.book.posting(targetNo);
    if (posting === null) {
      this.#judge.wrong(entry, "a posting to reverse", `it reverses entry ${targetNo}, which has posted nothing`);
      return lost(entry, { targetNo, amount: -amount, days: entry.days });
    }
    this.#judge.same(entry, "it reverses", posting.days.total - left, amount);
    const given = posting.days.take(amount, null);
    const isCredit = posting.state === POSTED_CREDIT;
    const touched = isCredit ? touches.credit : touches.debit;
    this.#judge.same(entry, "it touches kind", BigInt(touched), BigInt(entry.touched));
    return changed(posting, -amount, this.#judge.sameDays(entry, isCredit ? [] : given));
  }

  #expiry(entry: ExpiryEntry): MoneyChange | null {
    const { amount, targetNo } = entry;
    const hold = this.#judge.open(this.book, entry, targetNo);
    if (hold === null) return lost({ ...entry, mcc: 0 }, { targetNo, amount: -amount, days: entry.days });
    this.#judge.same(entry, "it releases", hold.days.total, amount);
    const change = changed(hold, -amount, this.#resize(entry, hold, 0n));
    this.book.close(hold, HOLD_EXPIRED, entry.wallMs);
    return change;
  }

  /** What a reversal or a declining advice gives back of a hold, or of one increment of it. */
  #release(entry: AdviceEntry | ReversalEntry, left: bigint): MoneyChange | null {
    const { amount, targetNo, touched, viaNo } = entry;
    if (touched !== touches.hold && touched !== touches.increment) return untouched(entry);
    const hold = this.#judge.open(this.book, entry, targetNo);
    if (hold === null) return lost(entry, { targetNo, amount: -amount, days: entry.days });
    const increment = touched === touches.increment ? this.book.increment(hold, viaNo) : null;
    const remaining = hold.days.total;
    const undone = (increment?.left ?? remaining) - left;
    this.#judge.same(entry, "it releases", undone < remaining ? undone : remaining, amount);
    const ownDay = increment === null ? null : Math.floor(increment.chargedS / 86_400);
    const change = changed(hold, -amount, this.#judge.sameDays(entry, hold.days.take(amount, ownDay)));
    if (increment !== null) increment.left = left;
    else if (left === 0n) this.book.close(hold, HOLD_REVERSED, entry.wallMs);
    return change;
  }

  #resize(
    entry: AdviceEntry | ExpiryEntry | FinancialEntry,
    hold: ReplayedMoney,
    amount: bigint,
  ): readonly ChargedDay[] {
    const more = amount - hold.days.total;
    const days = more > 0n ? hold.days.add(dayOf(entry.businessMs), more) : hold.days.take(-more, null);
    return this.#judge.sameDays(entry, days);
  }
}

/** What was pumped is known of a completion without a hold; of a pump whose status was checked it is still to come. */
function fuelOf({ purpose, mcc }: AdviceEntry): number {
  if (purpose === PURPOSE_FUEL) return luaConstants.FUEL_AWAITED;
  return purpose === PURPOSE_PURCHASE && mcc === luaConstants.MCC_FUEL ? luaConstants.FUEL_COMPLETED : 0;
}
