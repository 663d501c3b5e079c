import type { AuthorizationEntry, ReversalEntry } from "../store/entry.ts";
import { fields } from "../store/keys.ts";
import { luaConstants } from "../store/library.ts";
import { type RedisShard, type StoredAnswer, printable } from "./redis-shard.ts";
import type { ShardFindings } from "./violations.ts";

const { APPROVED, AWAITED, HOLD_OPEN, HOLD_REVERSED, LOWERED, RELEASED, TOMBSTONE } = luaConstants;

/** A hold as its entries leave it. */
export interface ReplayedHold {
  readonly no: number;
  readonly account: number;
  readonly chain: number;
  readonly cardholder: number;
  readonly mcc: number;
  readonly chargedS: number;
  readonly messageKey: Uint8Array;
  remaining: bigint;
  isOpen: boolean;
  wallS: number;
  readonly stored: StoredAnswer | null;
}

/**
 * Holds and stored answers, from the entries alone. An open hold has to be in Redis; a closed one, and any other answer,
 * may have been forgotten, but what is there has to be what its entry says.
 */
export class HoldReplay {
  readonly #findings: ShardFindings;
  readonly #redis: RedisShard;
  readonly #holds = new Map<number, ReplayedHold>();

  constructor(parts: { findings: ShardFindings; redis: RedisShard }) {
    this.#findings = parts.findings;
    this.#redis = parts.redis;
  }

