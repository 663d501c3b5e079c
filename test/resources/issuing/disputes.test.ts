import { expect } from "chai";
import type Stripe from "stripe";
import { must } from "../../../src/kernel/assert.ts";
import type { Place } from "../../../src/kernel/ids.ts";
import { type DisputeBody, letHappen } from "../../../src/resources/issuing/disputes.ts";
import { changePlainObject } from "../../../src/resources/plain-objects.ts";
import { type ApiUnderTest, openApiUnderTest } from "../../support/api.ts";
import { expectSoundBooks, issuingLedger } from "../../support/card-program.ts";
import {
  type DisputedProgram,
  type Evidence,
  openDisputedProgram,
  winning,
  disputedId,
  losing,
  undecided,
} from "../../support/disputed-program.ts";
import { errorOf } from "../../support/sdk-error.ts";

describe("resources/issuing/disputes", () => {
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

  it("opens a dispute about the whole of a capture, which names it from then on", async () => {
    const transaction = await program.captured(1_250);
    const dispute = await disputes.create({ transaction, metadata: { case: "7" }, evidence: undecided }, program.as);

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
    expect(await program.told()).to.deep.equal(["issuing_dispute.created"]);
  });

  it("gives back what is won in a balance transaction of its own", async () => {
    const { id, amount } = await program.disputed(1_250, winning);
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
    expect(await program.told()).to.deep.equal([
      "issuing_dispute.created",
      "issuing_dispute.updated",
      "issuing_dispute.submitted",
      "issuing_dispute.updated",
      "issuing_dispute.funds_reinstated",
      "issuing_dispute.closed",
    ]);
  });

  it("moves nothing for what is lost, and says why it is", async () => {
    const { id } = await program.disputed(1_250, losing);
    const before = await issuingLedger(api, program);
    await disputes.submit(id, {}, program.as);

    const lost = await disputes.retrieve(id, { expand: ["balance_transactions"] }, program.as);

    expect(lost).to.deep.include({
      status: "lost",
      loss_reason: "merchandise_delivered_or_shipped",
      balance_transactions: [],
    });
    expect(await issuingLedger(api, program)).to.deep.equal(before);
    expect((await program.told()).slice(-2)).to.deep.equal(["issuing_dispute.updated", "issuing_dispute.closed"]);
  });

  it("leaves to the network what no test explanation decides", async () => {
    const { id } = await program.disputed(900, undecided);
    await disputes.submit(id, {}, program.as);
    await api.running.clock.advance({ days: 111 });

    expect(await disputes.retrieve(id, {}, program.as)).to.include({ status: "submitted" });
    const due = api.running.access.queries.history.dueObjects(Number.MAX_SAFE_INTEGER, 1_000);
    expect(due.map(({ place }) => api.running.access.idOf("idp", place))).not.to.include(id);
  });

  it("is answered once, however many see that it is due, where a crash came between submission and answer", async () => {
    const { id, amount } = await program.disputed(400, winning);
    const before = await issuingLedger(api, program);
    const { no, shard } = placeOf(id);
    const { access, clock } = api.running;
    const { account } = must(access.queries.object("dispute", { shard, no }), "the dispute is recorded");
    await changePlainObject<DisputeBody>(access.program, { shard, no: account }, { type: "dispute", no }, (body) => ({
      ...body,
      status: "submitted",
      due_ms: access.program.clock.businessNow(),
    }));

    await Promise.all(Array.from({ length: 4 }, () => letHappen(access.program, { shard, no })));
    await clock.advance({ minutes: 1 });

    expect(await disputes.retrieve(id, {}, program.as)).to.include({ status: "won" });
    expect((await issuingLedger(api, program)).available - before.available).to.equal(amount);
  });

  it("tells events as the dispute stood then, and what it was before", async () => {
    const { id } = await program.disputed(700, winning);
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
    const { id } = await program.disputed(500, undecided);
    const before = await issuingLedger(api, program);

    await api.running.clock.advance({ days: 109 });
    const early = await disputes.retrieve(id, {}, program.as);
    await api.running.clock.advance({ days: 1 });
    const late = await disputes.retrieve(id, {}, program.as);

    expect([early.status, late.status]).to.deep.equal(["unsubmitted", "expired"]);
    expect(await issuingLedger(api, program)).to.deep.equal(before);
    expect((await program.told()).slice(-2)).to.deep.equal(["issuing_dispute.updated", "issuing_dispute.closed"]);
  });

  it("walks every pair of status and event: only what is unsubmitted changes or is submitted, and nothing is decided twice", async () => {
    const ways: Record<string, () => Promise<string>> = {
      unsubmitted: async () => (await program.disputed(100, undecided)).id,
      submitted: async () => submittedOf(undecided),
      won: async () => submittedOf(winning),
      lost: async () => submittedOf(losing),
      expired: async () => {
        const { id } = await program.disputed(100, undecided);
        await api.running.clock.advance({ days: 110 });
        return id;
      },
    };
    const { access } = api.running;
    for (const [status, reach] of Object.entries(ways)) {
      const id = await reach();
      await letHappen(access.program, placeOf(id));
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

  function placeOf(id: string): Place {
    const shards = Array.from({ length: 4 }, (_, shard) => shard);
    const rows = shards.flatMap((shard) =>
      api.running.access.queries.objects("dispute", shard, { before: null, rowsMax: 100 }),
    );
    return must(
      rows.find(({ place }) => api.running.access.idOf("idp", place) === id),
      "the dispute is recorded",
    ).place;
  }

  async function submittedOf(evidence: Evidence): Promise<string> {
    const { id } = await program.disputed(100, evidence);
    await disputes.submit(id, {}, program.as);
    return id;
  }

  it("takes one dispute of a transaction, of many that come at once and of any that comes later", async () => {
    const transaction = await program.captured(800);
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
    const transaction = await program.captured(800);
    const make = { ...program.as, idempotencyKey: `make ${transaction}` };
    const first = await disputes.create({ transaction, evidence: winning }, make);
    const submit = { ...program.as, idempotencyKey: `submit ${transaction}` };
    const submitted = await disputes.submit(first.id, {}, submit);

    const again = await disputes.create({ transaction, evidence: winning }, make);
    const submittedAgain = await disputes.submit(first.id, {}, submit);

    expect([again.id, again.status, submittedAgain.status]).to.deep.equal([first.id, "unsubmitted", submitted.status]);
    expect((await issuingLedger(api, program)).rows.filter(([type]) => type === "issuing_dispute")).to.have.lengthOf(1);
  });

  it("lists an account's disputes, newest first, by status, transaction and time", async () => {
    const old = await program.disputed(100, winning);
    await disputes.submit(old.id, {}, program.as);
    await api.running.clock.advance({ hours: 1 });
    const young = await program.disputed(200, undecided);
    const ids = async (params: Stripe.Issuing.DisputeListParams): Promise<string[]> =>
      (await disputes.list(params, program.as)).data.map(({ id }) => id);

    expect(await ids({})).to.deep.equal([young.id, old.id]);
    expect(await ids({ limit: 1, starting_after: young.id })).to.deep.equal([old.id]);
    expect(await ids({ status: "won" })).to.deep.equal([old.id]);
    expect(await ids({ status: "lost" })).to.deep.equal([]);
    expect(await ids({ transaction: disputedId(young) })).to.deep.equal([young.id]);
    expect(await ids({ created: { gt: old.created } })).to.deep.equal([young.id]);
  });
});
