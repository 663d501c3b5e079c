import type Stripe from "stripe";
import { expect } from "chai";
import type { ApiUnderTest } from "./api.ts";

/** A connected account with money, a cardholder and a virtual card, made by the SDK. */
export interface CardProgram {
  readonly account: Stripe.Account;
  /** Acts for the account. */
  readonly as: { readonly stripeAccount: string };
  readonly cardholder: Stripe.Issuing.Cardholder;
  readonly card: Stripe.Issuing.Card;
}

const places = {
  US: { currency: "usd", city: "San Francisco", state: "CA", postal_code: "94107", phone: "+14155550100" },
  GB: { currency: "gbp", city: "London", postal_code: "N1 9GU", phone: "+442071838750" },
  DE: { currency: "eur", city: "Berlin", postal_code: "10115", phone: "+4930901820" },
} as const;

export interface ProgramWish {
  readonly country?: keyof typeof places;
  /** Minor units in the issuing balance. */
  readonly funds?: number;
  readonly card?: Partial<Stripe.Issuing.CardCreateParams>;
}

export async function openCardProgram(
  { stripe }: Pick<ApiUnderTest, "stripe">,
  wish: ProgramWish = {},
): Promise<CardProgram> {
  const { country = "US", funds = 100_000 } = wish;
  const { currency, city, postal_code, phone, ...rest } = places[country];
  const account = await stripe.accounts.create({
    type: "custom",
    country,
    capabilities: { card_issuing: { requested: true }, transfers: { requested: true } },
    business_profile: { name: "Program under test" },
  });
  const as = { stripeAccount: account.id };
  if (funds > 0) {
    const topup = { amount: funds, currency, destination_balance: "issuing" };
    await stripe.topups.create(topup, as);
  }
  const cardholder = await stripe.issuing.cardholders.create(
    {
      name: "Jenny Rosen",
      type: "individual",
      phone_number: phone,
      individual: {
        first_name: "Jenny",
        last_name: "Rosen",
        card_issuing: { user_terms_acceptance: { date: 1_700_000_000, ip: "192.0.2.1" } },
      },
      billing: { address: { line1: "1 Main Street", city, postal_code, country, ...rest } },
    },
    as,
  );
  const card = await stripe.issuing.cards.create(
    { cardholder: cardholder.id, currency, type: "virtual", status: "active", ...wish.card },
    as,
  );
  return { account, as, cardholder, card };
}

/** Cardholders of the program are asked about what is declined for suspected fraud. */
export function askCardholders(url: string, { account }: Pick<CardProgram, "account">): Promise<void> {
  return postAdmin(`${url}/_admin/issuing_settings`, { account: account.id, fraud_challenges: true });
}

export async function postAdmin(url: string, body: object): Promise<void> {
  const headers = { "content-type": "application/json" };
  const { status } = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  expect(status).to.equal(200);
}

/** Every balance transaction of the issuing balance, newest first, and what they sum to. */
export async function issuingLedger(
  { stripe }: ApiUnderTest,
  { as }: Pick<CardProgram, "as">,
): Promise<{ readonly rows: readonly [string, number][]; readonly sum: number; readonly available: number }> {
  const rows: [string, number][] = [];
  for await (const { amount, balance_type, type } of stripe.balanceTransactions.list({ limit: 100 }, as)) {
    if (balance_type === "issuing") rows.push([type, amount]);
  }
  const balance = await stripe.balance.retrieve({}, as);
  const available = balance.issuing?.available.reduce((sum, { amount }) => sum + amount, 0) ?? 0;
  return { rows, sum: rows.reduce((sum, [, amount]) => sum + amount, 0), available };
}

/**
 * What has to be true after anything: the ledger is the balance, and the journal, the records and Redis agree. Every
 * event is read, so that each is held to the SDK's types.
 */
export async function expectSoundBooks(api: ApiUnderTest, program: Pick<CardProgram, "as">): Promise<void> {
  const { sum, available } = await issuingLedger(api, program);
  expect(sum, "the sum of the balance transactions").to.equal(available);
  await api.running.settled();
  await eventTypes(api, program);
  const verified = await api.running.verify();
  expect(verified.violations).to.deep.equal([]);
}

/** Types of an account's events, the oldest first. */
export async function eventTypes({ stripe }: ApiUnderTest, { as }: Pick<CardProgram, "as">): Promise<string[]> {
  const types: string[] = [];
  for await (const event of stripe.events.list({ limit: 100 }, as)) types.push(event.type);
  return types.toReversed();
}
