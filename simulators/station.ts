import { standInCodes, standInRules, storedRepeatsMax } from "../specs/stand-in.ts";
import type { Message } from "../src/iso8583/public.ts";
import { must } from "../src/kernel/assert.ts";
import type { Clock } from "../src/kernel/clock.ts";
import { type CheckedAnswer, checkAnswer } from "./answer-check.ts";
import type { Answer } from "./correlator.ts";
import type { SeenJournal, SeenKey } from "./journal.ts";
import type { Link } from "./link.ts";
import { decimalsOf } from "./known-program.ts";
import { type NetworkMessage, type StoredMessage, fieldsOf } from "./network-message.ts";
import { type AuthorizationMti, type FinancialMti, type ReversalMti, isApproval } from "./network-side.ts";
import type { Advice, Purchase, Undo, WireFields } from "./purchase.ts";
import { StoreAndForward } from "./store-and-forward.ts";
import type { TraceNumbers } from "./trace-numbers.ts";

export interface StationSettings {
  readonly link: Link;
  readonly clock: Clock;
  readonly numbers: TraceNumbers;
  readonly journal: SeenJournal;
  /** How long one attempt waits for its answer, in milliseconds: the network's own limit, or shorter in tests. */
  readonly timeoutMs: number;
  /** Pause of store-and-forward after four attempts without an answer. */
  readonly restMs?: number;
  /** Whether the network answers by itself (specs/stand-in.ts) after silence or 91, and tells the issuer by a 0120. */
  readonly standsIn?: boolean;
  /** Hears of every stored advice with DE39 of its answer, in the order of the answers. */
  readonly onStoredAnswered?: (message: StoredMessage, responseCode: string) => void;
}

/**
 * answered: a whole, checked answer. stood_in: the network's own, which a stored advice tells the issuer. faulty: an
 * answer that counts as none. silent: none, and a reversal is stored.
 */
export type Outcome =
  | {
      readonly kind: "answered";
      readonly responseCode: string;
      readonly authorizationCode: string;
      readonly attempts: number;
      readonly latencyMs: number;
      readonly reply: Message;
    }
  | { readonly kind: "stood_in"; readonly responseCode: string; readonly advice: Advice }
  | { readonly kind: "faulty"; readonly fault: string; readonly reply: Message }
  | { readonly kind: "silent" };

type Settle = (outcome: Outcome) => void;

const noIssuerCodes: readonly string[] = standInCodes;

/**
 * Asks as a network does: 0100, after silence 0101, after silence again a stored reversal advice. A network that stands
 * in answers after the first silence instead. What it saw goes into the journal; an approval that cannot be relied on is
 * never counted as one.
 */
export class Station {
  readonly #settings: StationSettings;
  readonly stored: StoreAndForward;

  constructor(settings: StationSettings) {
    this.#settings = settings;
    const { link, clock, timeoutMs, restMs = 1_000 } = settings;
    this.stored = new StoreAndForward({
      link,
      clock,
      timeoutMs,
      repeatsMax: storedRepeatsMax,
      restMs,
      onAnswered: (message, responseCode) => {
        if (message.kind === "reversal") settings.journal.undoAnswered(seenKey(message.undo.purchase));
        settings.onStoredAnswered?.(message, responseCode);
      },
    });
  }

  /** `card` is the caller's name of the card in the journal. */
  authorize(purchase: Purchase, card: string): Promise<Outcome> {
    return this.#begin(purchase, "0100", card);
  }

  /** The same by a single message: 0200, 0201, and a stored 0420 of it. Nobody stands in for one. */
  post(purchase: Purchase, card: string): Promise<Outcome> {
    return this.#begin(purchase, "0200", card);
  }

  /** The same message again, as 0101 or as a duplicate 0100, without a reversal after silence. */
  repeat(purchase: Purchase, mti: AuthorizationMti): Promise<Outcome> {
    return this.tell({ kind: "request", mti, purchase });
  }

  /** Any message once, answered or not; the journal hears nothing of it. */
  tell(message: NetworkMessage): Promise<Outcome> {
    const { link, clock } = this.#settings;
    return this.exchange(fieldsOf(link.side, message, clock.wallNow()));
  }

  /** The same of fields that somebody has written by hand. */
  exchange(fields: WireFields, withinMs: number = this.#settings.timeoutMs): Promise<Outcome> {
    const { link, clock } = this.#settings;
    const startedMs = clock.monotonicNow();
    return new Promise((settle) => {
      link.request(fields, withinMs, (answer) => {
        if (answer.kind === "silence") return settle({ kind: "silent" });
        const checked = checkAnswer(fields, answer.message);
        if (!checked.isSound) return settle({ kind: "faulty", fault: checked.fault, reply: answer.message });
        settle(answered(checked, answer.message, { attempts: 1, latencyMs: clock.monotonicNow() - startedMs }));
      });
    });
  }

  /** One reversal, answered or not. Advices that must get through are `stored`. */
  reverse(undo: Undo, mti: ReversalMti): Promise<Outcome> {
    const { link, clock, journal } = this.#settings;
    const key = seenKey(undo.purchase);
    journal.undoSent(key);
    return this.exchange(link.side.reversal(undo, mti, clock.wallNow())).then((outcome) => {
      if (outcome.kind === "answered") journal.undoAnswered(key);
      return outcome;
    });
  }

