import type { ChargedDay, JournalEntry } from "../store/entry.ts";
import { luaConstants } from "../store/library.ts";
import { daysText } from "./charged-days.ts";
import type { MoneyBook } from "./money-book.ts";
import type { ReplayedMoney } from "./replayed-money.ts";
import type { ShardFindings } from "./violations.ts";

interface Named {
  readonly kind: string;
  readonly no: number;
}

/** Says where an entry does what the rules do not lead to. */
export class EntryJudge {
  readonly #findings: ShardFindings;

  constructor(findings: ShardFindings) {
    this.#findings = findings;
  }

  wrong(entry: Named, expected: string, found: string): void {
    this.#findings.add("entry", "I4", { entity: this.#nameOf(entry), expected, found });
  }

  same(entry: Named, what: string, expected: bigint, found: bigint): void {
    const texts = { expected: `${what} ${expected}`, found: `${what} ${found}` };
    this.#findings.compare("entry", "I4", { entity: this.#nameOf(entry), ...texts });
  }

  /** What the entry says counts from then on. */
  sameDays(
    entry: Named & { readonly days: readonly ChargedDay[] },
    days: readonly ChargedDay[],
  ): readonly ChargedDay[] {
    const texts = { expected: `charged ${daysText(days)}`, found: `charged ${daysText(entry.days)}` };
    this.#findings.compare("entry", "I4", { entity: this.#nameOf(entry), ...texts });
    return entry.days;
  }

  /** The open hold that the entry names; null: it is none, which is found. */
  open(book: MoneyBook, entry: JournalEntry, no: number): ReplayedMoney | null {
    const hold = this.standing(book, entry, no);
    if (hold?.state !== luaConstants.HOLD_PENDING) return hold;
    this.wrong(entry, "an open hold", `it names ${book.nameOfHold(no)}, which is only reserved`);
    return null;
  }

  /** The same, or one that is reserved. */
  standing(book: MoneyBook, entry: JournalEntry, no: number): ReplayedMoney | null {
    const hold = book.hold(no);
    if (hold?.state === luaConstants.HOLD_OPEN || hold?.state === luaConstants.HOLD_PENDING) return hold;
    this.wrong(entry, "an open hold", `it names ${book.nameOfHold(no)}, which is not open`);
    return null;
  }

  #nameOf(entry: Named): string {
    return `${entry.kind} ${this.#findings.entry(entry.no)}`;
  }
}
