import { expect } from "chai";
import type Stripe from "stripe";
import { type ApiUnderTest, openApiUnderTest } from "../support/api.ts";
import { type CardProgram, expectSoundBooks, issuingLedger, openCardProgram } from "../support/card-program.ts";
import { errorOf } from "../support/sdk-error.ts";

const programs = {
  GB: { currency: "gbp", abroad: "eur", kind: "gb_bank_transfer" },
  DE: { currency: "eur", abroad: "gbp", kind: "eu_bank_transfer" },
} as const;

for (const country of ["GB", "DE"] as const) {
  const { abroad, currency } = programs[country];

  describe(`flows/a program of ${country} in ${currency.toUpperCase()}`, () => {
    let api: ApiUnderTest;
    let program: CardProgram;

    before(async () => {
      api = await openApiUnderTest();
      program = await openCardProgram(api, { country, funds: 0 });
    });

    after(() => api.running.close());

    afterEach(() => expectSoundBooks(api, program));

    const authorize = (amount: number, more: object = {}): Promise<Stripe.Issuing.Authorization> =>
      api.stripe.testHelpers.issuing.authorizations.create({ card: program.card.id, amount, ...more }, program.as);

    it("is declined for want of funds until a bank transfer has come by its funding instructions", async () => {
      const poor = await authorize(1_000);
      const instructions = await api.stripe.rawRequest(
        "POST",
        "/v1/issuing/funding_instructions",
        { currency, funding_type: "bank_transfer", bank_transfer: { type: programs[country].kind } },
        program.as,
      );
      await api.stripe.rawRequest(
        "POST",
        "/v1/test_helpers/issuing/fund_balance",
        { amount: 50_000, currency },
        program.as,
      );
      const rich = await authorize(1_000);

      expect(poor.request_history[0]?.reason).to.equal("insufficient_funds");
      expect(instructions).to.deep.include({ object: "funding_instructions", currency });
      expect(rich).to.deep.include({ approved: true, amount: 1_000, currency });
      const balance = await api.stripe.balance.retrieve({}, program.as);
      expect(balance.issuing?.available).to.deep.include({ amount: 49_000, currency });
    });

    it("holds, captures and refunds in its own currency what was bought abroad", async () => {
      const before = (await issuingLedger(api, program)).available;
      const { id } = await authorize(1_150, { merchant_amount: 1_000, merchant_currency: abroad });
      const captured = await api.stripe.testHelpers.issuing.authorizations.capture(id, {}, program.as);
      const capture = captured.transactions[0];
      await api.stripe.testHelpers.issuing.transactions.refund(capture?.id ?? "", {}, program.as);

      expect(captured).to.deep.include({
        currency,
        merchant_amount: 0,
        merchant_currency: abroad,
        status: "closed",
      });
      expect(capture).to.deep.include({
        amount: -1_150,
        currency,
        merchant_amount: -1_000,
        merchant_currency: abroad,
      });
      expect((await issuingLedger(api, program)).available).to.equal(before);
    });

    it("refuses to capture what has more than twelve digits in the merchant's currency", async () => {
      const { id } = await authorize(100, { merchant_amount: 10_000, merchant_currency: abroad });

      const refused = await errorOf(
        api.stripe.testHelpers.issuing.authorizations.capture(id, { capture_amount: 99_999_999_999 }, program.as),
      );

      expect(refused).to.include({ statusCode: 400, code: "parameter_invalid_integer" });
    });

    it("wants a phone of its cardholders, and makes cards in its own currency only", async () => {
      const { billing, name } = program.cardholder;
      const speechless = { name, billing: { address: plain(billing.address) } };
      const holder = await api.stripe.issuing.cardholders.create(speechless, program.as);
      const make = (cardholder: string, of: string): Promise<Stripe.Issuing.Card> =>
        api.stripe.issuing.cards.create({ cardholder, currency: of, type: "virtual" }, program.as);

      const unreachable = await errorOf(make(holder.id, currency));
      const foreign = await errorOf(make(program.cardholder.id, abroad));

      expect(unreachable.message).to.include("needs a phone number");
      expect(unreachable.statusCode).to.equal(400);
      expect(foreign).to.include({ statusCode: 400, param: "currency" });
    });
  });
}

function plain({ city, country, line1, postal_code }: Stripe.Address) {
  return { city: city ?? "", country: country ?? "", line1: line1 ?? "", postal_code: postal_code ?? "" };
}
