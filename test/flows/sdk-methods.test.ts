import { expect } from "chai";
import { operations } from "../../specs/api/operations.ts";
import { routes } from "../../src/resources/routes.ts";
import { type ApiUnderTest, openApiUnderTest } from "../support/api.ts";
import { eventTypes, expectSoundBooks } from "../support/card-program.ts";
import { type Walk, openWalk } from "../support/sdk-walk.ts";
import { accountSteps, eventSteps, fundingSteps } from "../support/sdk-account-steps.ts";
import { issuingSteps, moneySteps } from "../support/sdk-issuing-steps.ts";

const steps = [...accountSteps, ...fundingSteps, ...issuingSteps, ...moneySteps, ...eventSteps];
const served = new Set(routes.flatMap(({ operation }) => (operation === null ? [] : [operation])));

describe("flows/every method of the SDK that a card program needs", () => {
  let api: ApiUnderTest;
  let walk: Walk;
  const answers = new Map<string, unknown>();

  before(async () => {
    api = await openApiUnderTest();
    walk = await openWalk(api);
  });

  after(() => api.running.close());

  it("is called here, if it is served at all", () => {
    const names = operations.map(({ name }) => name).filter((name) => served.has(name));

    expect(steps.map(({ name }) => name)).to.have.members(names);
  });

  for (const { name, call } of steps) {
    it(`is answered: ${name}`, async () => {
      const answer = await call(walk);

      expect(answer).to.satisfy((told: unknown) => typeof told === "object" && told !== null);
      answers.set(name, answer);
    });
  }

  it("keeps the books sound, and the ledger equal to the balance", async () => {
    await expectSoundBooks(api, walk.program);
  });

  it("tells of a number or of a code in no answer, list or event but where it was asked to", async () => {
    const told = [...answers].filter(([, answer]) => /"(number|cvc)":"\d/u.test(JSON.stringify(answer)));
    const events: unknown[] = [];
    for await (const event of api.stripe.events.list({ limit: 100 }, walk.program.as)) events.push(event);

    expect(told.map(([name]) => name)).to.deep.equal(["issuing.cards.retrieve"]);
    expect(JSON.stringify(events)).not.to.match(/"(number|cvc)":"\d/u);
  });

  it("has told every event that these can cause", async () => {
    const types = await eventTypes(api, walk.program);
    const ofPlatform = await api.stripe.events.list({ limit: 100 });

    expect(ofPlatform.data.map(({ type }) => type)).to.include.members([
      "transfer.created",
      "transfer.reversed",
      "transfer.updated",
    ]);
    expect(types).to.include.members([
      "account.external_account.created",
      "account.external_account.deleted",
      "account.external_account.updated",
      "account.updated",
      "balance.available",
      "issuing_authorization.created",
      "issuing_authorization.updated",
      "issuing_card.created",
      "issuing_card.updated",
      "issuing_cardholder.created",
      "issuing_cardholder.updated",
      "issuing_dispute.closed",
      "issuing_dispute.created",
      "issuing_dispute.funds_reinstated",
      "issuing_dispute.submitted",
      "issuing_dispute.updated",
      "issuing_personalization_design.activated",
      "issuing_personalization_design.deactivated",
      "issuing_personalization_design.rejected",
      "issuing_personalization_design.updated",
      "issuing_transaction.created",
      "issuing_transaction.updated",
      "payout.canceled",
      "payout.created",
      "payout.paid",
      "payout.updated",
      "person.created",
      "person.deleted",
      "person.updated",
      "topup.created",
      "topup.succeeded",
    ]);
  });
});
