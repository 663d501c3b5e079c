import { expect } from "chai";
import type Stripe from "stripe";
import { type ApiUnderTest, openApiUnderTest } from "../../support/api.ts";
import { expectSoundBooks } from "../../support/card-program.ts";
import { type DisputedProgram, type Evidence, openDisputedProgram, undecided } from "../../support/disputed-program.ts";
import { errorOf } from "../../support/sdk-error.ts";

describe("resources/issuing/dispute-rules", () => {
  let api: ApiUnderTest;
  let program: DisputedProgram;
  let disputes: Stripe["issuing"]["disputes"];

  before(async () => {
    api = await openApiUnderTest();
    ({ disputes } = api.stripe.issuing);
  });

  after(() => api.running.close());

  beforeEach(async () => {
    program = await openDisputedProgram(api);
  });

  afterEach(() => expectSoundBooks(api, program));

  it("disputes neither a refund, nor what is not there, nor a financial account", async () => {
    const transaction = await program.captured(300);
    await api.stripe.testHelpers.issuing.transactions.refund(transaction, {}, program.as);
    const { data } = await api.stripe.issuing.transactions.list({ type: "refund", limit: 1 }, program.as);

    const ofRefund = await errorOf(disputes.create({ transaction: data[0]?.id ?? "" }, program.as));
    const ofNothing = await errorOf(disputes.create({ transaction: "ipi_nothing" }, program.as));
    const unnamed = await errorOf(disputes.create({}, program.as));
    const banked = await errorOf(disputes.create({ treasury: { received_debit: "rd_1" } }, program.as));

    expect(ofRefund).to.include({ statusCode: 400, param: "transaction" });
    expect(ofNothing).to.include({ statusCode: 404, code: "resource_missing", param: "transaction" });
    expect(unnamed).to.include({ statusCode: 400, code: "parameter_missing", param: "transaction" });
    expect(banked).to.include({ statusCode: 400, param: "treasury" });
  });

  it("claims at most what was captured, and of a capture beyond its hold no more than the excess", async () => {
    const transaction = await program.captured(300);
    const tooMuch = await errorOf(disputes.create({ transaction, amount: 301 }, program.as));
    const nothing = await errorOf(disputes.create({ transaction, amount: 0 }, program.as));
    const part = await disputes.create({ transaction, amount: 299 }, program.as);
    const helper = api.stripe.testHelpers.issuing.authorizations;
    const hold = await helper.create({ card: program.card.id, amount: 1_000 }, program.as);
    await helper.capture(hold.id, { capture_amount: 1_400 }, program.as);
    const { data } = await api.stripe.issuing.transactions.list({ limit: 1 }, program.as);
    const beyond = { transaction: data[0]?.id ?? "", evidence: { reason: "no_valid_authorization" } } as const;

    const beyondExcess = await errorOf(disputes.create({ ...beyond, amount: 401 }, program.as));
    const excess = await disputes.create(beyond, program.as);

    for (const error of [tooMuch, nothing, beyondExcess])
      expect(error).to.include({ statusCode: 400, param: "amount" });
    expect([part.amount, excess.amount]).to.deep.equal([299, 400]);
  });

  it("is too late 110 days after the capture, and for want of an authorization after 65 on Visa", async () => {
    const transaction = await program.captured(300);
    const another = await program.captured(400);
    const unauthorized: Evidence = { reason: "no_valid_authorization", no_valid_authorization: { explanation: "No." } };
    const { id } = await disputes.create({ transaction: another, evidence: unauthorized }, program.as);

    await api.running.clock.advance({ days: 65 });
    const late = await errorOf(disputes.create({ transaction, evidence: unauthorized }, program.as));
    const lateSubmission = await errorOf(disputes.submit(id, {}, program.as));
    await disputes.update(id, { evidence: undecided }, program.as);
    const submitted = await disputes.submit(id, {}, program.as);
    await api.running.clock.advance({ days: 45 });
    const tooLate = await errorOf(disputes.create({ transaction, evidence: undecided }, program.as));

    expect(late).to.include({ statusCode: 400, param: "evidence[reason]" });
    expect(lateSubmission).to.include({ statusCode: 400, param: "id" });
    expect(submitted.status).to.equal("submitted");
    expect(tooLate).to.include({ statusCode: 400, param: "transaction" });
  });

  it("has 80 days on Mastercard to say that nothing was authorized", async () => {
    const settings = { account: program.account.id, network: "mastercard" };
    await api.send("/_admin/issuing_settings", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: new TextEncoder().encode(JSON.stringify(settings)),
    });
    const card = await api.stripe.issuing.cards.create(
      { cardholder: program.cardholder.id, currency: "usd", type: "virtual", status: "active" },
      program.as,
    );
    const helper = api.stripe.testHelpers.issuing.transactions;
    const early = await helper.createForceCapture({ card: card.id, amount: 100, currency: "usd" }, program.as);
    const late = await helper.createForceCapture({ card: card.id, amount: 200, currency: "usd" }, program.as);
    const evidence: Evidence = { reason: "no_valid_authorization" };

    await api.running.clock.advance({ days: 79 });
    const dispute = await disputes.create({ transaction: early.id, evidence }, program.as);
    await api.running.clock.advance({ days: 1 });
    const refused = await errorOf(disputes.create({ transaction: late.id, evidence }, program.as));

    expect([card.brand, dispute.status]).to.deep.equal(["MasterCard", "unsubmitted"]);
    expect(refused).to.include({ statusCode: 400, param: "evidence[reason]" });
  });

  it("asks at submission, and only then, for what each reason requires", async () => {
    const at = 1_700_000_000;
    const { id } = await program.disputed(600);
    const full: Record<string, Evidence> = {
      fraudulent: { fraudulent: { explanation: "e" } },
      no_valid_authorization: { no_valid_authorization: { explanation: "e" } },
      other: { other: { explanation: "e" } },
      canceled: {
        canceled: {
          explanation: "e",
          canceled_at: at,
          cancellation_policy_provided: false,
          cancellation_reason: "r",
          product_type: "merchandise",
          return_status: "successful",
          returned_at: at,
        },
      },
      not_received: { not_received: { explanation: "e", expected_at: at, product_type: "service" } },
      merchandise_not_as_described: {
        merchandise_not_as_described: {
          explanation: "e",
          received_at: at,
          return_status: "merchant_rejected",
          return_description: "d",
        },
      },
      service_not_as_described: {
        service_not_as_described: { explanation: "e", canceled_at: at, cancellation_reason: "r", received_at: at },
      },
    };
    for (const [reason, evidence] of Object.entries(full)) {
      const section = Object.entries(evidence)[0]?.[1] as Record<string, string | number | boolean>;
      for (const name of Object.keys(section)) {
        // It is required of nobody, and makes the way back of the goods a part of the claim.
        if (reason === "canceled" && name === "product_type") continue;
        const without = Object.fromEntries(Object.entries(section).filter(([other]) => other !== name));
        const whole = { reason, [reason]: without } as Evidence;
        await disputes.update(id, { evidence: { reason: reason === "other" ? "canceled" : "other" } }, program.as);
        await disputes.update(id, { evidence: whole }, program.as);

        const error = await errorOf(disputes.submit(id, {}, program.as));

        expect(error).to.include({ code: "parameter_missing", param: `evidence[${reason}][${name}]` });
      }
    }
    await disputes.update(id, { evidence: { reason: "canceled", ...full["canceled"] } }, program.as);
    expect(await disputes.submit(id, { metadata: { by: "us" } }, program.as)).to.deep.include({
      status: "submitted",
      metadata: { by: "us" },
    });
  });
});
