import {
  type AdviceEntry,
  type AnswerEntry,
  type AuthorizationEntry,
  type ReversalEntry,
  touches,
} from "../store/entry.ts";
import { luaConstants } from "../store/library.ts";
import type { Records } from "../records/database.ts";
import { placeOf, rowId } from "../records/place.ts";
import type { EntryJudge } from "./entry-judge.ts";
import type { MoneyBook } from "./money-book.ts";
import { changed, untouched } from "./money-change.ts";
import type { MoneyChange, ReplayedMoney } from "./replayed-money.ts";
import { type StoredAnswers, latin1 } from "./stored-answers.ts";
import type { ShardFindings } from "./violations.ts";

const { APPROVED, CONFIRMED, DECLINED, HOLD_CAPTURED, HOLD_OPEN, HOLD_PENDING } = luaConstants;
const { KILLED_PENDING, PARTIAL, PENDING, RELEASED, REVERSED_BEFORE } = luaConstants;

interface Waiting {
  readonly entry: AuthorizationEntry;
  /** Its own, or the one that it was added to. */
  readonly hold: ReplayedMoney;
}

type Ending = AnswerEntry | ReversalEntry | AdviceEntry;

/** Messages that wait for the program's endpoint, and what became of them (rules: Real-time endpoint). */
export class WaitingReplay {
  readonly #book: MoneyBook;
  readonly #answers: StoredAnswers;
  readonly #judge: EntryJudge;
  readonly #findings: ShardFindings;
  readonly #waiting = new Map<number, Waiting>();

  constructor(parts: { book: MoneyBook; answers: StoredAnswers; judge: EntryJudge; findings: ShardFindings }) {
    this.#findings = parts.findings;
    this.#book = parts.book;
    this.#answers = parts.answers;
    this.#judge = parts.judge;
  }

  has(no: number): boolean {
    return this.#waiting.has(no);
  }

  asked(entry: AuthorizationEntry, hold: ReplayedMoney): void {
    if (entry.askDeadlineMs === 0) this.#judge.wrong(entry, "an end of its question", "none");
    this.#waiting.set(entry.no, { entry, hold });
  }

  answer(entry: AnswerEntry): MoneyChange | null {
    const waiting = this.#waiting.get(entry.viaNo);
    if (waiting === undefined) {
      this.#judge.wrong(entry, "a message that waits", `it answers entry ${entry.viaNo}, which does not`);
      return untouched({ ...entry, mcc: 0 });
    }
    const reserved = this.#reservedOf(waiting);
    this.#judge.same(entry, "reserved was", reserved, entry.before);
    if (entry.outcome === RELEASED) return this.dismiss(entry, HOLD_CAPTURED, entry.reason);
    if (entry.outcome === KILLED_PENDING) return this.dismiss(entry, HOLD_CAPTURED, 0);
    if (entry.outcome !== CONFIRMED) this.#judge.wrong(entry, "an answer", `outcome ${entry.outcome}`);
    const { hold } = waiting;
    if (entry.amount >= entry.before) this.#judge.wrong(entry, "an approval of something", "an approval of nothing");
    const days = this.#judge.sameDays(entry, hold.days.take(entry.amount, null));
    this.admit(entry.viaNo, entry.before - entry.amount);
    return changed(hold, -entry.amount, days);
  }

  /** The network has answered in the endpoint's place, and approves it as it was reserved. */
  merge(entry: AdviceEntry): MoneyChange | null {
    const waiting = this.#waiting.get(entry.viaNo);
    if (waiting === undefined) {
      this.#judge.wrong(entry, "a message that waits", `it approves entry ${entry.viaNo}, which does not`);
      return untouched(entry);
    }
    this.admit(entry.viaNo);
    return changed(waiting.hold, 0n, []);
  }

  /** It is approved, if it waited: for that amount, or as it was reserved. */
  admit(no: number, amount?: bigint): void {
    const waiting = this.#waiting.get(no);
    if (waiting === undefined) return;
    this.#waiting.delete(no);
    const { entry, hold } = waiting;
    if (hold.no !== no) {
      this.#expectPart(waiting, APPROVED);
      return;
    }
    const approved = amount ?? entry.approved;
    hold.answer = { outcome: approved < entry.cardAmount && hold.fuel === 0 ? PARTIAL : APPROVED, amount: approved };
    if (hold.state === HOLD_PENDING) hold.state = HOLD_OPEN;
  }

