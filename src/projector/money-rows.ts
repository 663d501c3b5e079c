import type { HoldExpiryProfile } from "../../specs/hold-expiry.ts";
import { must } from "../kernel/assert.ts";
import { type Minor, minor, subtract, zero } from "../kernel/money.ts";
import { holdLifeMs } from "../ledger/hold-life.ts";
import { releasedByClearing } from "../ledger/clearing.ts";
import { settlementDay } from "../ledger/settlement-position.ts";
import { rowId } from "../records/place.ts";
import type { AuthorizationState, AuthorizationStatus, Spender } from "../records/rows.ts";
import type { RecordsWriter } from "../records/writer.ts";
import {
  type AdviceEntry,
  type AnswerEntry,
  type AuthorizationEntry,
  type ChargedDay,
  type ClearingEntry,
  type ExpiryEntry,
  type FinancialEntry,
  type ReversalEntry,
  entryKinds,
  touches,
} from "../store/entry.ts";
import { luaConstants } from "../store/library.ts";
import { type AmountEntry, messageRow } from "./message-row.ts";

const { APPROVED, CAPTURED_HOLD, FORCE_POSTED, KILLED_PENDING, PARTIAL, PENDING, POSTED } = luaConstants;
const { PURPOSE_REFUND, REPOSTED, REVERSED_BEFORE } = luaConstants;

interface Effected {
  readonly shard: number;
  readonly no: number;
  readonly targetNo: number;
  readonly days: readonly ChargedDay[];
}

interface Answering extends Effected {
  readonly touched: number;
  readonly viaNo: number;
}

/** What a message about money is in the records: rows of its own, and what it changes in the rows of others. */
export class MoneyRows {
  readonly #writer: RecordsWriter;
  readonly #profile: HoldExpiryProfile;

  constructor(writer: RecordsWriter, profile: HoldExpiryProfile) {
    this.#writer = writer;
    this.#profile = profile;
  }

  /** An increment is part of the hold to which it was, or was not, added; everything else is an authorization of its own. */
  authorization(entry: AuthorizationEntry): void {
    const { approved, askDeadlineMs, businessMs, holdNo: targetNo, outcome } = entry;
    if (outcome === PENDING) this.#writer.asked(entry, askDeadlineMs);
    if (targetNo === 0) {
      this.#writer.authorization(messageRow(entry), this.#state(entry, approved, statusOf(entry)));
      return;
    }
    if (approved === zero) {
      this.#writer.followUp({ entry, targetNo, amount: zero });
      return;
    }
    this.#writer.heldChange({ entry, targetNo, amount: approved }, "pending");
    const charged = {
      shard: entry.shard,
      no: entry.no,
      targetNo,
      days: [{ day: dayOf(businessMs), amount: approved }],
    };
    this.#charge(charged, this.#holdSpender(charged));
  }

