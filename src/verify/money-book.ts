import type { HoldExpiryProfile } from "../../specs/hold-expiry.ts";
import { type HoldFacts, holdLifeMs } from "../ledger/hold-life.ts";
import type { AdviceEntry, AuthorizationEntry, FinancialEntry } from "../store/entry.ts";
import { luaConstants } from "../store/library.ts";
import { ChargedDays } from "./charged-days.ts";
import type { ReplayedIncrement, ReplayedMoney } from "./replayed-money.ts";
import { type StoredAnswers, latin1 } from "./stored-answers.ts";
import type { ShardFindings } from "./violations.ts";

const { HOLD_OPEN, POSTED_CREDIT, POSTED_DEBIT } = luaConstants;

/** Who a message is about; a reversal and an expiry have no MCC. */
export interface Told {
  readonly account: number;
  readonly chain: number;
  readonly cardholder: number;
  readonly mcc?: number;
}

interface NewMoney {
  readonly kind: "hold" | "posting";
  readonly key: Uint8Array;
  readonly state: number;
  readonly fuel: number;
}

/**
 * The holds and postings of a shard. A hold that is closed, and that Redis has forgotten, is forgotten here too; of any
 * other, state and remaining amount are compared with Redis and with its row.
 */
export class MoneyBook {
  readonly #findings: ShardFindings;
  readonly #answers: StoredAnswers;
  readonly #holds = new Map<number, ReplayedMoney>();
  readonly #postings = new Map<number, ReplayedMoney>();

  constructor(parts: { findings: ShardFindings; answers: StoredAnswers }) {
    this.#findings = parts.findings;
    this.#answers = parts.answers;
  }