  /** Nothing is left of it but a plain answer, for the endpoint's reason or, where that is 0, as reversed before. */
  dismiss(entry: Ending, state: number, reason: number): MoneyChange | null {
    const waiting = this.#waiting.get(entry.viaNo);
    if (waiting === undefined) {
      this.#judge.wrong(entry, "a message that waits", `it ends entry ${entry.viaNo}, which does not`);
      return untouched({ ...entry, mcc: 0 });
    }
    this.#waiting.delete(entry.viaNo);
    this.#expectDismissed(waiting, entry.wallMs, reason);
    const { entry: asked, hold } = waiting;
    const isPart = hold.no !== asked.no;
    const wanted = isPart ? touches.increment : touches.hold;
    const touched = entry.targetNo === 0 ? touches.nothing : wanted;
    this.#judge.same(entry, "it touches kind", BigInt(touched), BigInt(entry.touched));
    const total = hold.days.total;
    const left = this.#reservedOf(waiting);
    this.#judge.same(entry, "it releases", left < total ? left : total, entry.amount);
    const ownDay = isPart ? Math.floor(asked.businessMs / 86_400_000) : null;
    const days = this.#judge.sameDays(entry, hold.days.take(entry.amount, ownDay));
    // The hold of an increment may have been forgotten before it.
    if (entry.targetNo === 0) return null;
    if (isPart) {
      hold.increments?.delete(asked.no);
    } else {
      hold.isDismissed = true;
      this.#book.close(hold, state, entry.wallMs);
    }
    return changed(hold, -entry.amount, days);
  }

  /** At the end of the recorded entries: a row for each that waits, with the end of its question. */
  compareRows(records: Records): void {
    const { shard } = this.#findings;
    const first = rowId({ shard, no: 0 });
    const rows = records.prepareRaw<[id: number, deadline: number]>(
      "SELECT id, deadline_wall_ms FROM asked WHERE id >= ? AND id < ?",
    );
    const found = new Map(rows.all([first, first + 2 ** 40]));
    for (const [no, { entry }] of this.#waiting) {
      const id = rowId({ shard, no });
      const entity = `asked row of ${this.#findings.entry(no)}`;
      const text = found.has(id) ? `until ${found.get(id)}` : "no row";
      this.#findings.compare("row", "I6", { entity, expected: `until ${entry.askDeadlineMs}`, found: text });
      found.delete(id);
    }
    for (const id of found.keys()) {
      const entity = `asked row of ${this.#findings.entry(placeOf(id).no)}`;
      this.#findings.add("row", "I6", { entity, expected: "no row, as nothing waits", found: "a row" });
    }
  }

  /** At the end: what still waits is kept as such. */
  finish(): void {
    for (const waiting of this.#waiting.values()) {
      if (waiting.hold.no === waiting.entry.no)
        waiting.hold.answer = { outcome: PENDING, amount: waiting.entry.approved };
      else this.#expectPart(waiting, PENDING);
    }
  }

  #reservedOf({ entry, hold }: Waiting): bigint {
    if (hold.no === entry.no) return hold.days.total;
    return this.#book.increment(hold, entry.no)?.left ?? entry.approved;
  }

  #expectPart({ entry, hold }: Waiting, outcome: number): void {
    const { approved: amount, authorizationCode: code, businessMs, chain, fingerprint, messageKey, no, wallMs } = entry;
    this.#answers.expect(
      { no, chain, key: latin1(messageKey) },
      {
        outcomes: [outcome],
        reason: 0,
        amount,
        code,
        wallS: Math.floor(wallMs / 1000),
        fingerprint,
        named: { key: hold.key, chargedS: Math.floor(businessMs / 1000), left: null },
        told: null,
      },
    );
  }

  #expectDismissed({ entry }: Waiting, wallMs: number, reason: number): void {
    const { chain, fingerprint, messageKey, no } = entry;
    this.#answers.expect(
      { no, chain, key: latin1(messageKey) },
      {
        outcomes: [reason === 0 ? REVERSED_BEFORE : DECLINED],
        reason,
        amount: 0n,
        code: 0,
        wallS: Math.floor(wallMs / 1000),
        fingerprint,
        named: null,
        told: null,
      },
    );
  }
}
