import { expect } from "chai";
import type Stripe from "stripe";
import { type ApiUnderTest, openApiUnderTest } from "../support/api.ts";
import { type CardProgram, expectSoundBooks, issuingLedger, openCardProgram } from "../support/card-program.ts";

type Send = (options: Stripe.RequestOptions) => Promise<object>;

describe("flows/a request of the SDK whose answer was lost", () => {
  let api: ApiUnderTest;
  let program: CardProgram;
  let keys = 0;

  before(async () => {
    api = await openApiUnderTest();
  });

  after(() => api.running.close());

  beforeEach(async () => {
    program = await openCardProgram(api);
  });

  afterEach(() => expectSoundBooks(api, program));

  const helpers = (): Stripe["testHelpers"]["issuing"] => api.stripe.testHelpers.issuing;
  const authorize = async (amount: number, more: object = {}): Promise<string> =>
    (await helpers().authorizations.create({ card: program.card.id, amount, ...more }, program.as)).id;

  /** Sends it, lets `meanwhile` happen, and sends it again as the SDK does: with the same key. */
  async function expectSame(send: Send, meanwhile: () => Promise<unknown>): Promise<void> {
    const options = { ...program.as, idempotencyKey: `repeat ${++keys}` };
    const first = await send(options);
    await meanwhile();
    const before = await issuingLedger(api, program);

    const again = await send(options);

    expect(plain(again)).to.deep.equal(plain(first));
    expect(await issuingLedger(api, program)).to.deep.equal(before);
  }

  it("is told the same of an increment, though the authorization is reversed by now", async () => {
    const id = await authorize(1_000);

    await expectSame(
      (options) => helpers().authorizations.increment(id, { increment_amount: 500 }, options),
      () => helpers().authorizations.reverse(id, {}, program.as),
    );
  });

  it("is told the same of a reversal, of less and of more than what is left", async () => {
    const id = await authorize(1_000);

    await expectSame(
      (options) => helpers().authorizations.reverse(id, { reverse_amount: 100 }, options),
      () => Promise.resolve(),
    );
    await expectSame(
      (options) => helpers().authorizations.reverse(id, { reverse_amount: 700 }, options),
      () => Promise.resolve(),
    );
  });

  it("is told the same of a capture in full, though nothing is left to be captured", async () => {
    const id = await authorize(1_000);

    await expectSame(
      (options) => helpers().authorizations.capture(id, {}, options),
      () => Promise.resolve(),
    );
  });

  it("is told the same of what was pumped", async () => {
    const id = await authorize(100, { merchant_data: { category: "automated_fuel_dispensers" } });

    await expectSame(
      (options) => helpers().authorizations.finalizeAmount(id, { final_amount: 2_000 }, options),
      () => helpers().authorizations.capture(id, {}, program.as),
    );
  });

  it("is told the same of a refund, in full and of a force capture", async () => {
    const forced = { card: program.card.id, amount: 900, currency: "usd" };
    const { id } = await helpers().transactions.createForceCapture(forced, program.as);

    await expectSame(
      (options) => helpers().transactions.createForceCapture(forced, options),
      () => Promise.resolve(),
    );
    await expectSame(
      (options) => helpers().transactions.refund(id, {}, options),
      () => Promise.resolve(),
    );
    await expectSame(
      (options) => helpers().transactions.createUnlinkedRefund(forced, options),
      () => Promise.resolve(),
    );
  });

  it("is told the same of an expiry, though it was captured late since", async () => {
    const id = await authorize(1_000);

    await expectSame(
      (options) => helpers().authorizations.expire(id, {}, options),
      () => helpers().authorizations.capture(id, {}, program.as),
    );
  });
});

function plain(answer: object): unknown {
  return JSON.parse(JSON.stringify(answer));
}
