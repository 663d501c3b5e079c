import { expect } from "chai";
import { type ApiUnderTest, openApiUnderTest } from "../../support/api.ts";
import { expectSoundBooks, issuingLedger } from "../../support/card-program.ts";
import {
  type DisputedProgram,
  type Evidence,
  losing,
  openDisputedProgram,
  undecided,
  winning,
} from "../../support/disputed-program.ts";

const submission = ["issuing_dispute.updated", "issuing_dispute.submitted", "issuing_dispute.funds_reinstated"];
const credit = "issuing_dispute_provisional_credit";
const reversal = "issuing_dispute_provisional_credit_reversal";

describe("resources/issuing/provisional credit", () => {
  let api: ApiUnderTest;
  let program: DisputedProgram;

  before(async () => {
    api = await openApiUnderTest();
  });

  after(() => api.running.close());

  beforeEach(async () => {
    program = await openDisputedProgram(api);
    const body = new TextEncoder().encode(JSON.stringify({ account: program.account.id, provisional_credit: true }));
    const headers = { "content-type": "application/json" };
    expect((await api.send("/_admin/issuing_settings", { method: "POST", headers, body })).body).to.include({
      provisional_credit: true,
    });
  });

  afterEach(() => expectSoundBooks(api, program));

  async function submitted(amount: number, evidence: Evidence): Promise<string> {
    const { id } = await program.disputed(amount, evidence);
    await api.stripe.issuing.disputes.submit(id, {}, program.as);
    return id;
  }

  async function movedBy(id: string): Promise<unknown[]> {
    const dispute = await api.stripe.issuing.disputes.retrieve(id, { expand: ["balance_transactions"] }, program.as);
    return [dispute.status, ...(dispute.balance_transactions ?? []).map(({ type, amount }) => `${type} ${amount}`)];
  }

  it("lends what is disputed from the submission on, until the network has answered", async () => {
    const before = await issuingLedger(api, program);
    const id = await submitted(1_250, undecided);

    expect(await movedBy(id)).to.deep.equal(["submitted", `${credit} 1250`]);
    // The capture has taken what the credit gives.
    expect((await issuingLedger(api, program)).available).to.equal(before.available);
    expect(await program.told()).to.deep.equal(["issuing_dispute.created", ...submission]);
  });

  it("leaves what was lent where the dispute is won, and gives nothing twice", async () => {
    const id = await submitted(1_250, winning);

    expect(await movedBy(id)).to.deep.equal(["won", `${credit} 1250`]);
    expect((await program.told()).slice(4)).to.deep.equal(["issuing_dispute.updated", "issuing_dispute.closed"]);
  });

  it("takes back what was lent where the dispute is lost", async () => {
    const id = await submitted(1_250, losing);

    expect(await movedBy(id)).to.deep.equal(["lost", `${credit} 1250`, `${reversal} -1250`]);
    expect((await program.told()).slice(4)).to.deep.equal([
      "issuing_dispute.updated",
      "issuing_dispute.closed",
      "issuing_dispute.funds_rescinded",
    ]);
  });

  it("asks every day for what the balance does not have, until it has it", async () => {
    await program.captured(100_000);
    const id = await submitted(1_250, losing);
    const owed = await movedBy(id);
    await api.running.clock.advance({ days: 3 });
    const stillOwed = await movedBy(id);
    const topup = { amount: 5_000, currency: "usd", destination_balance: "issuing" };
    await api.stripe.topups.create(topup, program.as);
    await api.running.clock.advance({ days: 1 });

    expect(owed).to.deep.equal(["lost", `${credit} 1250`]);
    expect(stillOwed).to.deep.equal(owed);
    expect(await movedBy(id)).to.deep.equal(["lost", `${credit} 1250`, `${reversal} -1250`]);
    expect((await program.told()).slice(4)).to.deep.equal([
      "issuing_dispute.updated",
      "issuing_dispute.closed",
      "issuing_dispute.updated",
      "issuing_dispute.funds_rescinded",
    ]);
    await api.running.clock.advance({ days: 2 });
    expect(await movedBy(id)).to.have.length(3);
  });
});
