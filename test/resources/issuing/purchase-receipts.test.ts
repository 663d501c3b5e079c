import { expect } from "chai";
import { type ApiUnderTest, openApiUnderTest } from "../../support/api.ts";
import { eventTypes, openCardProgram } from "../../support/card-program.ts";

describe("resources/issuing: the receipt of a purchase", () => {
  let api: ApiUnderTest;

  before(async () => {
    api = await openApiUnderTest();
  });

  after(() => api.running.close());

  it("is told as an event of its own behind that of its transaction, and only where lines of it are known", async () => {
    const program = await openCardProgram(api);
    const { as, card } = program;
    const { authorizations, transactions } = api.stripe.testHelpers.issuing;
    const { id } = await authorizations.create({ card: card.id, amount: 1_000 }, as);

    const receipt = [{ description: "Nails", total: 1_000, unit_cost: 500 }];
    await authorizations.capture(id, { purchase_details: { receipt, reference: "A-1" } }, as);
    const forced = { card: card.id, amount: 300, purchase_details: { reference: "A-2" } };
    const silent = await transactions.createForceCapture(forced, as);
    const type = "issuing_transaction.purchase_details_receipt_updated";
    const { data } = await api.stripe.events.list({ type }, as);

    const told = (await eventTypes(api, program)).filter((name) => name.startsWith("issuing_transaction."));
    expect(told).to.deep.equal(["issuing_transaction.created", type, "issuing_transaction.created"]);
    expect(data[0]?.data.object).to.deep.include({ object: "issuing.transaction", amount: -1_000, authorization: id });
    expect(silent.amount).to.equal(-300);
  });
});
