import { expect } from "chai";
import type Stripe from "stripe";
import { type ApiUnderTest, openApiUnderTest } from "../../support/api.ts";
import {
  type CardProgram,
  eventTypes,
  expectSoundBooks,
  issuingLedger,
  openCardProgram,
} from "../../support/card-program.ts";
import { errorOf } from "../../support/sdk-error.ts";

type Disputes = Stripe["issuing"]["disputes"];
type Evidence = NonNullable<Stripe.Issuing.DisputeCreateParams["evidence"]>;

const winning: Evidence = { reason: "fraudulent", fraudulent: { explanation: "winning_evidence" } };
const losing: Evidence = { reason: "not_received", not_received: said("losing_evidence") };
const open: Evidence = { reason: "fraudulent", fraudulent: { explanation: "Jenny was not there." } };

function said(explanation: string): Stripe.Issuing.DisputeCreateParams.Evidence.NotReceived {
  return { explanation, expected_at: 1_700_000_000, product_type: "merchandise" };
}

describe("resources/issuing/disputes", () => {
  let api: ApiUnderTest;
  let program: CardProgram;
  let disputes: Disputes;

  before(async () => {
    api = await openApiUnderTest();
    ({ disputes } = api.stripe.issuing);
  });

  after(() => api.running.close());

  beforeEach(async () => {
    program = await openCardProgram(api);
  });

  afterEach(() => expectSoundBooks(api, program));

  async function captured(amount: number): Promise<string> {
    const helper = api.stripe.testHelpers.issuing.transactions;
    return (await helper.createForceCapture({ card: program.card.id, amount, currency: "usd" }, program.as)).id;
  }

  async function disputed(amount: number, evidence?: Evidence): Promise<Stripe.Issuing.Dispute> {
    const transaction = await captured(amount);
    return disputes.create({ transaction, ...(evidence === undefined ? {} : { evidence }) }, program.as);
  }

  /** Events of disputes, the oldest first. */
  async function told(): Promise<string[]> {
    return (await eventTypes(api, program)).filter((type) => type.startsWith("issuing_dispute."));
  }

  it("opens a dispute about the whole of a capture, which names it from then on", async () => {
    const transaction = await captured(1_250);
    const dispute = await disputes.create({ transaction, metadata: { case: "7" }, evidence: open }, program.as);

    expect(dispute).to.deep.include({
      object: "issuing.dispute",
      amount: 1_250,
      currency: "usd",
      status: "unsubmitted",
      transaction,
      metadata: { case: "7" },
      evidence: {
        reason: "fraudulent",
        fraudulent: { additional_documentation: null, explanation: "Jenny was not there." },
      },
    });
    expect(dispute).not.to.have.any.keys("loss_reason", "balance_transactions");
    const shown = await api.stripe.issuing.transactions.retrieve(transaction, { expand: ["dispute"] }, program.as);
    expect(shown.dispute).to.deep.include({ id: dispute.id, amount: 1_250 });
    expect(await told()).to.deep.equal(["issuing_dispute.created"]);
  });

  it("gives back what is won in a balance transaction of its own", async () => {
    const { id, amount } = await disputed(1_250, winning);
    const before = await issuingLedger(api, program);

    const submitted = await disputes.submit(id, {}, program.as);

    const won = await disputes.retrieve(id, { expand: ["balance_transactions"] }, program.as);
    const after = await issuingLedger(api, program);
    expect([submitted.status, won.status]).to.deep.equal(["submitted", "won"]);
    expect(after.available - before.available).to.equal(amount);
    expect(after.rows[0]).to.deep.equal(["issuing_dispute", amount]);
    expect(won.balance_transactions?.map(({ type, source, net }) => [type, source, net])).to.deep.equal([
      ["issuing_dispute", id, amount],
    ]);
    expect(await told()).to.deep.equal([
      "issuing_dispute.created",
      "issuing_dispute.updated",
      "issuing_dispute.submitted",
      "issuing_dispute.updated",
      "issuing_dispute.funds_reinstated",
      "issuing_dispute.closed",
    ]);
  });

  it("moves nothing for what is lost, and says why it is", async () => {
    const { id } = await disputed(1_250, losing);
    const before = await issuingLedger(api, program);
    await disputes.submit(id, {}, program.as);

    const lost = await disputes.retrieve(id, { expand: ["balance_transactions"] }, program.as);

    expect(lost).to.deep.include({
      status: "lost",
      loss_reason: "merchandise_delivered_or_shipped",
      balance_transactions: [],
    });
    expect(await issuingLedger(api, program)).to.deep.equal(before);
    expect((await told()).slice(-2)).to.deep.equal(["issuing_dispute.updated", "issuing_dispute.closed"]);
  });

  it("leaves to the network what no test explanation decides", async () => {
    const { id } = await disputed(900, open);
    await disputes.submit(id, {}, program.as);
    await api.running.clock.advance({ days: 111 });

    expect(await disputes.retrieve(id, {}, program.as)).to.include({ status: "submitted" });
  });

  it("tells events as the dispute stood then, and what it was before", async () => {
    const { id } = await disputed(700, winning);
    await disputes.submit(id, {}, program.as);

    const { data } = await api.stripe.events.list({ limit: 20, types: ["issuing_dispute.*"] }, program.as);
    const shown = data.toReversed().map(({ type, data: { object, previous_attributes: previous } }) => {
      const { status } = object as Stripe.Issuing.Dispute;
      return [type.slice("issuing_dispute.".length), status, previous];
    });
    expect(shown).to.deep.equal([
      ["created", "unsubmitted", undefined],
      ["updated", "submitted", { status: "unsubmitted" }],
      ["submitted", "submitted", undefined],
      ["updated", "won", { status: "submitted" }],
      ["funds_reinstated", "won", undefined],
      ["closed", "won", undefined],
    ]);
  });

  it("expires what was not submitted 110 days after the capture, and not a day before", async () => {
    const { id } = await disputed(500, open);
    const before = await issuingLedger(api, program);

    await api.running.clock.advance({ days: 109 });
    const early = await disputes.retrieve(id, {}, program.as);
    await api.running.clock.advance({ days: 1 });
    const late = await disputes.retrieve(id, {}, program.as);

    expect([early.status, late.status]).to.deep.equal(["unsubmitted", "expired"]);
    expect(await issuingLedger(api, program)).to.deep.equal(before);
    expect((await told()).slice(-2)).to.deep.equal(["issuing_dispute.updated", "issuing_dispute.closed"]);
  });

  it("walks every pair of status and wish: only what is unsubmitted can be changed or submitted", async () => {
    const ways: Record<string, () => Promise<string>> = {
      unsubmitted: async () => (await disputed(100, open)).id,
      submitted: async () => submittedOf(open),
      won: async () => submittedOf(winning),
      lost: async () => submittedOf(losing),
      expired: async () => {
        const { id } = await disputed(100, open);
        await api.running.clock.advance({ days: 110 });
        return id;
      },
    };
    for (const [status, reach] of Object.entries(ways)) {
      const id = await reach();
      const isOpen = status === "unsubmitted";
      const wishes = [
        () => disputes.update(id, { amount: 50 }, program.as),
        () => disputes.update(id, { evidence: { reason: "other", other: { explanation: "So." } } }, program.as),
        () => disputes.submit(id, {}, program.as),
      ];

      for (const wish of wishes) {
        if (isOpen) await wish();
        else expect(await errorOf(wish()), status).to.include({ statusCode: 400, param: "id" });
      }

      const after = await disputes.update(id, { metadata: { seen: status } }, program.as);
      expect(after).to.deep.include({ status: isOpen ? "submitted" : status, metadata: { seen: status } });
    }
  });

  async function submittedOf(evidence: Evidence): Promise<string> {
    const { id } = await disputed(100, evidence);
    await disputes.submit(id, {}, program.as);
    return id;
  }

  it("takes one dispute of a transaction, of many that come at once and of any that comes later", async () => {
    const transaction = await captured(800);
    const tries = await Promise.allSettled(
      Array.from({ length: 8 }, () => disputes.create({ transaction, evidence: winning }, program.as)),
    );

    const made = tries.flatMap((one) => (one.status === "fulfilled" ? [one.value.id] : []));
    expect(made).to.have.lengthOf(1);
    await disputes.submit(made[0] ?? "", {}, program.as);
    const again = await errorOf(disputes.create({ transaction }, program.as));
    expect(again).to.include({ statusCode: 400, param: "transaction" });
    expect((await issuingLedger(api, program)).rows.filter(([type]) => type === "issuing_dispute")).to.have.lengthOf(1);
  });

  it("answers a repeat with its idempotency key by the dispute as it was first told, and pays once", async () => {
    const transaction = await captured(800);
    const make = { ...program.as, idempotencyKey: `make ${transaction}` };
    const first = await disputes.create({ transaction, evidence: winning }, make);
    const submit = { ...program.as, idempotencyKey: `submit ${transaction}` };
    const submitted = await disputes.submit(first.id, {}, submit);

    const again = await disputes.create({ transaction, evidence: winning }, make);
    const submittedAgain = await disputes.submit(first.id, {}, submit);

    expect([again.id, again.status, submittedAgain.status]).to.deep.equal([first.id, "unsubmitted", submitted.status]);
    expect((await issuingLedger(api, program)).rows.filter(([type]) => type === "issuing_dispute")).to.have.lengthOf(1);
  });

  it("disputes neither a refund, nor what is not there, nor a financial account", async () => {
    const transaction = await captured(300);
    const refund = await api.stripe.testHelpers.issuing.transactions.refund(transaction, {}, program.as);

    const ofRefund = await errorOf(disputes.create({ transaction: refund.id }, program.as));
    const ofNothing = await errorOf(disputes.create({ transaction: "ipi_nothing" }, program.as));
    const unnamed = await errorOf(disputes.create({}, program.as));
    const banked = await errorOf(disputes.create({ treasury: { received_debit: "rd_1" } }, program.as));

    expect(ofRefund).to.include({ statusCode: 400, param: "transaction" });
    expect(ofNothing).to.include({ statusCode: 404, code: "resource_missing", param: "transaction" });
    expect(unnamed).to.include({ statusCode: 400, code: "parameter_missing", param: "transaction" });
    expect(banked).to.include({ statusCode: 400, param: "treasury" });
  });

  it("claims at most what was captured, and of a capture beyond its hold no more than the excess", async () => {
    const transaction = await captured(300);
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
    const transaction = await captured(300);
    const another = await captured(400);
    const unauthorized: Evidence = { reason: "no_valid_authorization", no_valid_authorization: { explanation: "No." } };
    const { id } = await disputes.create({ transaction: another, evidence: unauthorized }, program.as);

    await api.running.clock.advance({ days: 65 });
    const late = await errorOf(disputes.create({ transaction, evidence: unauthorized }, program.as));
    const lateSubmission = await errorOf(disputes.submit(id, {}, program.as));
    await disputes.update(id, { evidence: open }, program.as);
    const submitted = await disputes.submit(id, {}, program.as);
    await api.running.clock.advance({ days: 45 });
    const tooLate = await errorOf(disputes.create({ transaction, evidence: open }, program.as));

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
    const { id } = await disputed(600);
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

  it("takes as proof of a duplicate another transaction or a file for disputes, of the account alone", async () => {
    const original = await captured(600);
    const { id, transaction } = await disputed(600, { reason: "duplicate", duplicate: { explanation: "Twice." } });
    const stranger = await openCardProgram(api);
    const fileOf = (purpose: Stripe.FileCreateParams.Purpose, as: CardProgram["as"]) =>
      api.stripe.files.create({ purpose, file: { data: Buffer.from("%PDF-1.4"), name: "a.pdf" } }, as);
    const theirs = await fileOf("dispute_evidence", stranger.as);
    const logo = await fileOf("business_logo", program.as);
    const receipt = await fileOf("dispute_evidence", program.as);
    const duplicateOf = (more: Stripe.Issuing.DisputeUpdateParams.Evidence.Duplicate) =>
      disputes.update(id, { evidence: { duplicate: more } }, program.as);

    const unproven = await errorOf(disputes.submit(id, {}, program.as));
    const itself = await errorOf(duplicateOf({ original_transaction: String(transaction) }));
    const foreign = await errorOf(duplicateOf({ cash_receipt: theirs.id }));
    const wrongPurpose = await errorOf(duplicateOf({ cash_receipt: logo.id }));
    const proven = await duplicateOf({ cash_receipt: receipt.id, original_transaction: original });

    expect(unproven).to.include({ param: "evidence[duplicate][original_transaction]" });
    expect(itself).to.include({ statusCode: 400, param: "evidence[duplicate][original_transaction]" });
    expect(foreign).to.include({ statusCode: 404, param: "evidence[duplicate][cash_receipt]" });
    expect(wrongPurpose).to.include({ statusCode: 400, param: "evidence[duplicate][cash_receipt]" });
    expect(proven.evidence.duplicate).to.deep.equal({
      additional_documentation: null,
      card_statement: null,
      cash_receipt: receipt.id,
      check_image: null,
      explanation: "Twice.",
      original_transaction: original,
    });
    expect((await disputes.submit(id, {}, program.as)).status).to.equal("submitted");
  });

  it("merges evidence and metadata, unsets what is empty, and forgets the evidence of another reason", async () => {
    const { id } = await disputed(600, { reason: "not_received", not_received: said("It never came.") });
    const merged = await disputes.update(
      id,
      { evidence: { not_received: { product_type: "", product_description: "A lamp" } }, metadata: { a: "1", b: "2" } },
      program.as,
    );
    const changed = await disputes.update(
      id,
      { evidence: { reason: "other", other: { explanation: "It is odd." } }, metadata: { a: "" } },
      program.as,
    );
    const back = await disputes.update(id, { evidence: { reason: "not_received" } }, program.as);

    expect(merged.evidence.not_received).to.deep.include({
      explanation: "It never came.",
      expected_at: 1_700_000_000,
      product_type: null,
      product_description: "A lamp",
    });
    expect(changed).to.deep.include({ metadata: { b: "2" } });
    expect(changed.evidence).not.to.have.property("not_received");
    expect(back.evidence.not_received).to.include({ explanation: null });
  });

  it("refuses evidence that belongs to no reason or to another one", async () => {
    const transaction = await captured(200);
    const { id } = await disputes.create({ transaction, evidence: open }, program.as);
    const unreasoned = await errorOf(
      disputes.create({ transaction, evidence: { other: { explanation: "e" } } }, program.as),
    );
    const other = await errorOf(disputes.update(id, { evidence: { other: { explanation: "e" } } }, program.as));
    const unknown = await errorOf(disputes.update(id, { evidence: { reason: "boredom" } } as never, program.as));

    expect(unreasoned).to.include({ statusCode: 400, code: "parameter_missing", param: "evidence[reason]" });
    expect(other).to.include({ statusCode: 400, param: "evidence[other]" });
    expect(unknown).to.include({ statusCode: 400, param: "evidence[reason]" });
  });

  it("lists an account's disputes, newest first, by status, transaction and time", async () => {
    const old = await disputed(100, winning);
    await disputes.submit(old.id, {}, program.as);
    await api.running.clock.advance({ hours: 1 });
    const young = await disputed(200, open);
    const ids = async (params: Stripe.Issuing.DisputeListParams): Promise<string[]> =>
      (await disputes.list(params, program.as)).data.map(({ id }) => id);

    expect(await ids({})).to.deep.equal([young.id, old.id]);
    expect(await ids({ limit: 1, starting_after: young.id })).to.deep.equal([old.id]);
    expect(await ids({ status: "won" })).to.deep.equal([old.id]);
    expect(await ids({ status: "lost" })).to.deep.equal([]);
    expect(await ids({ transaction: String(young.transaction) })).to.deep.equal([young.id]);
    expect(await ids({ created: { gt: old.created } })).to.deep.equal([young.id]);
  });
});