  close(): void {
    this.stored.close();
  }

  #begin(purchase: Purchase, mti: "0100" | "0200", card: string): Promise<Outcome> {
    const sentMs = this.#settings.clock.wallNow();
    this.#settings.journal.sent({ ...seenKey(purchase), card, amount: purchase.amount, sentMs });
    return new Promise((settle) => this.#ask(purchase, mti, settle));
  }

  #ask(purchase: Purchase, mti: AuthorizationMti | FinancialMti, settle: Settle): void {
    const { link, clock, timeoutMs } = this.#settings;
    const startedMs = clock.monotonicNow();
    const fields = link.side.request(purchase, mti, clock.wallNow());
    link.request(fields, timeoutMs, (answer) => {
      if (mti === "0100" && this.#standsIn(purchase) && isUndecided(answer)) {
        settle(this.#standIn(purchase));
      } else if (answer.kind === "reply") {
        settle(this.#judge(purchase, fields, { answer, startedMs, attempts: mti.endsWith("0") ? 1 : 2 }));
      } else if (mti.endsWith("0")) {
        void this.#whenUsable().then(() => this.#ask(purchase, mti === "0100" ? "0101" : "0201", settle));
      } else {
        this.#giveUp(purchase, mti === "0101" ? "0100" : "0200");
        settle({ kind: "silent" });
      }
    });
  }

  #standsIn({ network }: Purchase): boolean {
    return this.#settings.standsIn === true && standInRules[network].majorMax > 0n;
  }

  /** Small amounts pass, and either way a stored 0120 tells the issuer. */
  #standIn(purchase: Purchase): Outcome {
    const { clock, journal } = this.#settings;
    const { majorMax, approved, declined } = standInRules[purchase.network];
    const isApproved = purchase.amount <= majorMax * 10n ** BigInt(decimalsOf(purchase.acceptor.currency));
    const responseCode = isApproved ? approved : declined;
    const authorizationCode = isApproved ? `S${purchase.trace.stan.slice(1)}` : null;
    const { stan } = purchase.trace;
    const advice: Advice = { purchase, stan, original: null, cause: "stand_in", responseCode, authorizationCode };
    this.stored.push({ kind: "advice", mti: "0120", advice });
    const verdict = isApproved ? "approved" : "declined";
    const seen = { verdict, responseCode, authorizationCode: authorizationCode ?? "" } as const;
    journal.answered(seenKey(purchase), { ...seen, answeredMs: clock.wallNow() });
    return { kind: "stood_in", responseCode, advice };
  }

  /** A repeat is worth nothing on a dead line, so it waits for the line as long as for an answer. */
  async #whenUsable(): Promise<void> {
    const { link, timeoutMs } = this.#settings;
    await link.usable(timeoutMs);
  }

  #judge(
    purchase: Purchase,
    fields: WireFields,
    seen: {
      readonly answer: Extract<Answer, { kind: "reply" }>;
      readonly startedMs: number;
      readonly attempts: number;
    },
  ): Outcome {
    const { clock, journal } = this.#settings;
    const checked = checkAnswer(fields, seen.answer.message);
    if (!checked.isSound) {
      this.#giveUp(purchase, fields["0"]?.startsWith("02") === true ? "0200" : "0100");
      return { kind: "faulty", fault: checked.fault, reply: seen.answer.message };
    }
    const { responseCode, authorizationCode } = checked;
    const verdict = isApproval(responseCode) ? "approved" : "declined";
    const answeredMs = seen.answer.receivedMs;
    journal.answered(seenKey(purchase), { verdict, responseCode, authorizationCode, answeredMs });
    const latencyMs = clock.monotonicNow() - seen.startedMs;
    return answered(checked, seen.answer.message, { attempts: seen.attempts, latencyMs });
  }

  #giveUp(purchase: Purchase, of: "0100" | "0200"): void {
    const { journal, numbers } = this.#settings;
    journal.undoSent(seenKey(purchase));
    const stan = numbers.nextStan();
    const undo = { purchase, of, stan, cause: "timeout", replacement: null, authorizationCode: null } as const;
    this.stored.push({ kind: "reversal", mti: "0420", undo });
  }
}

/** The name of a purchase in the journal. */
export function seenKey({ network, trace, acceptor }: Purchase): SeenKey {
  return { network, stan: trace.stan, acquirer: acceptor.institution, rrn: trace.rrn };
}

/** Silence, or an answer that nobody decided. */
function isUndecided(answer: Answer): boolean {
  return answer.kind === "silence" || noIssuerCodes.includes(answer.message.get("39") ?? "");
}

function answered(
  checked: CheckedAnswer,
  reply: Message,
  how: { readonly attempts: number; readonly latencyMs: number },
): Outcome {
  const { responseCode, authorizationCode } = must(checked.isSound ? checked : null, "a sound answer");
  return { kind: "answered", responseCode, authorizationCode, reply, ...how };
}
