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
import { daysText } from "./charged-days.ts";
import type { MoneyBook, Told } from "./money-book.ts";
import type { MoneyChange, ReplayedMoney } from "./replayed-money.ts";
import type { ShardFindings } from "./violations.ts";

const { HOLD_CAPTURED, HOLD_EXPIRED, HOLD_OPEN, HOLD_REVERSED, POSTED_CREDIT, POSTED_DEBIT } = luaConstants;
const {
  APPROVED,
  CAPTURED_HOLD,
  DUPLICATE,
  FORCE_POSTED,
  PARTIAL,
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
  readonly #findings: ShardFindings;
  readonly book: MoneyBook;

  constructor(parts: { findings: ShardFindings; book: MoneyBook }) {
    this.#findings = parts.findings;
    this.book = parts.book;
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
      default:
        return null;
    }
  }

  #authorization(entry: AuthorizationEntry): MoneyChange | null {
    const { approved, holdNo, no, outcome } = entry;
    if ((outcome !== APPROVED && outcome !== PARTIAL) || approved === 0n) return null;
    const today = { day: dayOf(entry.businessMs), amount: approved };
    if (holdNo > 0) {
      const hold = this.#openHold(entry, holdNo);
      if (hold === null) return lost(entry, { targetNo: holdNo, amount: approved, days: [today] });
      this.book.increase(hold, no, { amount: approved, chargedS: secondOf(entry.businessMs) });
      return changed(hold, approved, hold.days.add(today.day, approved));
    }
    const fuel = entry.purpose === PURPOSE_FUEL ? luaConstants.FUEL_AWAITED : 0;
    const made = this.book.make(entry, { kind: "hold", key: entry.messageKey, state: HOLD_OPEN, fuel });
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
        const days = this.#sameDays(entry, made.days.add(dayOf(entry.businessMs), amount));
        return { made, followed: null, touched: null, days, spender: made };
      }
      case luaConstants.ADDED: {
        const hold = this.#openHold(entry, targetNo);
        if (hold === null) return lost(entry, { targetNo, amount, days: entry.days });
        this.book.increase(hold, entry.no, { amount, chargedS: secondOf(entry.businessMs) });
        return changed(hold, amount, this.#sameDays(entry, hold.days.add(dayOf(entry.businessMs), amount)));
      }
      case luaConstants.COMPLETED: {
        const hold = this.#openHold(entry, targetNo);
        if (hold === null) return lost(entry, { targetNo, amount: amount - before, days: entry.days });
        this.#same(entry, "the hold was", hold.days.total, before);
        if (entry.purpose === PURPOSE_FUEL) {
          this.#wrong(entry, "a pump that tells what it gave", "a check of its status");
        }
        this.book.complete(hold, entry);
        const change = changed(hold, amount - before, this.#resize(entry, hold, amount));
        if (amount === 0n) this.#close(hold, HOLD_REVERSED, entry.wallMs);
        return change;
      }
      case luaConstants.RELEASED:
        return this.#release(entry, 0n);
      default:
        return untouched(entry);
    }
  }

  #financial(entry: FinancialEntry): MoneyChange | null {
    const { amount, before, outcome, targetNo } = entry;
    const isCredit = entry.purpose === PURPOSE_REFUND;
    if (outcome === CAPTURED_HOLD) {
      const hold = this.#openHold(entry, targetNo);
      if (hold === null) return lost(entry, { targetNo, amount: -before, days: entry.days });
      this.#same(entry, "the hold was", hold.days.total, before);
      const days = this.#resize(entry, hold, amount);
      const made = this.book.capture(entry, hold);
      this.#close(hold, HOLD_CAPTURED, entry.wallMs);
      return { made, followed: { targetNo, amount: -before }, touched: hold, days, spender: hold };
    }
    if (outcome === DUPLICATE) {
      // Its answer names the posting of the 0200 for which it stood in.
      const posting = this.book.posting(targetNo);
      return posting === null ? untouched(entry) : changed(posting, 0n, []);
    }
    if (outcome !== POSTED && outcome !== FORCE_POSTED) return untouched(entry);
    if (amount === 0n) this.#wrong(entry, "an amount to post", "nothing posted");
    const state = isCredit ? POSTED_CREDIT : POSTED_DEBIT;
    const made = this.book.make(entry, { kind: "posting", key: entry.messageKey, state, fuel: 0 });
    const charged = made.days.add(dayOf(entry.businessMs), amount);
    const days = this.#sameDays(entry, isCredit ? [] : charged);
    const followed = targetNo > 0 ? { targetNo, amount: 0n } : null;
    return { made, followed, touched: null, days, spender: made };
  }

  #reversal(entry: ReversalEntry): MoneyChange | null {
    const { amount, outcome, targetNo } = entry;
    const left = entry.replacement ?? 0n;
    if (outcome === luaConstants.RELEASED || outcome === luaConstants.LOWERED) return this.#release(entry, left);
    if (outcome === luaConstants.EXCEPTION) {
      // More than remains may come to remain: the answer stays with its hold.
      const hold = this.book.hold(targetNo);
      return hold === null ? untouched(entry) : changed(hold, 0n, []);
    }
    if (outcome !== luaConstants.REPOSTED) return untouched(entry);
    const posting = this.book.posting(targetNo);
    if (posting === null) {
      this.#wrong(entry, "a posting to reverse", `it reverses entry ${targetNo}, which has posted nothing`);
      return lost(entry, { targetNo, amount: -amount, days: entry.days });
    }
    this.#same(entry, "it reverses", posting.days.total - left, amount);
    const given = posting.days.take(amount, null);
    const isCredit = posting.state === POSTED_CREDIT;
    const touched = isCredit ? touches.credit : touches.debit;
    this.#same(entry, "it touches kind", BigInt(touched), BigInt(entry.touched));
    return changed(posting, -amount, this.#sameDays(entry, isCredit ? [] : given));
  }

  #expiry(entry: ExpiryEntry): MoneyChange | null {
    const { amount, targetNo } = entry;
    const hold = this.#openHold(entry, targetNo);
    if (hold === null) return lost({ ...entry, mcc: 0 }, { targetNo, amount: -amount, days: entry.days });
    this.#same(entry, "it releases", hold.days.total, amount);
    const change = changed(hold, -amount, this.#resize(entry, hold, 0n));
    this.#close(hold, HOLD_EXPIRED, entry.wallMs);
    return change;
  }

  /** What a reversal or a declining advice gives back of a hold, or of one increment of it. */
  #release(entry: AdviceEntry | ReversalEntry, left: bigint): MoneyChange | null {
    const { amount, targetNo, touched, viaNo } = entry;
    if (touched !== touches.hold && touched !== touches.increment) return untouched(entry);
    const hold = this.#openHold(entry, targetNo);
    if (hold === null) return lost(entry, { targetNo, amount: -amount, days: entry.days });
    const increment = touched === touches.increment ? this.book.increment(hold, viaNo) : null;
    const remaining = hold.days.total;
    const undone = (increment?.left ?? remaining) - left;
    this.#same(entry, "it releases", undone < remaining ? undone : remaining, amount);
    const ownDay = increment === null ? null : Math.floor(increment.chargedS / 86_400);
    const change = changed(hold, -amount, this.#sameDays(entry, hold.days.take(amount, ownDay)));
    if (increment !== null) increment.left = left;
    else if (left === 0n) this.#close(hold, HOLD_REVERSED, entry.wallMs);
    return change;
  }

  #resize(entry: Effected, hold: ReplayedMoney, amount: bigint): readonly ChargedDay[] {
    const more = amount - hold.days.total;
    const days = more > 0n ? hold.days.add(dayOf(entry.businessMs), more) : hold.days.take(-more, null);
    return this.#sameDays(entry, days);
  }

  #close(hold: ReplayedMoney, state: number, wallMs: number): void {
    hold.state = state;
    hold.wallS = Math.floor(wallMs / 1000);
    this.book.closed(hold);
  }

  #openHold(entry: JournalEntry, no: number): ReplayedMoney | null {
    const hold = this.book.hold(no);
    if (hold !== null && hold.state === HOLD_OPEN) return hold;
    this.#wrong(entry, "an open hold", `it names ${this.book.nameOfHold(no)}, which is not open`);
    return null;
  }

  #wrong(entry: JournalEntry, expected: string, found: string): void {
    this.#findings.add("entry", "I4", { entity: this.#nameOf(entry), expected, found });
  }

  #same(entry: JournalEntry, what: string, expected: bigint, found: bigint): void {
    const texts = { expected: `${what} ${expected}`, found: `${what} ${found}` };
    this.#findings.compare("entry", "I4", { entity: this.#nameOf(entry), ...texts });
  }

  #sameDays(entry: Effected, days: readonly ChargedDay[]): readonly ChargedDay[] {
    const texts = { expected: `charged ${daysText(days)}`, found: `charged ${daysText(entry.days)}` };
    this.#findings.compare("entry", "I4", { entity: this.#nameOf(entry), ...texts });
    return entry.days;
  }

  #nameOf(entry: { readonly kind: string; readonly no: number }): string {
    return `${entry.kind} ${this.#findings.entry(entry.no)}`;
  }
}

