import { standInRules } from "../../specs/stand-in.ts";
import { type Minor, minor, parseMajor, zero } from "../../src/kernel/money.ts";
import { randomPan } from "../../src/kernel/pan.ts";
import { seededRandom } from "../../src/kernel/random.ts";
import { type Counter, counterOf } from "../acceptors.ts";
import { addMonths } from "../expiry.ts";
import { billingOf, decimalsOf } from "../known-program.ts";
import { type NetworkMessage, purchaseIn } from "../network-message.ts";
import type { AdviceMti, ReversalMti } from "../network-side.ts";
import type { Advice, Asks, CarriedCard, NetworkName, OriginalMti, Purchase, Undo } from "../purchase.ts";
import { replacementOf } from "../replacement.ts";
import type { TraceNumbers } from "../trace-numbers.ts";
import type { SendStep, Text } from "./scenario.ts";
import type { SentMessages } from "./sent-messages.ts";
import { StepFault } from "./step-fault.ts";

/** A card of the scenario as its holder carries it. */
export interface ScenarioCard extends CarriedCard {
  readonly network: "visa" | "mastercard";
  /** ISO 4217 numeric. */
  readonly currency: number;
}

export interface MessageParts {
  readonly sent: SentMessages;
  readonly cards: ReadonlyMap<string, ScenarioCard>;
  readonly numbers: TraceNumbers;
  wallNow(): number;
  businessNow(): number;
}

/** The message that a step speaks of, with numbers of its own where it is a new one. */
export function messageOf(step: SendStep, parts: MessageParts): NetworkMessage {
  const original = step.of === null ? null : parts.sent.find(step.of).message;
  if (isReversal(step.mti)) return reversalOf(step, step.mti, original, parts);
  if (isAdvice(step.mti)) return adviceOf(step, step.mti, original, parts);
  const { mti } = step;
  if (original === null) return { kind: "request", mti, purchase: newPurchase(step, parts) };
  const purchase = withAmount(purchaseIn(original), step, parts);
  return { kind: "request", mti, purchase };
}

function reversalOf(
  step: SendStep,
  mti: ReversalMti,
  original: NetworkMessage | null,
  parts: MessageParts,
): NetworkMessage {
  if (original === null) throw new StepFault(step, '"of": what is taken back', "nothing");
  if (original.kind === "reversal") return { ...original, mti };
  const purchase = purchaseIn(original);
  const undo: Undo = {
    purchase:
      original.kind === "advice" ? { ...purchase, trace: { ...purchase.trace, stan: original.advice.stan } } : purchase,
    of: originalMti(original),
    stan: parts.numbers.nextStan(),
    cause: step.leaves === null ? "customer" : "partial",
    replacement:
      step.leaves === null ? null : replacementOf(purchase, amountIn(step.leaves, purchase.acceptor.currency, parts)),
    authorizationCode: approvalOf(step, parts),
  };
  return { kind: "reversal", mti, undo };
}

function adviceOf(
  step: SendStep,
  mti: AdviceMti,
  original: NetworkMessage | null,
  parts: MessageParts,
): NetworkMessage {
  if (original?.kind === "advice" && original.mti.slice(0, 3) === mti.slice(0, 3)) return { ...original, mti };
  const purchase = original === null ? newPurchase(step, parts) : withAmount(purchaseIn(original), step, parts);
  const isItsOwn = original === null || step.standsIn;
  const responseCode = step.answered === null ? "00" : parts.sent.words(step.answered);
  const advice: Advice = {
    purchase,
    stan: isItsOwn ? purchase.trace.stan : parts.numbers.nextStan(),
    original: isItsOwn ? null : originalMti(original),
    cause: step.standsIn ? "stand_in" : original === null ? "offline" : "completion",
    responseCode,
    authorizationCode:
      responseCode === standInRules[purchase.network].approved ? (approvalOf(step, parts) ?? offlineCode) : null,
  };
  return { kind: "advice", mti, advice };
}

const offlineCode = "OFFL01";

/** DE38 of the answer to what the step speaks of; null where none came. */
function approvalOf({ of }: SendStep, { sent }: MessageParts): string | null {
  const code = of === null ? undefined : sent.find(of).reply?.get("38");
  return code === undefined || code.trim() === "" ? null : code;
}