  get openCount(): number {
    let count = 0;
    for (const hold of this.#holds.values()) if (hold.state === HOLD_OPEN) count++;
    return count;
  }

  hold(no: number): ReplayedMoney | null {
    return this.#holds.get(no) ?? null;
  }

  posting(no: number): ReplayedMoney | null {
    return this.#postings.get(no) ?? null;
  }

  make(entry: AuthorizationEntry | AdviceEntry | FinancialEntry, what: NewMoney): ReplayedMoney {
    const { account, chain, cardholder, mcc, rate } = entry;
    return this.#add(entry, { ...what, account, chain, cardholder, mcc, rate, chargedS: secondOf(entry.businessMs) });
  }

  /** The posting goes on where the hold was charged. */
  capture(entry: FinancialEntry, hold: ReplayedMoney): ReplayedMoney {
    const { account, chain, cardholder, mcc, chargedS } = hold;
    const rate = entry.rate === 0 ? hold.rate : entry.rate;
    const spender = { account, chain, cardholder, mcc, rate, chargedS };
    const what = { kind: "posting", key: entry.messageKey, state: POSTED_DEBIT, fuel: 0 } as const;
    return this.#add(entry, { ...what, ...spender }, hold.days.moveOut());
  }

  /** What was pumped is told: the hold lives on as any other, as that message says it. */
  complete(hold: ReplayedMoney, told: AdviceEntry): void {
    hold.fuel = luaConstants.FUEL_COMPLETED;
    hold.livesMs = livesOf(told, true);
  }

  increase(hold: ReplayedMoney, no: number, { amount, chargedS }: { amount: bigint; chargedS: number }): void {
    hold.increments ??= new Map();
    hold.increments.set(no, { left: amount, chargedS });
  }

  increment(hold: ReplayedMoney, no: number): ReplayedIncrement | null {
    return hold.increments?.get(no) ?? null;
  }

  close(hold: ReplayedMoney, state: number, wallMs: number): void {
    hold.state = state;
    hold.wallS = Math.floor(wallMs / 1000);
    this.#compareRow(hold);
    // Nothing more is asked of a closed hold that Redis has forgotten, but a second end of it.
    if (hold.stored === null) this.#holds.delete(hold.no);
  }

  /** At the end of the recorded entries: what is open, and what is posted, as the records have it. */
  compareRows(): void {
    for (const hold of this.#holds.values()) if (isStanding(hold)) this.#compareRow(hold);
    for (const posting of this.#postings.values()) this.#compareRow(posting);
  }

  /** At the end of the journal: what Redis has. An open hold has to be there. */
  compareRedis(): void {
    for (const money of [...this.#holds.values(), ...this.#postings.values()]) {
      const entity = this.nameOf(money);
      if (money.stored === null) {
        if (!isStanding(money)) continue;
        const expected = `a hold of ${money.days.total}`;
        this.#findings.add("hold", "I3", { entity, expected, found: "no hold in Redis" });
        continue;
      }
      this.#answers.compareMoney(money, entity);
      for (const [no, { left }] of money.increments ?? []) this.#answers.compareLeft(no, left);
    }
  }

  nameOf(money: ReplayedMoney): string {
    return money.kind === "hold" ? this.nameOfHold(money.no) : `posting of ${this.#findings.entry(money.no)}`;
  }

  nameOfHold(no: number): string {
    return `hold of ${this.#findings.name("iauth", no)}`;
  }

  #add(
    entry: AuthorizationEntry | AdviceEntry | FinancialEntry,
    what: NewMoney & Pick<ReplayedMoney, "account" | "chain" | "cardholder" | "mcc" | "rate" | "chargedS">,
    days = new ChargedDays(),
  ): ReplayedMoney {
    const key = latin1(what.key);
    const { no } = entry;
    const stored = this.#answers.money({ no, chain: what.chain, key });
    const wallS = Math.floor(entry.wallMs / 1000);
    const life = { bornMs: entry.businessMs, livesMs: what.kind === "hold" ? livesOf(entry, false) : [] };
    const money: ReplayedMoney = { ...what, ...life, key, no, days, wallS, ...unknownYet, stored };
    (what.kind === "hold" ? this.#holds : this.#postings).set(no, money);
    if (stored !== null) this.#answers.compareBirth(entry, money, this.nameOf(money));
    return money;
  }

  #compareRow(money: ReplayedMoney): void {
    if (money.row === null) return;
    const isHold = money.kind === "hold";
    const row = isHold ? `authorizations row of ${this.#findings.name("iauth", money.no)}` : this.#transactionOf(money);
    const expected = `${statusText(money)}, remaining ${money.days.total}`;
    const found = `${money.row.status}, remaining ${money.row.remaining}`;
    this.#findings.compare("row", "I4", { entity: row, expected, found });
    if (!isHold) return;
    const ends = money.livesMs.map((lifeMs) => money.bornMs + lifeMs);
    if (ends.includes(money.row.expiresMs)) return;
    const texts = { expected: `expires_ms ${ends.join(" or ")}`, found: `expires_ms ${money.row.expiresMs}` };
    this.#findings.add("row", "I4", { entity: row, ...texts });
  }

  #transactionOf({ no }: ReplayedMoney): string {
    return `transactions row of ${this.#findings.entry(no)}`;
  }
}

const unknownYet = { increments: null, answer: null, isDismissed: false, row: null };
const profiles: readonly HoldExpiryProfile[] = ["stripe", "network"];

function livesOf(facts: HoldFacts, isPumped: boolean): number[] {
  return profiles.map((profile) => holdLifeMs(facts, profile, isPumped));
}

const statusTexts: ReadonlyMap<number, string> = new Map([
  [HOLD_OPEN, "pending"],
  [luaConstants.HOLD_PENDING, "reserved"],
  [luaConstants.HOLD_REVERSED, "reversed"],
  [luaConstants.HOLD_CAPTURED, "closed"],
  [luaConstants.HOLD_EXPIRED, "expired"],
  [POSTED_DEBIT, "debit"],
  [POSTED_CREDIT, "credit"],
]);

function statusText({ state }: ReplayedMoney): string {
  return statusTexts.get(state) ?? String(state);
}

function isStanding({ state }: ReplayedMoney): boolean {
  return state === HOLD_OPEN || state === luaConstants.HOLD_PENDING;
}

function secondOf(businessMs: number): number {
  return Math.floor(businessMs / 1000);
}
