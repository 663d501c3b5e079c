import {
  type AdviceEntry,
  type AuthorizationEntry,
  type ClearingEntry,
  type FinancialEntry,
  type JournalEntry,
  type ReversalEntry,
  touches,
} from "../store/entry.ts";
import { zero } from "../kernel/money.ts";
import { luaConstants } from "../store/library.ts";
import type { MoneyChange } from "./replayed-money.ts";
import { type ExpectedAnswer, type ExpectedName, type StoredAnswers, latin1 } from "./stored-answers.ts";

const { ADDED, APPROVED, AWAITED, COMPLETED, FORCE_POSTED, HELD, HOLD_OPEN, PENDING, POSTED, PURPOSE_INQUIRY } =
  luaConstants;

/** What an entry left under message keys beside the hold or the posting that it made (rules: Identity). */
export function expectAnswers(answers: StoredAnswers, entry: JournalEntry, change: MoneyChange | null): void {
  switch (entry.kind) {
    case "authorization":
      return ofAuthorization(answers, entry, change);
    case "advice":
      return ofAdvice(answers, entry, change);
    case "financial":
      return ofFinancial(answers, entry, change);
    case "reversal":
      return ofReversal(answers, entry, change);
    case "clearing":
      return ofClearing(answers, entry);
    default:
  }
}

function ofAuthorization(answers: StoredAnswers, entry: AuthorizationEntry, change: MoneyChange | null): void {
  const { approved: amount, authorizationCode, outcome, purpose } = entry;
  // What waits is answered by what ends that (waiting-replay.ts).
  if (outcome === PENDING || (change !== null && change.made !== null)) return;
  const code = outcome === APPROVED ? authorizationCode : 0;
  const hold = change?.touched ?? null;
  const named = hold === null ? null : nameOf(hold.key, entry, null);
  const told = outcome === APPROVED && purpose === PURPOSE_INQUIRY ? entry : null;
  answers.expect(at(entry, entry.messageKey), { ...own(entry, amount, code), named, told });
}

function ofAdvice(answers: StoredAnswers, entry: AdviceEntry, change: MoneyChange | null): void {
  const { amount, authorizationCode, authorizationKey, messageKey, outcome, touched } = entry;
  const made = change?.made ?? null;
  const hold = change?.touched ?? null;
  if (outcome === HELD && made !== null && touched === touches.decline) {
    answers.nameDecline(entry.viaNo, nameOf(made.key, entry, 0n));
    return;
  }
  const code = made !== null || outcome === ADDED ? authorizationCode : 0;
  const mine = own(entry, amount, code);
  // An addition of nothing belongs to no hold.
  const isAdded = outcome === ADDED && amount > zero;
  const names = made ?? (isAdded || outcome === COMPLETED ? hold : null);
  answers.expect(at(entry, messageKey), { ...mine, named: names === null ? null : nameOf(names.key, entry, 0n) });
  if (outcome === ADDED && hold !== null) {
    const named = isAdded ? nameOf(hold.key, entry, null) : null;
    answers.expect(at(entry, authorizationKey), { ...mine, outcomes: [APPROVED], named });
  } else if (touched === touches.tombstone) {
    answers.expect(at(entry, authorizationKey), { ...mine, outcomes: [AWAITED] });
  }
}

function ofFinancial(answers: StoredAnswers, entry: FinancialEntry, change: MoneyChange | null): void {
  const { amount, authorizationCode, messageKey, originalKeys, outcome, viaNo } = entry;
  const made = change?.made ?? null;
  if (made === null) {
    const code = outcome === APPROVED ? authorizationCode : 0;
    const told = outcome === APPROVED && entry.purpose === PURPOSE_INQUIRY ? entry : null;
    // A duplicate of a 0200 names its posting, so that a reversal may name either.
    const posting = change?.touched ?? null;
    const named = posting === null ? null : nameOf(posting.key, entry, 0n);
    answers.expect(at(entry, messageKey), { ...own(entry, amount, code), told, named });
    return;
  }
  if (entry.touched === touches.decline) answers.nameDecline(viaNo, nameOf(made.key, entry, 0n));
  if (entry.besideNo > 0) answers.nameDecline(entry.besideNo, nameOf(made.key, entry, 0n));
  if (!entry.isAdvice || viaNo > 0) return;
  const [first, second] = originalKeys;
  // The late original is a repeat of this. Which function a single key is of, the entry does not say.
  const isSingle = second === undefined;
  for (const [index, key] of [first, second].entries()) {
    if (key === undefined || latin1(key) === made.key) continue;
    const outcomes = isSingle ? [APPROVED, POSTED, FORCE_POSTED] : [index === 0 ? APPROVED : POSTED];
    const mine = own(entry, amount, authorizationCode);
    answers.expect(at(entry, key), { ...mine, outcomes, named: nameOf(made.key, entry, 0n) });
  }
}

function ofReversal(answers: StoredAnswers, entry: ReversalEntry, change: MoneyChange | null): void {
  const mine = own(entry, entry.amount, 0);
  const money = change?.touched ?? null;
  // Forgotten before the hold, its repeat would undo what has come to the hold since.
  const isOpenHold = money !== null && money.kind === "hold" && money.state === HOLD_OPEN;
  answers.expect(at(entry, entry.messageKey), { ...mine, named: isOpenHold ? nameOf(money.key, entry, 0n) : null });
  if (entry.touched === touches.decline) {
    answers.nameDecline(entry.viaNo, nameOf(latin1(entry.messageKey), entry, 0n));
  }
  if (entry.touched !== touches.tombstone) return;
  // The third key is that of a financial advice, which nobody sends before its reversal.
  for (const key of entry.undoKeys.slice(0, 2)) answers.expect(at(entry, key), { ...mine, outcomes: [AWAITED] });
}

function ofClearing(answers: StoredAnswers, entry: ClearingEntry): void {
  const { amount, holdKey, messageKey, viaNo } = entry;
  const named = viaNo > 0 ? nameOf(latin1(holdKey), entry, 0n) : null;
  answers.expect(at(entry, messageKey), { ...own(entry, amount, 0), named });
}

type Answered = AuthorizationEntry | AdviceEntry | ClearingEntry | FinancialEntry | ReversalEntry;

function own({ outcome, reason, wallMs, fingerprint }: Answered, amount: bigint, code: number): ExpectedAnswer {
  const wallS = Math.floor(wallMs / 1000);
  return { outcomes: [outcome], reason, amount, code, wallS, fingerprint, named: null, told: null };
}

function nameOf(key: string, { businessMs }: Answered, left: bigint | null): ExpectedName {
  return { key, chargedS: Math.floor(businessMs / 1000), left };
}

function at({ no, chain }: Answered, key: Uint8Array) {
  return { no, chain, key: latin1(key) };
}
