import {
  type DemoAccountKey,
  type DemoCardKey,
  type DemoCardholderKey,
  type DemoControls,
  demoAccounts,
  demoCardholders,
  demoCards,
} from "../specs/demo-program.ts";
import { currencyOf } from "./app/program-access.ts";
import { must } from "./kernel/assert.ts";
import { isoTime } from "./kernel/clock.ts";
import type { Place } from "./kernel/ids.ts";
import { minor } from "./kernel/money.ts";
import type { SpendingControls } from "./ledger/limits.ts";
import { createAccount } from "./resources/accounts/accounts.ts";
import { topUp } from "./resources/balances/topups.ts";
import { createCardholder } from "./resources/issuing/cardholders.ts";
import { createCard } from "./resources/issuing/cards.ts";
import type { Program } from "./resources/program.ts";

/** A card as whoever plays with it needs it: where it lives, and what is printed on it. */
export interface SeededCard {
  readonly key: DemoCardKey;
  readonly place: Place;
  readonly account: DemoAccountKey;
  readonly pan: string;
  /** YYMM. */
  readonly expiry: string;
  readonly network: "visa" | "mastercard";
  readonly currency: string;
}

export interface SeededProgram {
  readonly accounts: ReadonlyMap<DemoAccountKey, Place>;
  readonly cardholders: ReadonlyMap<DemoCardholderKey, Place>;
  readonly cards: ReadonlyMap<DemoCardKey, SeededCard>;
}

/** Writes the demo program (specs/demo-program.ts) through the same functions as the API does. */
export async function seedDemo(program: Program, shardCount: number): Promise<SeededProgram> {
  const accounts = new Map<DemoAccountKey, Place>();
  for (const [index, account] of demoAccounts.entries()) {
    const { businessName, country, currency, takesPartial: partialApprovals } = account;
    const shard = index % shardCount;
    const place = await createAccount(program, shard, { businessName, country, currency, partialApprovals });
    await topUp(program, place, { amount: minor(account.funds), currency: currencyOf(currency) });
    accounts.set(account.key, place);
  }
  const cardholders = new Map<DemoCardholderKey, Place>();
  for (const cardholder of demoCardholders) {
    const { address } = cardholder;
    const place = await createCardholder(program, must(accounts.get(cardholder.account), "an account of the demo"), {
      name: cardholder.name,
      email: cardholder.email,
      phone_number: cardholder.phoneNumber,
      type: "individual",
      status: cardholder.status,
      billing: {
        address: {
          line1: address.line1,
          line2: null,
          city: address.city,
          state: address.state,
          postal_code: address.postalCode,
          country: address.country,
        },
      },
      requirements: { disabled_reason: null, past_due: cardholder.requirementsPastDue },
      spending_controls: controlsOf(cardholder.controls),
      metadata: { demo_key: cardholder.key },
    });
    cardholders.set(cardholder.key, place);
  }
  const cards = new Map<DemoCardKey, SeededCard>();
  for (const card of demoCards) {
    const holder = must(
      demoCardholders.find(({ key }) => key === card.cardholder),
      "a cardholder of the demo",
    );
    const account = must(
      demoAccounts.find(({ key }) => key === holder.account),
      "an account of the demo",
    );
    const expiry = expiryIn(program, card.expiresInMonths);
    const created = await createCard(program, must(accounts.get(account.key), "an account of the demo"), {
      cardholder: must(cardholders.get(card.cardholder), "a cardholder of the demo").no,
      currency: currencyOf(account.currency),
      network: card.network,
      type: card.type,
      status: card.status,
      cancellationReason: card.cancellationReason,
      ...expiry,
      program: "standard",
      controls: controlsOf(card.controls),
      pan: null,
      metadata: { demo_key: card.key },
    });
    cards.set(card.key, {
      key: card.key,
      place: created.place,
      account: account.key,
      pan: created.pan,
      expiry: `${String(expiry.expYear % 100).padStart(2, "0")}${String(expiry.expMonth).padStart(2, "0")}`,
      network: card.network,
      currency: account.currency,
    });
  }
  return { accounts, cardholders, cards };
}

// So many months from the business month of the seed; below zero the card has expired.
function expiryIn(program: Program, months: number): { expMonth: number; expYear: number } {
  const now = isoTime(program.clock.businessNow());
  const index = Number(now.slice(0, 4)) * 12 + Number(now.slice(5, 7)) - 1 + months;
  return { expMonth: (index % 12) + 1, expYear: Math.floor(index / 12) };
}

/** The controls of a demo object as the records keep them. */
export function controlsOf(controls: DemoControls): SpendingControls {
  const list = <T>(values: readonly T[]): readonly T[] | null => (values.length === 0 ? null : values);
  return {
    allowed_categories: list(controls.allowedCategories),
    blocked_categories: list(controls.blockedCategories),
    allowed_merchant_countries: list(controls.allowedCountries),
    blocked_merchant_countries: list(controls.blockedCountries),
    allowed_card_presences: list(controls.allowedPresences),
    blocked_card_presences: list(controls.blockedPresences),
    spending_limits: list(
      controls.spendingLimits.map(({ amount, interval, categories }) => ({
        amount: Number(amount),
        interval,
        categories: list(categories),
      })),
    ),
  };
}
