import { expect } from "chai";
import type Stripe from "stripe";
import { type ApiUnderTest, openApiUnderTest } from "../support/api.ts";
import {
  type CardProgram,
  askCardholders,
  eventTypes,
  expectSoundBooks,
  openCardProgram,
} from "../support/card-program.ts";

describe("flows: fraud challenges by the SDK", () => {
  let api: ApiUnderTest;
  let stripe: Stripe;

  before(async () => {
    api = await openApiUnderTest();
    ({ stripe } = api);
  });

  after(() => api.running.close());

  const challenged = async (): Promise<CardProgram> => {
    const program = await openCardProgram(api);
    await askCardholders(api.running.api.url, program);
    return program;
  };

  const buy = (
    { as, card }: Pick<CardProgram, "as" | "card">,
    level: "elevated" | "highest" | "low" = "highest",
    merchant: { readonly network_id?: string } = {},
  ) =>
    stripe.testHelpers.issuing.authorizations.create(
      { card: card.id, amount: 1_500, merchant_data: merchant, risk_assessment: { fraud_risk: { level } } },
      as,
    );

  const answer = ({ as }: CardProgram, id: string, confirmed: boolean) =>
    stripe.testHelpers.issuing.authorizations.respond(id, { confirmed }, as);

  it("declines the highest risk as suspected fraud, and asks nobody while challenges are off", async () => {
    const program = await openCardProgram(api);

    const highest = await buy(program);
    const elevated = await buy(program, "elevated");

    expect([highest.approved, highest.status, highest.request_history[0]?.reason]).to.deep.equal([
      false,
      "closed",
      "suspected_fraud",
    ]);
    expect([highest.fraud_challenges, highest.verified_by_fraud_challenge]).to.deep.equal([null, null]);
    expect([elevated.approved, elevated.fraud_challenges]).to.deep.equal([true, null]);
  });

  it("lets a cardholder who says yes pay at the same merchant, and at no other", async () => {
    const program = await challenged();
    const { as } = program;

    const declined = await buy(program);
    const early = await buy(program);
    const verified = await answer(program, declined.id, true);
    const retried = await buy(program);
    const elsewhere = await buy(program, "highest", { network_id: "9876543210" });
    const read = await stripe.issuing.authorizations.retrieve(declined.id, {}, as);

    const pending = [{ channel: "sms", status: "pending", undeliverable_reason: null }];
    expect([declined.fraud_challenges, early.fraud_challenges]).to.deep.equal([pending, pending]);
    expect(declined.verified_by_fraud_challenge).to.equal(false);
    expect(verified.fraud_challenges).to.deep.equal([{ ...pending[0], status: "verified" }]);
    expect([verified.approved, verified.amount]).to.deep.equal([false, 1_500]);
    expect(read).to.deep.include({ fraud_challenges: verified.fraud_challenges });
    expect([retried.approved, retried.verified_by_fraud_challenge, retried.fraud_challenges]).to.deep.equal([
      true,
      true,
      null,
    ]);
    expect([elsewhere.approved, elsewhere.fraud_challenges]).to.deep.equal([false, pending]);
    await expectSoundBooks(api, program);
  });

  it("tells the answer as a change of the authorization, and keeps what its program has put to it", async () => {
    const program = await challenged();
    const { as } = program;
    const { id } = await buy(program);

    await stripe.issuing.authorizations.update(id, { metadata: { case: "17" } }, as);
    const rejected = await answer(program, id, false);
    const again = await buy(program);
    const { data } = await stripe.events.list({ type: "issuing_authorization.updated", limit: 1 }, as);

    expect(rejected.fraud_challenges?.[0]?.status).to.equal("rejected");
    expect(rejected.metadata).to.deep.equal({ case: "17" });
    expect([again.approved, again.fraud_challenges?.[0]?.status]).to.deep.equal([false, "pending"]);
    expect(data[0]?.data.previous_attributes).to.deep.equal({
      fraud_challenges: [{ channel: "sms", status: "pending", undeliverable_reason: null }],
    });
    expect((await eventTypes(api, program)).slice(-4)).to.deep.equal([
      "issuing_authorization.created",
      "issuing_authorization.updated",
      "issuing_authorization.updated",
      "issuing_authorization.created",
    ]);
  });

  it("takes one answer, of who was asked", async () => {
    const program = await challenged();
    const { id } = await buy(program);
    const approved = await buy(program, "low");

    await answer(program, id, true);
    const refused = await Promise.all([id, approved.id].map((one) => answer(program, one, false).catch(codeOf)));
    const missing = await answer(program, "iauth_nobody", true).catch(codeOf);

    expect([...refused, missing]).to.deep.equal(["invalid_state", "invalid_state", "resource_missing"]);
  });

  it("waits a day for an answer, or as long as a setting says, and takes none afterwards", async () => {
    const program = await challenged();
    const { as } = program;
    const options = { ...as, idempotencyKey: `challenge-${program.account.id}` };
    const wish = { card: program.card.id, amount: 900, risk_assessment: { fraud_risk: { level: "highest" } } } as const;
    const { id } = await stripe.testHelpers.issuing.authorizations.create(wish, options);
    const repeated = await stripe.testHelpers.issuing.authorizations.create(wish, options);
    const statusOf = async (one: string) =>
      (await stripe.issuing.authorizations.retrieve(one, {}, as)).fraud_challenges?.[0]?.status;

    await stripe.issuing.authorizations.update(id, { metadata: { case: "18" } }, as);
    await api.running.clock.advance("23h");
    expect([repeated.id, await statusOf(id)]).to.deep.equal([id, "pending"]);
    await api.running.clock.advance("1h");
    await stripe.testHelpers.issuing.authorizations.create(wish, options);
    expect(await statusOf(id)).to.equal("expired");
    expect(await answer(program, id, true).catch(codeOf)).to.equal("invalid_state");
    const { data } = await stripe.events.list({ type: "issuing_authorization.updated" }, as);
    expect(data.map((event) => event.data.previous_attributes)).to.deep.equal([
      { fraud_challenges: [{ channel: "sms", status: "pending", undeliverable_reason: null }] },
      { metadata: {} },
    ]);

    const body = new TextEncoder().encode(JSON.stringify({ account: program.account.id, fraud_challenge_minutes: 5 }));
    const headers = { "content-type": "application/json" };
    await api.send("/_admin/issuing_settings", { method: "POST", headers, body });
    const { id: soon } = await buy(program);
    await api.running.clock.advance("5m");
    expect(await statusOf(soon)).to.equal("expired");
    await expectSoundBooks(api, program);
  });

  it("cannot deliver a challenge to a cardholder without a phone number", async () => {
    const program = await challenged();
    const { as, cardholder } = program;
    const { name } = cardholder;
    const address = { line1: "2 Main Street", city: "San Francisco", postal_code: "94107", country: "US" };
    const individual = { card_issuing: { user_terms_acceptance: { date: 1_700_000_000, ip: "192.0.2.1" } } };
    const silent = await stripe.issuing.cardholders.create({ name, individual, billing: { address } }, as);
    const card = await stripe.issuing.cards.create(
      { cardholder: silent.id, currency: "usd", type: "virtual", status: "active" },
      as,
    );

    const declined = await buy({ as, card });

    expect(declined.fraud_challenges).to.deep.equal([
      { channel: "sms", status: "undeliverable", undeliverable_reason: "no_phone_number" },
    ]);
    expect(await answer(program, declined.id, true).catch(codeOf)).to.equal("invalid_state");
  });

  it("gives the name of a check in front, and then asks nobody", async () => {
    const program = await challenged();
    const { as, card } = program;
    await stripe.issuing.cards.update(card.id, { status: "inactive" }, as);

    const declined = await buy(program);

    expect([declined.request_history[0]?.reason, declined.fraud_challenges]).to.deep.equal(["card_inactive", null]);
  });

  it("repeats the first answer under the same key, whatever the cardholder has said since", async () => {
    const program = await challenged();
    const { as, card } = program;
    const keyed = { ...as, idempotencyKey: `repeat-${card.id}` };
    const wish = { card: card.id, amount: 900, risk_assessment: { fraud_risk: { level: "highest" } } } as const;

    const first = await stripe.testHelpers.issuing.authorizations.create(wish, keyed);
    await answer(program, first.id, true);
    const repeat = await stripe.testHelpers.issuing.authorizations.create(wish, keyed);

    expect(repeat).to.deep.equal(first);
  });
});

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