  /** Open holds, after the replay. */
  get openCount(): number {
    let count = 0;
    for (const hold of this.#holds.values()) if (hold.isOpen) count++;
    return count;
  }

  authorize(entry: AuthorizationEntry): void {
    const wallS = Math.floor(entry.wallMs / 1000);
    const { no, account, chain, cardholder, mcc, messageKey } = entry;
    if (entry.outcome !== APPROVED) {
      const { outcome, reason } = entry;
      const expected = { outcome, reason, amount: 0n, code: 0, wallS, fingerprint: entry.fingerprint };
      this.#explain({ no, chain, field: fields.message(messageKey) }, expected);
      return;
    }
    const stored = this.#findHold(entry);
    const chargedS = Math.floor(entry.businessMs / 1000);
    const remaining = entry.approved;
    const hold = { no, account, chain, cardholder, mcc, chargedS, messageKey, remaining, isOpen: true, wallS, stored };
    this.#holds.set(no, hold);
    if (stored?.packed.kind !== "hold") return;
    const { packed } = stored;
    const entity = this.#holdName(no);
    const expected = {
      outcome: APPROVED,
      approved: entry.approved,
      code: entry.authorizationCode,
      mcc,
      rate: entry.rate,
      chargedS,
      fingerprint: hex(entry.fingerprint),
      chainKey: hex(entry.chainKey),
    };
    const found = { ...packed, fingerprint: hex(packed.fingerprint), chainKey: hex(packed.chainKey) };
    this.#compareParts("hold", entity, expected, found);
  }

  /** Applies a reversal; tells which hold gave back, or null where none did. */
  reverse(entry: ReversalEntry): ReplayedHold | null {
    const { no, chain, outcome, fingerprint } = entry;
    const wallS = Math.floor(entry.wallMs / 1000);
    const answer = { outcome, reason: 0, amount: entry.amount, code: 0, wallS, fingerprint };
    this.#explain({ no, chain, field: fields.message(entry.messageKey) }, answer);
    if (outcome === TOMBSTONE) {
      const tombstone = { ...answer, outcome: AWAITED, amount: 0n };
      this.#explain({ no, chain, field: fields.message(entry.undoKeys[0] ?? entry.messageKey) }, tombstone);
    }
    const isRelease = outcome === RELEASED || outcome === LOWERED;
    const entity = `reversal ${this.#findings.entry(no)}`;
    if (!isRelease) {
      this.#findings.compare("entry", "I4", { entity, expected: 0n, found: entry.amount });
      return null;
    }
    const hold = this.#holds.get(entry.targetNo);
    if (hold === undefined || !hold.isOpen) {
      const found = `it releases ${this.#holdName(entry.targetNo)}, which is not open`;
      this.#findings.add("entry", "I4", { entity, expected: "an open hold to release", found });
      return null;
    }
    this.#release(entry, hold, entity);
    return hold;
  }

  finish(): void {
    for (const hold of this.#holds.values()) {
      const entity = this.#holdName(hold.no);
      if (hold.stored === null) {
        if (!hold.isOpen) continue;
        this.#findings.add("hold", "I3", {
          entity,
          expected: `a hold of ${hold.remaining}`,
          found: "no hold in Redis",
        });
        continue;
      }
      if (hold.stored.packed.kind !== "hold") continue;
      const { remaining, isOpen, wallS } = hold;
      const expected = { remaining, state: isOpen ? HOLD_OPEN : HOLD_REVERSED, wallS };
      this.#compareParts("hold", entity, expected, { ...hold.stored.packed });
    }
    for (const answers of this.#redis.answers.values()) {
      for (const answer of answers) if (!answer.isExplained) this.#extra(answer);
    }
  }

  #release(entry: ReversalEntry, hold: ReplayedHold, entity: string): void {
    const left = entry.outcome === RELEASED ? 0n : (entry.replacement ?? 0n);
    const expected = `release of ${hold.remaining - left} charged on day ${Math.floor(hold.chargedS / 86_400)}`;
    const found = `release of ${entry.amount} charged on day ${entry.days[0]?.day ?? Math.floor(hold.chargedS / 86_400)}`;
    this.#findings.compare("entry", "I4", { entity, expected, found });
    hold.remaining -= entry.amount;
    if (entry.outcome !== RELEASED) return;
    hold.isOpen = false;
    hold.wallS = Math.floor(entry.wallMs / 1000);
    // Nothing more is asked of a closed hold that Redis has forgotten, but a second release of it.
    if (hold.stored === null) this.#holds.delete(hold.no);
  }

  #findHold(entry: AuthorizationEntry): StoredAnswer | null {
    const name = fields.message(entry.messageKey);
    for (const answer of this.#redis.answers.get(entry.no) ?? []) {
      if (answer.chain !== entry.chain || answer.field !== name || answer.packed.kind !== "hold") continue;
      answer.isExplained = true;
      return answer;
    }
    return null;
  }

  #explain(place: { no: number; chain: number; field: string }, expected: Omit<ExpectedAnswer, "kind">): void {
    for (const answer of this.#redis.answers.get(place.no) ?? []) {
      if (answer.chain !== place.chain || answer.field !== place.field) continue;
      answer.isExplained = true;
      const found = { ...answer.packed, fingerprint: hex(answer.packed.fingerprint) };
      const wanted = { ...expected, kind: "message", fingerprint: hex(expected.fingerprint) };
      this.#compareParts("answer", this.#answerName(answer), wanted, found);
    }
  }

  #compareParts(
    size: "hold" | "answer",
    entity: string,
    expected: Readonly<Record<string, Part>>,
    found: Readonly<Record<string, Part>>,
  ): void {
    for (const [part, value] of Object.entries(expected)) {
      if (found[part] === value) continue;
      const invariant = size === "answer" ? "I5" : "I4";
      this.#findings.add(size, invariant, {
        entity,
        expected: `${part} ${String(value)}`,
        found: `${part} ${String(found[part])}`,
      });
    }
  }

  #extra(answer: StoredAnswer): void {
    const isHold = answer.packed.kind === "hold";
    const entity = this.#answerName(answer);
    const found = `${isHold ? "a hold" : "an answer"} that names ${this.#findings.entry(answer.packed.journalNo)}`;
    const expected = `no such ${isHold ? "hold" : "answer"}`;
    this.#findings.add(isHold ? "hold" : "answer", isHold ? "I3" : "I5", { entity, expected, found });
  }

  #holdName(no: number): string {
    return `hold of ${this.#findings.name("iauth", no)}`;
  }

  #answerName(answer: StoredAnswer): string {
    return `answer ${printable(answer.field)} of card chain ${this.#findings.name("ic", answer.chain)}`;
  }
}

type Part = string | number | bigint | Uint8Array | undefined;

interface ExpectedAnswer {
  readonly kind: "message";
  readonly outcome: number;
  readonly reason: number;
  readonly amount: bigint;
  readonly code: number;
  readonly wallS: number;
  readonly fingerprint: Uint8Array;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex");
}