  advice(entry: AdviceEntry): void {
    const { amount, before, outcome, targetNo } = entry;
    this.#answered(entry);
    if (outcome === luaConstants.HELD && amount > zero) {
      const isBeside = entry.touched === touches.decline;
      const originalId = isBeside ? rowId({ shard: entry.shard, no: entry.viaNo }) : 0;
      this.#writer.authorization(messageRow(entry), this.#state(entry, amount, "pending", originalId));
      this.#charge(entry, entry);
    } else if (outcome === luaConstants.ADDED) {
      this.#hold(entry, amount, "pending");
    } else if (outcome === luaConstants.COMPLETED) {
      this.#hold(entry, subtract(amount, before), amount === zero ? "reversed" : "pending");
      const life = holdLifeMs(entry, this.#profile, true);
      this.#writer.livesFor({ shard: entry.shard, no: targetNo }, life);
    } else if (entry.touched === touches.hold || (isHeld(entry.touched) && amount > zero)) {
      this.#hold(entry, minor(-amount), entry.touched === touches.hold ? "reversed" : "pending");
    } else if (entry.touched === touches.reservation) {
      this.#hold(entry, zero, "pending");
    } else if (targetNo > 0) {
      this.#writer.followUp({ entry, targetNo, amount: zero });
    }
  }

  /** A 0200 is an authorization that is over at once, whatever became of it; what was posted is a transaction. */
  financial(entry: FinancialEntry): void {
    const { amount, before, outcome, targetNo } = entry;
    if (!entry.isAdvice) {
      const status = outcome === REVERSED_BEFORE ? "reversed" : "closed";
      this.#writer.authorization(messageRow(entry), this.#state(entry, amount, status));
    }
    if (outcome === CAPTURED_HOLD) {
      // Only the hold itself: an increment by which it was named still waits for an answer of its own.
      this.#writer.answered({ shard: entry.shard, no: targetNo });
      const spender = this.#holdSpender(entry);
      this.#writer.heldChange({ entry, targetNo, amount: minor(-before) }, "closed");
      this.#posted(entry, spender.mcc);
      this.#charge(entry, spender);
      return;
    }
    if (targetNo > 0) this.#writer.followUp({ entry, targetNo, amount: zero });
    if (outcome !== POSTED && outcome !== FORCE_POSTED) return;
    this.#posted(entry, entry.mcc);
    this.#charge(entry, entry);
  }

  reversal(entry: ReversalEntry): void {
    const { amount, outcome, targetNo, touched } = entry;
    if (outcome === KILLED_PENDING) this.#answered(entry);
    if (outcome === REPOSTED) {
      this.#writer.reposted({ entry, targetNo, amount: minor(-amount) });
      const posting = must(
        this.#writer.spenderOfPosting({ shard: entry.shard, no: targetNo }),
        "a posting is recorded",
      );
      this.#charge(entry, posting);
    } else if (isHeld(touched) && (outcome !== KILLED_PENDING || touched === touches.hold || amount > zero)) {
      const isOver = (outcome === luaConstants.RELEASED || outcome === KILLED_PENDING) && touched === touches.hold;
      this.#hold(entry, minor(-amount), isOver ? "reversed" : "pending");
    } else if (targetNo > 0) {
      this.#writer.followUp({ entry, targetNo, amount: zero });
    }
  }

  expiry(entry: ExpiryEntry): void {
    this.#hold(entry, minor(-entry.amount), "expired");
  }

  /** What a question came to. An increment's hold may be over by then: it stays as it ended. */
  answer(entry: AnswerEntry): void {
    const { amount, outcome, targetNo, touched } = entry;
    this.#answered(entry);
    if (touched === touches.hold) {
      this.#hold(entry, minor(-amount), outcome === luaConstants.CONFIRMED ? "pending" : "closed");
    } else if (amount > zero) {
      this.#hold(entry, minor(-amount), "pending");
    } else if (targetNo > 0) {
      this.#writer.followUp({ entry, targetNo, amount: zero });
    }
  }

  /** What is cleared is a transaction; its authorization may be over, or unknown. */
  clearing(entry: ClearingEntry): void {
    const { amount, purpose, shard, targetNo, touched } = entry;
    const isRefund = purpose === PURPOSE_REFUND;
    if (touched === touches.hold) {
      this.#answered(entry);
      const released = minor(-releasedByClearing(entry));
      this.#writer.heldChange({ entry, targetNo, amount: released }, entry.isFinal ? "closed" : "pending");
    } else if (targetNo > 0) {
      this.#writer.followUp({ entry, targetNo, amount: zero });
    }
    this.#charge(entry, entry);
    if (amount === zero) return;
    this.#writer.posted(messageRow(entry), {
      amount: isRefund ? amount : minor(-amount),
      // What was cleared is undone by another clearing, and by no message.
      reversible: zero,
      originalId: targetNo > 0 ? rowId({ shard, no: targetNo }) : 0,
      countedMcc: entry.mcc,
      settlementDay: settlementDay(entry.settlementDate, entry.businessMs),
    });
  }

  /** Whatever waited for the program's endpoint and is named here waits no more. */
  #answered({ shard, touched, targetNo, viaNo }: Answering): void {
    if (touched === touches.nothing || touched === touches.tombstone) return;
    this.#writer.answered({ shard, no: viaNo > 0 ? viaNo : targetNo });
    if (viaNo > 0 && viaNo !== targetNo) this.#writer.answered({ shard, no: targetNo });
  }

  #hold(entry: Effected, amount: Minor, status: AuthorizationStatus): void {
    this.#writer.heldChange({ entry, targetNo: entry.targetNo, amount }, status);
    if (entry.days.length > 0) this.#charge(entry, this.#holdSpender(entry));
  }

  #charge(entry: Effected, spender: Spender): void {
    for (const { day, amount } of entry.days) this.#writer.charge({ entry, day, amount }, spender);
  }

  #holdSpender({ shard, targetNo: no }: Effected): Spender {
    return must(this.#writer.spenderOfHold({ shard, no }), `the hold of entry ${no} is recorded`);
  }

  #posted(entry: FinancialEntry, countedMcc: number): void {
    const { amount } = entry;
    // A captured hold may end in nothing: there is no transaction of zero (rules: Clearing always posts).
    if (amount === zero) return;
    const isLinked = entry.isAdvice && entry.targetNo > 0;
    this.#writer.posted(messageRow(entry), {
      amount: entry.purpose === PURPOSE_REFUND ? amount : minor(-amount),
      reversible: amount,
      originalId: isLinked ? rowId({ shard: entry.shard, no: entry.targetNo }) : 0,
      countedMcc,
      settlementDay: settlementDay(entry.settlementDate, entry.businessMs),
    });
  }

  #state(entry: AmountEntry, approved: Minor, status: AuthorizationStatus, originalId = 0): AuthorizationState {
    const isHolding = status === "pending" || status === "reserved";
    return {
      kind: entryKinds[entry.kind],
      status,
      reason: entry.reason,
      amount: entry.cardAmount,
      approved,
      remaining: isHolding ? approved : zero,
      originalId,
      expiresMs: isHolding ? entry.businessMs + holdLifeMs(entry, this.#profile) : 0,
    };
  }
}

/** The state in which an authorization is born: one that holds nothing is over at once. */
export function statusOf(entry: AuthorizationEntry): AuthorizationStatus {
  if (entry.outcome === REVERSED_BEFORE) return "reversed";
  if (entry.outcome === PENDING) return "reserved";
  return (entry.outcome === APPROVED || entry.outcome === PARTIAL) && entry.approved > zero ? "pending" : "closed";
}

function isHeld(touched: number): boolean {
  return touched === touches.hold || touched === touches.increment;
}

function dayOf(businessMs: number): number {
  return Math.floor(businessMs / 86_400_000);
}
