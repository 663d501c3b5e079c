import { expect } from "chai";
import { type ApiUnderTest, openApiUnderTest } from "../../../support/api.ts";
import { openCardProgram } from "../../../support/card-program.ts";

describe("resources/test-helpers/issuing/authorization-routes", () => {
  let api: ApiUnderTest;

  before(async () => {
    api = await openApiUnderTest();
  });

  after(() => api.running.close());

  it("refuses more as pumped than a completion can say, and takes what was pumped afterwards", async () => {
    const { as, card } = await openCardProgram(api);
    const { authorizations } = api.stripe.testHelpers.issuing;
    const merchant_data = { category: "automated_fuel_dispensers" } as const;
    const { id } = await authorizations.create({ card: card.id, amount: 100, merchant_data }, as);

    const refused = await api.send(`/v1/test_helpers/issuing/authorizations/${id}/finalize_amount`, {
      method: "POST",
      headers: { "stripe-account": as.stripeAccount },
      body: `final_amount=${Number.MAX_SAFE_INTEGER}`,
    });
    const pumped = await authorizations.finalizeAmount(id, { final_amount: 4_321 }, as);

    expect([refused.status, refused.error["param"]]).to.deep.equal([400, "final_amount"]);
    expect(pumped.amount).to.equal(4_321);
  });
});
