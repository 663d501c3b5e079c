import { type DecisionCheck, decisionTable } from "../specs/decision-table.ts";
import {
  type RequestResponse,
  type ReversalResponseName,
  requestResponses,
  reversalResponses,
} from "../specs/response-codes.ts";
import type { DeclineCheck } from "./model/checks.ts";
import type { MessageFacts } from "./model/messages.ts";
import type { AuthorizationAnswer, AuthorizationOpinion, Model, ReversalOpinion } from "./model/model.ts";
import { type NetworkName, type Purchase, type Undo, isCardPresent } from "./purchase.ts";
import { localTime, monthDay } from "./wire-time.ts";

/** What the right answer is, in a person's words and as DE39; null is silence. */
export interface Expectation {
  /** "approved", "declined:limit", "duplicate:approved", "released", "conflict" … */
  readonly words: string;
  readonly responseCode: string | null;
}

/** Wall and business time of a message, in milliseconds since 1970. */
export interface Moment {
  readonly wallMs: number;
  readonly businessMs: number;
}

export interface Disagreement {
  readonly message: string;
  readonly expected: Expectation;
  /** DE39 that came; null is silence. */
  readonly responseCode: string | null;
}

/** How a canceled card ended: lost and stolen have codes of their own. */
export type Cancellation = "lost" | "stolen" | null;

/**
 * The simulators' own view of what the issuer has to answer, from a model of the rules that shares no code with it.
 * It is asked in the order in which the issuer decides, so a link that wants an opinion sends one message at a time.
 */
export class Opinion {
  readonly #model: Model;
  readonly #cancellationOf: (pan: string) => Cancellation;

  constructor(model: Model, cancellationOf: (pan: string) => Cancellation) {
    this.#model = model;
    this.#cancellationOf = cancellationOf;
  }

  authorize(purchase: Purchase, moment: Moment): Expectation {
    const { acceptor, billing, card, entry } = purchase;
    const opinion = this.#model.authorize({
      ...factsOf(purchase, purchase.trace.stan, moment),
      billingAmount: billing?.amount ?? null,
      billingCurrency: billing?.currency ?? null,
      expiry: card.expiry,
      mcc: acceptor.categoryCode,
      merchantCountry: acceptor.country.number,
      presence: isCardPresent(entry) ? "present" : "not_present",
      deadlineMs: Number.POSITIVE_INFINITY,
    });
    return this.#expectation(opinion, purchase);
  }

  reverse(undo: Undo, isAdvice: boolean, moment: Moment): Expectation {
    const { purchase, replacement } = undo;
    const opinion = this.#model.reverse({
      ...factsOf(purchase, undo.stan, moment),
      isAdvice,
      originalStan: purchase.trace.stan,
      replacementAmount: replacement === null ? null : (replacement.billing ?? replacement.amount),
    });
    return reversalExpectation(opinion, isAdvice);
  }

  #expectation(opinion: AuthorizationOpinion, purchase: Purchase): Expectation {
    if (opinion.outcome !== "duplicate") return this.#answer(opinion, purchase);
    const first = this.#answer(opinion.first, purchase);
    return { words: `duplicate:${first.words}`, responseCode: first.responseCode };
  }

  #answer(
    opinion: AuthorizationAnswer | Exclude<AuthorizationOpinion, { outcome: "duplicate" }>,
    { network, card }: Purchase,
  ): Expectation {
    if (opinion.outcome !== "declined")
      return { words: opinion.outcome, responseCode: codeOf(opinion.outcome, network) };
    const check = this.#checkOf(opinion.check, card.pan);
    return { words: `declined:${check}`, responseCode: decisionTable[check].de39[network] };
  }

  #checkOf(check: DeclineCheck, pan: string): DecisionCheck {
    const cancellation = this.#cancellationOf(pan);
    return check === "card_canceled" && cancellation !== null ? `card_${cancellation}` : check;
  }
}

/** Null where the answer is the expected one. */
export function disagreement(message: string, expected: Expectation, responseCode: string | null): Disagreement | null {
  return expected.responseCode === responseCode ? null : { message, expected, responseCode };
}

/** One line that a person can act on. */
export function renderDisagreement({ message, expected, responseCode }: Disagreement): string {
  const came = responseCode === null ? "no answer" : `DE39 ${responseCode}`;
  const right = expected.responseCode === null ? "silence" : `DE39 ${expected.responseCode}`;
  return `${message}: came ${came}, right is ${right} (${expected.words})`;
}

function reversalExpectation(opinion: ReversalOpinion, isAdvice: boolean): Expectation {
  if (opinion.outcome !== "duplicate") {
    return { words: opinion.outcome, responseCode: reversalCode(opinion.outcome, isAdvice) };
  }
  const { outcome } = opinion.first;
  return { words: `duplicate:${outcome}`, responseCode: reversalCode(outcome, isAdvice) };
}

function codeOf(outcome: RequestResponse, network: NetworkName): string | null {
  return requestResponses[outcome][network];
}

function reversalCode(outcome: ReversalResponseName, isAdvice: boolean): string | null {
  return isAdvice ? reversalResponses[outcome].advice : reversalResponses[outcome].reversal;
}

function factsOf(purchase: Purchase, stan: string, { wallMs, businessMs }: Moment): MessageFacts {
  const { acceptor, trace } = purchase;
  return {
    network: purchase.network,
    pan: purchase.card.pan,
    stan,
    acquirer: acceptor.institution,
    rrn: trace.rrn,
    localDate: monthDay(purchase.startedMs),
    localTime: localTime(purchase.startedMs),
    merchant: { terminal: acceptor.terminal, id: acceptor.merchantId },
    processingCode: "000000",
    transactionAmount: purchase.amount,
    transactionCurrency: acceptor.currency,
    wallNowMs: wallMs,
    businessNowMs: businessMs,
  };
}
