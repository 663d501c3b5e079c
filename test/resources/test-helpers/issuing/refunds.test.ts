import { expect } from "chai";
import type Stripe from "stripe";
import type { HotClient } from "../../../../src/store/hot-client.ts";
import { type ApiUnderTest, openApiUnderTest } from "../../../support/api.ts";
import { type CardProgram, eventTypes, expectSoundBooks, openCardProgram } from "../../../support/card-program.ts";
import { errorOf } from "../../../support/sdk-error.ts";

describe("resources/test-helpers/issuing/refunds", () => {
  let api: ApiUnderTest;
  let program: CardProgram;
  let capture: string;

  before(async () => {
    api = await openApiUnderTest();
  });

  after(() => api.running.close());

  beforeEach(async () => {
    program = await openCardProgram(api);
    const helpers = api.stripe.testHelpers.issuing;
    const { id } = await helpers.authorizations.create({ card: program.card.id, amount: 1_000 }, program.as);
    const { transactions } = await helpers.authorizations.capture(id, {}, program.as);
    capture = transactions[0]?.id ?? "";
  });

  afterEach(() => expectSoundBooks(api, program));

  function refund(
    amount: number | null,
    idempotencyKey: string | null = null,
  ): Promise<Stripe.Response<Stripe.Issuing.Transaction>> {
    const options = { ...program.as, ...(idempotencyKey === null ? {} : { idempotencyKey }) };
    const wish = amount === null ? {} : { refund_amount: amount };
    return api.stripe.testHelpers.issuing.transactions.refund(capture, wish, options);
  }

  async function refunds(): Promise<number[]> {
    const wish = { card: program.card.id, type: "refund", limit: 100 } as const;
    return (await api.stripe.issuing.transactions.list(wish, program.as)).data.map(({ amount }) => amount);
  }

  it("give back no more of a capture than it was, in however many parts", async () => {
    await refund(400);
    const tooMuch = await errorOf(refund(601));
    await refund(500);
    await refund(null);
    const more = [await errorOf(refund(1)), await errorOf(refund(null))];

    expect(tooMuch).to.include({ code: "parameter_invalid", param: "refund_amount", statusCode: 400 });
    for (const error of more) {
      expect(error).to.include({ code: "invalid_state", statusCode: 400, type: "StripeInvalidRequestError" });
    }
    expect(await refunds()).to.deep.equal([100, 500, 400]);
  });

  it("give back ten tenths of a capture where sixty-four are asked for at once", async () => {
    const asked = await Promise.allSettled(Array.from({ length: 64 }, () => refund(100)));

    const reasons = asked.flatMap((one) => (one.status === "rejected" ? [String(one.reason.code)] : []));
    expect(reasons).to.deep.equal(Array.from({ length: 54 }, () => "invalid_state"));
    expect(await refunds()).to.deep.equal(Array.from({ length: 10 }, () => 100));
  });

  it("give back once what is asked for again under its key, whatever was given back since", async () => {
    const first = await refund(300, "three hundred");
    await refund(700);
    const again = await refund(300, "three hundred");
    const other = await errorOf(refund(200, "three hundred"));

    expect(again).to.deep.equal(first);
    expect(again.lastResponse.headers["idempotent-replayed"]).to.equal("true");
    expect(other.type).to.equal("StripeIdempotencyError");
    expect(await refunds()).to.deep.equal([700, 300]);
  });

  it("give back of each capture, of one that nobody asked for as well, what that one was", async () => {
    const forced = { card: program.card.id, amount: 500, currency: "usd" };
    await refund(1_000);
    capture = (await api.stripe.testHelpers.issuing.transactions.createForceCapture(forced, program.as)).id;
    await refund(200);
    await refund(null);

    expect((await errorOf(refund(1))).code).to.equal("invalid_state");
    expect(await refunds()).to.deep.equal([300, 200, 1_000]);
  });

  it("leave what is noted of a capture as it was, and tell of the refund alone", async () => {
    await api.stripe.issuing.transactions.update(capture, { metadata: { order: "7" } }, program.as);
    const before = await eventTypes(api, program);
    await refund(200);
    const noted = await api.stripe.issuing.transactions.update(capture, { metadata: { since: "yes" } }, program.as);

    expect(noted.metadata).to.deep.equal({ order: "7", since: "yes" });
    expect((await eventTypes(api, program)).slice(before.length)).to.deep.equal([
      "issuing_transaction.created",
      "issuing_transaction.updated",
    ]);
    expect((await errorOf(refund(801))).param).to.equal("refund_amount");
  });

  for (const finisher of ["the due runner", "the next refund", "a repeat"] as const) {
    it(`are posted by ${finisher} where a claim was all that a crash has left`, async () => {
      const mend = refuseClearing(api.running.access.program.committer.hot);
      const failed = await errorOf(refund(600, "broken off"));
      mend();

      if (finisher === "the due runner") await api.running.clock.advance("1m");
      if (finisher === "the next refund") await refund(400);
      if (finisher === "a repeat") await refund(600, "broken off");
      const posted = await refunds();
      const again = await refund(600, "broken off");

      expect(failed.statusCode).to.equal(503);
      expect(posted).to.deep.equal(finisher === "the next refund" ? [400, 600] : [600]);
      expect(again.id).to.equal(capture);
      expect(await refunds()).to.deep.equal(posted);
    });
  }
});

/** The store takes claims, and nothing that is presented; call what it returns to make it whole. */
function refuseClearing(hot: HotClient): () => void {
  const call = hot.call.bind(hot);
  const refusing: HotClient["call"] = (asked, done) => {
    if (asked.function === "clear") done({ kind: "refused", cause: "the process died" });
    else call(asked, done);
  };
  Object.assign(hot, { call: refusing });
  return () => Object.assign(hot, { call });
}
