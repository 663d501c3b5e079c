import type { DemoCardKey } from "../specs/demo-program.ts";
import { must } from "../src/kernel/assert.ts";
import { minor } from "../src/kernel/money.ts";
import { randomPan } from "../src/kernel/pan.ts";
import { seededRandom } from "../src/kernel/random.ts";
import { addMonths } from "./expiry.ts";
import type { DayCard, PurchaseStep } from "./demo-steps.ts";
import { acceptorOf, entryOf } from "./acceptors.ts";
import { billingOf } from "./known-program.ts";
import { type Acceptor, type Billing, type CarriedCard, type Purchase, plainGoods } from "./purchase.ts";
import type { TraceNumbers } from "./trace-numbers.ts";

/** Test prefixes from which the demo program issues no card. */
const nobodysPrefixes = { visa: "40000099", mastercard: "22230099", generic: "40000099" } as const;

/** Everything that stays the same for the messages of a day. */
export interface DemoWallets {
  readonly cards: Map<DayCard, CarriedCard>;
  readonly numbers: TraceNumbers;
  wallNow(): number;
  businessNow(): number;
  /** ISO 4217 numeric of the account behind a card; null for a card of nobody's. */
  billingCurrency(card: DayCard): number | null;
}

/** The purchase that a step speaks of, with numbers of its own. */
export function demoPurchase(step: PurchaseStep, wallets: DemoWallets): Purchase {
  const acceptor = acceptorOf(step.merchant);
  return {
    network: step.link,
    card: cardOf(step, wallets),
    acceptor,
    amount: minor(step.amount),
    billing: billing(step, acceptor, wallets),
    entry: entryOf(step.merchant),
    asks: plainGoods,
    trace: wallets.numbers.next(),
    startedMs: wallets.wallNow(),
  };
}

function cardOf({ card, link }: PurchaseStep, wallets: DemoWallets): CarriedCard {
  if (card !== "nobody") return must(wallets.cards.get(card), "a step uses a card of the program");
  const pan = randomPan(seededRandom(wallets.numbers.nextSequence()), nobodysPrefixes[link]);
  return { pan, expiry: addMonths(wallets.businessNow(), 24) };
}

/** Networks bill abroad themselves; a plain acquirer leaves it to the issuer's own rate. */
function billing(step: PurchaseStep, acceptor: Acceptor, wallets: DemoWallets): Billing | null {
  const currency = wallets.billingCurrency(step.card);
  if (step.link === "generic" || currency === null || currency === acceptor.currency) return null;
  const { amount } = step;
  return billingOf(minor(amount), { from: acceptor.currency, to: currency, businessMs: wallets.businessNow() });
}

export function isProgramCard(card: DayCard): card is DemoCardKey {
  return card !== "nobody" && !card.endsWith("-replacement");
}
