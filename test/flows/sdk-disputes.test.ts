import { expect } from "chai";
import type Stripe from "stripe";
import { must } from "../../src/kernel/assert.ts";
import { type ApiUnderTest, connectedAccount, openApiUnderTest } from "../support/api.ts";
import { expectSoundBooks, issuingLedger } from "../support/card-program.ts";
import { errorOf } from "../support/sdk-error.ts";
import { type Wire, type WireCard, openWire } from "../support/wire.ts";

describe("flows/the SDK disputes what came by the wire", () => {
  let api: ApiUnderTest;
  let wire: Wire;
  let card: WireCard;
  let as: { stripeAccount: string };

  before(async () => {
    api = await openApiUnderTest({ seed: "demo" });
    wire = await openWire("visa", api.running.visa.port);
    as = { stripeAccount: connectedAccount(api, "us") };
    card = must(api.running.demo?.cards.get("us-1"), "card us-1");
  });

  after(async () => {
    await wire.close();
    await api.running.close();
  });

  afterEach(() => expectSoundBooks(api, { as }));

  async function newest(): Promise<Stripe.Issuing.Transaction> {
    const { data } = await api.stripe.issuing.transactions.list({ type: "capture", limit: 1 }, as);
    return must(data[0], "a capture");
  }

  it("wins back what a 0200 has posted", async () => {
    await wire.station.post(wire.purchase(card, 7_00n), "us-1");
    const { id: transaction } = await newest();
    const before = await issuingLedger(api, { as });
    const evidence = { reason: "other", other: { explanation: "winning_evidence" } } as const;

    const { id } = await api.stripe.issuing.disputes.create({ transaction, evidence }, as);
    await api.stripe.issuing.disputes.submit(id, {}, as);

    expect(await api.stripe.issuing.disputes.retrieve(id, {}, as)).to.include({ amount: 700, status: "won" });
    expect((await issuingLedger(api, { as })).available - before.available).to.equal(700);
  });

  it("disputes neither what a 0400 has posted back, nor a posting that it has undone", async () => {
    const purchase = wire.purchase(card, 5_00n);
    await wire.station.post(purchase, "us-1");
    const { id: transaction } = await newest();
    const early = await api.stripe.issuing.disputes.create({ transaction, evidence: { reason: "other" } }, as);
    const undone = { of: "0200", cause: "customer", replacement: null, authorizationCode: null } as const;
    await wire.station.reverse({ purchase, stan: "900001", ...undone }, "0400");
    const { data } = await api.stripe.issuing.transactions.list({ type: "refund", limit: 1 }, as);

    const ofReversal = await errorOf(api.stripe.issuing.disputes.create({ transaction: data[0]?.id ?? "" }, as));
    const ofUndone = await errorOf(api.stripe.issuing.disputes.create({ transaction }, as));
    const evidence = { reason: "other", other: { explanation: "winning_evidence" } } as const;
    const edited = await errorOf(api.stripe.issuing.disputes.update(early.id, { evidence }, as));
    const submitted = await errorOf(api.stripe.issuing.disputes.submit(early.id, {}, as));

    for (const error of [ofReversal, ofUndone]) expect(error).to.include({ statusCode: 400, param: "transaction" });
    for (const error of [edited, submitted]) expect(error).to.include({ statusCode: 400, param: "id" });
  });
});
