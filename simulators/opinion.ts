import { type DecisionCheck, decisionTable } from "../specs/decision-table.ts";
import {
  type RequestResponse,
  type ReversalResponseName,
  requestResponses,
  reversalResponses,
} from "../specs/response-codes.ts";
import type { Minor } from "../src/kernel/money.ts";
import type { AdviceOpinion, Balances, ReversalOpinion } from "./model/answers.ts";
import type { DeclineCheck, EndpointCheck } from "./model/checks.ts";
import type { Model } from "./model/model.ts";
import { type Moment, amountFactsOf, approvedPart, factsOf, functionOf } from "./opinion-facts.ts";
import type { Advice, NetworkName, Purchase, Undo } from "./purchase.ts";

/** What the right answer is, in a person's words and as DE39; null is silence. */
export interface Expectation {
  /** "approved", "declined:limit", "duplicate:approved", "released", "conflict" … */
  readonly words: string;
  readonly responseCode: string | null;
  /** DE4 of a partial approval, in minor units of DE49; null: as it was asked. */
  readonly approvedPart: bigint | null;
  /** What DE54 tells of the account, in minor units of the card currency; null: nothing. */
  readonly balances: Balances | null;
}

export interface Disagreement {
  readonly message: string;
  readonly expected: Expectation;
  /** DE39 that came; null is silence. */
  readonly responseCode: string | null;
}

/** How a canceled card ended: lost and stolen have codes of their own. */
export type Cancellation = "lost" | "stolen" | null;

type RequestOpinion = ReturnType<Model["authorize"]> | ReturnType<Model["post"]>;

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

  /** Of a 0100. */
  authorize(purchase: Purchase, moment: Moment): Expectation {
    const { stan } = purchase.trace;
    const facts = { ...amountFactsOf(purchase, { mti: "0100", stan, ...moment }), ...askedOf(purchase) };
    return this.#expectation(this.#model.authorize(facts), purchase);
  }

  /** Of a 0200. */
  post(purchase: Purchase, moment: Moment): Expectation {
    const { stan } = purchase.trace;
    const facts = { ...amountFactsOf(purchase, { mti: "0200", stan, ...moment }), ...askedOf(purchase) };
    const opinion = this.#model.post({ ...facts, isAdvice: false, isApproved: true, original: null });
    return this.#expectation(opinion, purchase);
  }

  /** Of a 0120 or, with `postsAtOnce`, of a 0220. */
  advise(advice: Advice, postsAtOnce: boolean, moment: Moment): Expectation {
    const { purchase, original, responseCode } = advice;
    const { stan } = advice;
    const isApproved = approvingCodes.includes(responseCode);
    const originalStan = original === null ? null : purchase.trace.stan;
    if (!postsAtOnce) {
      const facts = amountFactsOf(purchase, { mti: "0120", stan, ...moment });
      return told(this.#model.advise({ ...facts, isApproved, originalStan }));
    }
    const facts = { ...amountFactsOf(purchase, { mti: "0220", stan, ...moment }), ...askedOf(purchase) };
    const named = original === null ? null : { stan: purchase.trace.stan, function: functionOf(original) };
    return told(this.#model.post({ ...facts, isAdvice: true, isApproved, original: named }));
  }

  reverse(undo: Undo, isAdvice: boolean, moment: Moment): Expectation {
    const { purchase, replacement } = undo;
    const billed = replacement?.billing ?? null;
    const opinion = this.#model.reverse({
      ...factsOf(purchase, undo.stan, moment),
      isAdvice,
      original: { stan: purchase.trace.stan, function: functionOf(undo.of) },
      replacementAmount: billed ?? replacement?.amount ?? null,
      replacementCurrency: billed === null ? purchase.acceptor.currency : (purchase.billing?.currency ?? null),
    });
    return reversalExpectation(opinion, isAdvice);
  }

  #expectation(opinion: RequestOpinion, purchase: Purchase): Expectation {
    if (opinion.outcome !== "duplicate") return this.#answer(opinion, purchase);
    const first = this.#answer(opinion.first, purchase);
    return { ...first, words: `duplicate:${first.words}` };
  }

  #answer(opinion: Exclude<RequestOpinion, { outcome: "duplicate" }>, purchase: Purchase): Expectation {
    const { card, network, asks, amount } = purchase;
    switch (opinion.outcome) {
      case "declined": {
        const check = this.#checkOf(opinion.check, card.pan);
        return answered(`declined:${check}`, decisionTable[check].de39[network]);
      }
      case "approved": {
        const asksOnly = amount === 0n && asks.service !== "inquiry";
        const responseCode = codeOf(asksOnly ? "account_verified" : "approved", network);
        return { ...answered("approved", responseCode), balances: opinion.balances ?? null };
      }
      case "partial":
        return partial("partial", purchase, { approved: opinion.approvedAmount, asked: opinion.askedAmount });
      case "posted": {
        const { postedAmount: approved, askedAmount: asked } = opinion;
        if (approved < asked) return partial("posted_in_part", purchase, { approved, asked });
        return answered("posted", codeOf("approved", network));
      }
      case "pending":
        throw new Error("no account of the simulators has an endpoint that is asked");
      case "captured_hold":
      case "force_posted":
      case "posted_before":
      case "exception":
        return answered(opinion.outcome, codeOf("approved", network));
      default:
        return answered(opinion.outcome, codeOf(opinion.outcome, network));
    }
  }

  #checkOf(check: DeclineCheck | EndpointCheck, pan: string): DecisionCheck {
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

/** Semantics of a 0120 and a 0220: these of its own DE39 say that the network approved. */
const approvingCodes: readonly string[] = ["00", "08", "10", "11", "85", "87"];
const { conflict } = requestResponses;

/** Nobody may refuse an advice: all but another message under the same key is answered 00. */
function told(opinion: AdviceOpinion | ReturnType<Model["post"]>): Expectation {
  const { outcome } = opinion;
  if (outcome === "conflict") return answered(outcome, conflict.generic);
  const words = "first" in opinion ? `duplicate:${opinion.first.outcome}` : outcome;
  return answered(words, requestResponses.approved.generic);
}

function askedOf({ asks, network }: Purchase): { allowsPartial: boolean; cashbackAmount: Minor; deadlineMs: number } {
  // Plain ISO 87 cannot say that it takes a part.
  const allowsPartial = asks.takesPartial && network !== "generic";
  return { allowsPartial, cashbackAmount: asks.cashback, deadlineMs: Number.POSITIVE_INFINITY };
}

function partial(words: string, purchase: Purchase, part: { approved: bigint; asked: bigint }): Expectation {
  const responseCode = codeOf("approved_in_part", purchase.network);
  return { ...answered(words, responseCode), approvedPart: approvedPart(purchase, part.approved, part.asked) };
}

function answered(words: string, responseCode: string | null): Expectation {
  return { words, responseCode, approvedPart: null, balances: null };
}

function reversalExpectation(opinion: ReversalOpinion, isAdvice: boolean): Expectation {
  const { outcome } = opinion.outcome === "duplicate" ? opinion.first : opinion;
  const words = opinion.outcome === "duplicate" ? `duplicate:${outcome}` : outcome;
  // What was posted is given back under the same codes as what was held.
  return answered(words, reversalCode(outcome === "reposted" ? "released" : outcome, isAdvice));
}

function codeOf(outcome: RequestResponse, network: NetworkName): string | null {
  return requestResponses[outcome][network];
}

function reversalCode(outcome: ReversalResponseName, isAdvice: boolean): string | null {
  return isAdvice ? reversalResponses[outcome].advice : reversalResponses[outcome].reversal;
}