/** What is named by DE90, without the repeat digit. */
function originalMti(message: NetworkMessage): OriginalMti {
  if (message.kind === "advice") return message.mti.startsWith("01") ? "0120" : "0220";
  return message.mti.startsWith("01") ? "0100" : "0200";
}

function newPurchase(step: SendStep, parts: MessageParts): Purchase {
  const first = step.addsTo === null ? null : purchaseIn(parts.sent.find(step.addsTo).message);
  const chain = first === null ? null : (first.asks.addsTo ?? first);
  const { acceptor, asks, entry } = chain ?? counterNamed(step, parts);
  const network = step.link ?? chain?.network ?? networkOf(step, parts);
  const purchase: Purchase = {
    network,
    card: chain?.card ?? cardNamed(step, parts),
    acceptor,
    amount: zero,
    billing: null,
    entry,
    asks: { ...askedBy(step, asks), addsTo: chain, cashback: cashback(step, acceptor.currency, parts) },
    trace: parts.numbers.next(),
    startedMs: parts.wallNow(),
  };
  return withAmount(purchase, step, parts);
}

function askedBy(step: SendStep, usual: Asks): Asks {
  return {
    ...usual,
    service: step.service ?? usual.service,
    takesPartial: step.takesPartial ?? usual.takesPartial,
    isEstimate: step.isEstimate ?? usual.isEstimate,
  };
}

/** The same purchase at another amount, which the network bills anew. */
function withAmount(purchase: Purchase, step: SendStep, parts: MessageParts): Purchase {
  if (step.amount === null) return purchase;
  const amount = amountIn(step.amount, purchase.acceptor.currency, parts);
  return { ...purchase, amount, billing: billing(purchase, amount, parts) };
}

/** Networks bill abroad themselves; a plain acquirer leaves it to the issuer's own rate. */
function billing({ acceptor, card, network }: Purchase, amount: Minor, parts: MessageParts): Purchase["billing"] {
  const held = Array.from(parts.cards.values()).find(({ pan }) => pan === card.pan);
  if (network === "generic" || held === undefined || held.currency === acceptor.currency) return null;
  return billingOf(amount, { from: acceptor.currency, to: held.currency, businessMs: parts.businessNow() });
}

function cashback(step: SendStep, currency: number, parts: MessageParts): Minor {
  return step.cashback === null ? zero : amountIn(step.cashback, currency, parts);
}

function amountIn(text: Text, currency: number, { sent }: MessageParts): Minor {
  const words = sent.words(text);
  const amount = parseMajor(words, decimalsOf(currency));
  if (amount === null || amount < 0n) throw new StepFault(text, "an amount such as 12.50", words);
  return minor(amount);
}

function counterNamed({ merchant, ...step }: SendStep, { sent }: MessageParts): Counter {
  const name = merchant === null ? "" : sent.words(merchant);
  const counter = counterOf(name);
  if (counter === null) throw new StepFault(merchant ?? step, "a merchant or a profile of the tables", `"${name}"`);
  return counter;
}

/** A PAN of a test range from which nobody has a card. */
const nobody = { pan: "40000099", name: "nobody", months: 24 } as const;

function cardNamed({ card, ...step }: SendStep, parts: MessageParts): CarriedCard {
  const name = card === null ? "" : parts.sent.words(card);
  if (name === nobody.name) {
    const pan = randomPan(seededRandom(parts.numbers.nextSequence()), nobody.pan);
    return { pan, expiry: addMonths(parts.businessNow(), nobody.months) };
  }
  const found = parts.cards.get(name);
  if (found === undefined) throw new StepFault(card ?? step, 'one of "cards", or "nobody"', `"${name}"`);
  return found;
}

function networkOf({ card }: SendStep, parts: MessageParts): NetworkName {
  return (card === null ? undefined : parts.cards.get(parts.sent.words(card)))?.network ?? "visa";
}

function isReversal(mti: string): mti is ReversalMti {
  return mti.startsWith("04");
}

function isAdvice(mti: string): mti is AdviceMti {
  return mti.charAt(2) === "2" && !isReversal(mti);
}
