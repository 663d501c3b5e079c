import { expect } from "chai";
import Stripe from "stripe";
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

  it("tells what was pumped into which vehicle once the pump has told it", async () => {
    const { as, card } = await openCardProgram(api);
    const { authorizations } = api.stripe.testHelpers.issuing;
    const merchant_data = { category: "automated_fuel_dispensers" } as const;
    const fleet = { purchase_type: "fuel_purchase", service_type: "self_service" } as const;
    const { id } = await authorizations.create({ card: card.id, amount: 100, merchant_data, fleet }, as);

    const [quantity_decimal, unit_cost_decimal] = [Stripe.Decimal.from("40.25"), Stripe.Decimal.from("1.5")];
    const fuel = { type: "diesel", unit: "liter", quantity_decimal, unit_cost_decimal } as const;
    await authorizations.finalizeAmount(id, { final_amount: 6_038, fuel }, as);
    const told = await api.stripe.issuing.authorizations.retrieve(id, {}, as);
    const { data } = await api.stripe.events.list({ type: "issuing_authorization.updated" }, as);

    expect(told.fuel).to.deep.include({ type: "diesel", unit: "liter" });
    expect([String(told.fuel?.quantity_decimal), String(told.fuel?.unit_cost_decimal)]).to.deep.equal(["40.25", "1.5"]);
    expect(told.fleet).to.include(fleet);
    expect(data[0]?.data.previous_attributes).to.deep.include({ fuel: null }).and.not.have.property("fleet");
  });
});
