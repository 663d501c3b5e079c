import type { AdviceEntry, AuthorizationEntry, FinancialEntry } from "../store/entry.ts";
import { luaConstants } from "../store/library.ts";
import { daysText } from "./charged-days.ts";
import { type RedisShard, type StoredAnswer, printable } from "./redis-shard.ts";
import type { ReplayedMoney } from "./replayed-money.ts";
import type { ShardFindings } from "./violations.ts";

export interface AnswerPlace {
  /** The entry that gave the answer. */
  readonly no: number;
  readonly chain: number;
  /** Message key, Latin-1. */
  readonly key: string;
}

/** The answer to a message that has no money of its own. */
export interface ExpectedAnswer {
  /** Any of them. */
  readonly outcomes: readonly number[];
  readonly reason: number;
  readonly amount: bigint;
  readonly code: number;
  readonly wallS: number;
  readonly fingerprint: Uint8Array;
  readonly named: ExpectedName | null;
  /** Of an inquiry. */
  readonly told: { readonly available: bigint; readonly held: bigint } | null;
}

export interface ExpectedName {
  readonly key: string;
  readonly chargedS: number;
  /** null: it changes, and is compared at the end. */
  readonly left: bigint | null;
}

/**
 * What Redis keeps under message keys, against what the entries say. It may have forgotten an answer, but what is there
 * has to be what its entry says, and everything has to have an entry.
 */
export class StoredAnswers {
  readonly #findings: ShardFindings;
  readonly #redis: RedisShard;

  constructor(parts: { findings: ShardFindings; redis: RedisShard }) {
    this.#findings = parts.findings;
    this.#redis = parts.redis;
  }

  /** The hold or the posting that the entry left there; null where Redis has forgotten it. */
  money(place: AnswerPlace): StoredAnswer | null {
    const answer = this.#at(place);
    if (answer === null || answer.packed.kind === "message") return null;
    answer.isExplained = true;
    return answer;
  }