type Effected = AdviceEntry | FinancialEntry | ReversalEntry | ExpiryEntry;

function changed(money: ReplayedMoney, amount: bigint, days: readonly ChargedDay[]): MoneyChange {
  return { made: null, followed: { targetNo: money.no, amount }, touched: money, days, spender: money };
}

/** A message of a hold's or a posting's life that changes nothing. */
function untouched(entry: Told & { readonly targetNo: number }): MoneyChange | null {
  const { targetNo } = entry;
  if (targetNo === 0) return null;
  return { made: null, followed: { targetNo, amount: 0n }, touched: null, days: [], spender: spenderOf(entry) };
}

/** What is named is not there: what the entry says is counted as its own. */
function lost(
  entry: Told,
  { targetNo, amount, days }: { targetNo: number; amount: bigint; days: readonly ChargedDay[] },
): MoneyChange {
  return { made: null, followed: { targetNo, amount }, touched: null, days, spender: spenderOf(entry) };
}

function spenderOf({ account, chain, cardholder, mcc }: Told) {
  return { account, chain, cardholder, mcc: mcc ?? 0 };
}

/** What was pumped is known of a completion without a hold; of a pump whose status was checked it is still to come. */
function fuelOf({ purpose, mcc }: AdviceEntry): number {
  if (purpose === PURPOSE_FUEL) return luaConstants.FUEL_AWAITED;
  return purpose === PURPOSE_PURCHASE && mcc === luaConstants.MCC_FUEL ? luaConstants.FUEL_COMPLETED : 0;
}

function secondOf(businessMs: number): number {
  return Math.floor(businessMs / 1000);
}

function dayOf(businessMs: number): number {
  return Math.floor(businessMs / 86_400_000);
}
