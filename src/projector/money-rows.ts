import type { HoldExpiryProfile } from "../../specs/hold-expiry.ts";
import { must } from "../kernel/assert.ts";
import { type Minor, minor, subtract, zero } from "../kernel/money.ts";
import { holdLifeMs } from "../ledger/hold-life.ts";
import { settlementDay } from "../ledger/settlement-position.ts";
import { rowId } from "../records/place.ts";
import type { AuthorizationState, AuthorizationStatus, MessageRow, Spender } from "../records/rows.ts";
import type { RecordsWriter } from "../records/writer.ts";
import {
  type AdviceEntry,
  type AuthorizationEntry,
  type ChargedDay,
  type ExpiryEntry,
  type FinancialEntry,
  type ReversalEntry,
  entryKinds,
  touches,
} from "../store/entry.ts";
import { luaConstants } from "../store/library.ts";

const { APPROVED, CAPTURED_HOLD, FORCE_POSTED, PARTIAL, POSTED, PURPOSE_REFUND, REPOSTED, REVERSED_BEFORE } =
  luaConstants;

interface Effected {
  readonly shard: number;
  readonly no: number;
  readonly targetNo: number;
  readonly days: readonly ChargedDay[];
}

/** What a message about money is in the records: rows of its own, and what it changes in the rows of others. */
export class MoneyRows {
  readonly #writer: RecordsWriter;
  readonly #profile: HoldExpiryProfile;

  constructor(writer: RecordsWriter, profile: HoldExpiryProfile) {
    this.#writer = writer;
    this.#profile = profile;
  }

  /** An increment is part of the hold to which it was added; everything else is an authorization of its own. */
  authorization(entry: AuthorizationEntry): void {
    const { approved, businessMs, holdNo: targetNo } = entry;
    if (targetNo === 0) {
      this.#writer.authorization(messageRow(entry), this.#state(entry, approved, statusOf(entry)));
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
    } else if (isHeld(entry.touched)) {
      this.#hold(entry, minor(-amount), entry.touched === touches.hold ? "reversed" : "pending");
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
    if (outcome === REPOSTED) {
      this.#writer.reposted({ entry, targetNo, amount: minor(-amount) });
      const posting = must(
        this.#writer.spenderOfPosting({ shard: entry.shard, no: targetNo }),
        "a posting is recorded",
      );
      this.#charge(entry, posting);
    } else if (isHeld(touched)) {
      const isOver = outcome === luaConstants.RELEASED && touched === touches.hold;
      this.#hold(entry, minor(-amount), isOver ? "reversed" : "pending");
    } else if (targetNo > 0) {
      this.#writer.followUp({ entry, targetNo, amount: zero });
    }
  }

  expiry(entry: ExpiryEntry): void {
    this.#hold(entry, minor(-entry.amount), "expired");
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
    const isHolding = status === "pending";
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
  return (entry.outcome === APPROVED || entry.outcome === PARTIAL) && entry.approved > zero ? "pending" : "closed";
}

function isHeld(touched: number): boolean {
  return touched === touches.hold || touched === touches.increment;
}

function dayOf(businessMs: number): number {
  return Math.floor(businessMs / 86_400_000);
}

type AmountEntry = AuthorizationEntry | AdviceEntry | FinancialEntry;

function messageRow(entry: AmountEntry): MessageRow {
  return {
    place: entry,
    account: entry.account,
    card: entry.card,
    chain: entry.chain,
    cardholder: entry.cardholder,
    network: entry.network,
    purpose: entry.purpose,
    outcome: entry.outcome,
    currency: entry.cardCurrency,
    transactionCurrency: entry.transactionCurrency,
    transactionAmount: entry.transactionAmount,
    mcc: entry.mcc,
    createdMs: entry.businessMs,
    wallMs: entry.wallMs,
    stan: Number(entry.stan),
    rrn: entry.rrn,
    authorizationCode: entry.authorizationCode,
    merchantKey: entry.merchantKey,
  };
}