  expect(place: AnswerPlace, expected: ExpectedAnswer): void {
    const answer = this.#at(place);
    if (answer === null) return;
    const { packed } = answer;
    if (packed.kind !== "message") {
      answer.isExplained = true;
      const found = `a ${packed.kind}`;
      this.#findings.add("answer", "I5", { entity: this.#nameOf(answer), expected: "an answer", found });
      return;
    }
    const { fingerprint, named, outcomes, told, ...same } = expected;
    this.#compareParts("answer", this.#nameOf(answer), {
      expected: { outcome: outcomes.join(" or "), ...same, fingerprint: hex(fingerprint), told: toldText(told) },
      found: {
        ...packed,
        outcome: outcomes.includes(packed.outcome) ? outcomes.join(" or ") : packed.outcome,
        fingerprint: hex(packed.fingerprint),
        told: toldText(packed.told),
      },
    });
    // A decline may name what has happened beside it since; then the entry of that explains it.
    const mayBeNamed = named === null && packed.outcome === luaConstants.DECLINED && packed.named !== null;
    if (mayBeNamed) return;
    answer.isExplained = true;
    this.#compareName(answer, named);
  }

  /** A decline names what came beside it: a hold, a posting, or the reversal that undid it. */
  nameDecline(no: number, named: ExpectedName): void {
    for (const answer of this.#redis.answers.get(no) ?? []) {
      if (answer.packed.kind !== "message" || answer.packed.outcome !== luaConstants.DECLINED) continue;
      answer.isExplained = true;
      this.#compareName(answer, named);
    }
  }

  /** What reversals have left of an increment. */
  compareLeft(no: number, left: bigint): void {
    for (const answer of this.#redis.answers.get(no) ?? []) {
      const { packed } = answer;
      // Of an advised increment two answers name the hold, and only that of its authorization has a part to give back.
      if (packed.kind !== "message" || packed.named === null || packed.outcome !== luaConstants.APPROVED) continue;
      const found = `left ${packed.named.left}`;
      this.#findings.compare("answer", "I5", { entity: this.#nameOf(answer), expected: `left ${left}`, found });
    }
  }

  /** What never changes of a hold or of a posting, as the entry that made it says it. */
  compareBirth(entry: AuthorizationEntry | AdviceEntry | FinancialEntry, money: ReplayedMoney, entity: string): void {
    const packed = money.stored?.packed;
    if (packed === undefined || packed.kind === "message") return;
    const { fingerprint, chainKey } = packed;
    const amount = entry.kind === "authorization" ? entry.approved : entry.amount;
    const isAdvice = entry.kind === "advice" || (entry.kind === "financial" && entry.isAdvice);
    // The answer to what waited is known in the end.
    const isPending = entry.kind === "authorization" && entry.outcome === luaConstants.PENDING;
    const isAdvisedUnheard = entry.kind === "advice" && entry.viaNo === 0;
    this.#compareParts("hold", entity, {
      expected: {
        kind: money.kind,
        ...(isPending ? {} : { outcome: isAdvisedUnheard ? luaConstants.APPROVED : entry.outcome, amount }),
        asked: isAdvice || isFuelOf(entry) ? packed.asked : entry.cardAmount,
        code: entry.authorizationCode,
        mcc: money.mcc,
        rate: money.rate,
        chargedS: money.chargedS,
        fingerprint: hex(entry.fingerprint),
        chainKey: hex(entry.chainKey),
      },
      found: { ...packed, fingerprint: hex(fingerprint), chainKey: hex(chainKey) },
    });
  }

  compareMoney(money: ReplayedMoney, entity: string): void {
    const packed = money.stored?.packed;
    if (packed === undefined || packed.kind === "message") return;
    const { amount, chargedS, fuel, laterDays, outcome, remaining, state, wallS } = packed;
    const later = laterDays.reduce((sum, { amount }) => sum + amount, 0n);
    const first = { day: Math.floor(chargedS / 86_400), amount: remaining - later };
    const days = daysText([first, ...laterDays]);
    this.#compareParts("hold", entity, {
      expected: {
        remaining: money.days.total,
        state: money.state,
        wallS: money.wallS,
        fuel: money.fuel,
        days: money.days.text(),
        ...money.answer,
      },
      found: { remaining, state, wallS, fuel, days, outcome, amount },
    });
  }

  finish(): void {
    for (const answers of this.#redis.answers.values()) {
      for (const answer of answers) if (!answer.isExplained) this.#extra(answer);
    }
  }

  #at({ no, chain, key }: AnswerPlace): StoredAnswer | null {
    const field = `m${key}`;
    const answers = this.#redis.answers.get(no) ?? [];
    return answers.find((answer) => answer.chain === chain && answer.field === field) ?? null;
  }

  #compareName(answer: StoredAnswer, named: ExpectedName | null): void {
    if (answer.packed.kind !== "message") return;
    const found = answer.packed.named;
    const isLeftCompared = named?.left !== null;
    const text = (name: { key: string; left: bigint | null; chargedS: number } | null): string =>
      name === null ? "names nothing" : `names ${printable(`m${name.key}`)}, ${name.left} of ${name.chargedS}`;
    const left = isLeftCompared ? (found?.left ?? null) : null;
    const given = found === null ? null : { key: latin1(found.messageKey), left, chargedS: found.chargedS };
    const texts = { expected: text(named), found: text(given) };
    this.#findings.compare("answer", "I5", { entity: this.#nameOf(answer), ...texts });
  }

  #compareParts(
    size: "hold" | "answer",
    entity: string,
    parts: { expected: Readonly<Record<string, unknown>>; found: Readonly<Record<string, unknown>> },
  ): void {
    for (const [part, value] of Object.entries(parts.expected)) {
      if (parts.found[part] === value) continue;
      this.#findings.add(size, size === "answer" ? "I5" : "I4", {
        entity,
        expected: `${part} ${String(value)}`,
        found: `${part} ${String(parts.found[part])}`,
      });
    }
  }

  #extra(answer: StoredAnswer): void {
    const isMoney = answer.packed.kind !== "message";
    const kind = isMoney ? `a ${answer.packed.kind}` : "an answer";
    const found = `${kind} that names ${this.#findings.entry(answer.packed.journalNo)}`;
    const expected = `no such ${isMoney ? answer.packed.kind : "answer"}`;
    const entity = this.#nameOf(answer);
    this.#findings.add(isMoney ? "hold" : "answer", isMoney ? "I3" : "I5", { entity, expected, found });
  }

  #nameOf(answer: StoredAnswer): string {
    return `answer ${printable(answer.field)} of card chain ${this.#findings.name("ic", answer.chain)}`;
  }
}

/** Eight bytes of a key as a field's name has them. */
export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).latin1Slice();
}

// A fuel hold keeps how much it could have been, which its message does not say.
function isFuelOf(entry: AuthorizationEntry | AdviceEntry | FinancialEntry): boolean {
  return entry.purpose === luaConstants.PURPOSE_FUEL;
}

function toldText(told: { readonly available: bigint; readonly held: bigint } | null): string {
  return told === null ? "nothing" : `available ${told.available}, held ${told.held}`;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex");
}
