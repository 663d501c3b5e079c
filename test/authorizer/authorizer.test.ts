import { expect } from "chai";
import { minor } from "../../src/kernel/money.ts";
import { type TestEngine, openTestEngine } from "../support/engine.ts";
import { authorize, purchase, reversalOf, reverse, smallProgram } from "../support/small-program.ts";

describe("authorizer", () => {
  let test: TestEngine;

  before(async () => {
    const opened = await openTestEngine();
    if (opened === null) throw new Error("the functions do not load");
    test = opened;
  });

  after(() => test.close());

  it("approves a purchase once, and gives its repeat the first answer", async () => {
    const { pan } = await smallProgram(test);
    const request = purchase(test, pan, 25_00n);

    const first = await authorize(test, request);
    const second = await authorize(test, request);

    expect(first).to.include({ outcome: "approved", approvedAmount: minor(2500), isDuplicate: false });
    expect(second).to.deep.equal({ ...first, isDuplicate: true });
  });

  it("answers 94 without effect where the key comes again with another amount", async () => {
    const { pan } = await smallProgram(test, 30_00n);
    const request = purchase(test, pan, 10_00n);
    await authorize(test, request);

    const conflict = await authorize(test, { ...request, transactionAmount: minor(11_00) });
    const rest = await authorize(test, purchase(test, pan, 20_00n));

    expect(conflict.outcome).to.equal("conflict");
    expect(rest.outcome).to.equal("approved");
  });

  it("declines for funds to the last cent, and for the default limit of 500 a day", async () => {
    const poor = await smallProgram(test, 10_00n);
    const rich = await smallProgram(test, 9_000_00n);

    expect(await authorize(test, purchase(test, poor.pan, 10_01n))).to.include({ check: "insufficient_funds" });
    expect(await authorize(test, purchase(test, poor.pan, 10_00n))).to.include({ outcome: "approved" });
    expect(await authorize(test, purchase(test, rich.pan, 500_00n))).to.include({ outcome: "approved" });
    expect(await authorize(test, purchase(test, rich.pan, 1n))).to.include({ outcome: "declined", check: "limit" });
  });

  it("knows no card of an unknown PAN", async () => {
    const { pan } = await smallProgram(test);
    const other = `${pan.slice(0, 8)}99999999` as typeof pan;

    expect(await authorize(test, purchase(test, other, 1n))).to.deep.equal({ outcome: "unknown_pan" });
    expect(await reverse(test, reversalOf(purchase(test, other, 1n)))).to.include({ outcome: "unknown_pan" });
  });

  it("releases a hold in full, gives the limit back, and repeats the answer of the reversal", async () => {
    const { pan } = await smallProgram(test, 900_00n);
    const request = purchase(test, pan, 500_00n);
    await authorize(test, request);

    const released = await reverse(test, reversalOf(request));
    const again = await reverse(test, reversalOf(request));
    const next = await authorize(test, purchase(test, pan, 500_00n));

    expect(released).to.include({ outcome: "released", releasedAmount: minor(500_00), isDuplicate: false });
    expect(again).to.deep.equal({ ...released, isDuplicate: true });
    expect(next.outcome).to.equal("approved");
  });

  it("lowers a hold to an amount in the currency of the purchase, at the rate at which the purchase was converted", async () => {
    const { pan } = await smallProgram(test, 110_00n);
    const euros = purchase(test, pan, 100_00n, { transactionCurrency: 978 });
    await authorize(test, euros);

    const lowered = await reverse(
      test,
      reversalOf(euros, { replacementAmount: minor(40_00), replacementCurrency: 978 }),
    );

    expect(lowered).to.include({ outcome: "lowered", releasedAmount: minor(66_00) });
  });

  it("takes the transaction's own part where the billing part is not in the card's currency", async () => {
    const { pan } = await smallProgram(test, 100_00n);
    const request = purchase(test, pan, 100_00n);
    await authorize(test, request);

    const billed = { replacementAmount: minor(25_20), replacementCurrency: 978, transactionReplacement: minor(40_00) };
    const lowered = await reverse(test, reversalOf(request, billed));

    expect(lowered).to.include({ outcome: "lowered", releasedAmount: minor(60_00) });
  });

  it("moves nothing for an amount in a currency without a rate, and leaves an exception", async () => {
    const { pan } = await smallProgram(test, 100_00n);
    const request = purchase(test, pan, 100_00n);
    await authorize(test, request);

    const roubles = { replacementAmount: minor(1_00), replacementCurrency: 643 };
    const refused = await reverse(test, reversalOf(request, roubles));

    expect(refused).to.include({ outcome: "exception", releasedAmount: minor(0) });
  });

  it("lets a reversal that overtakes its original keep the original from holding anything", async () => {
    const { pan } = await smallProgram(test, 100_00n);
    const request = purchase(test, pan, 60_00n);

    const early = await reverse(test, reversalOf(request, { isAdvice: true }));
    const original = await authorize(test, request);
    const repeat = await authorize(test, request);
    const all = await authorize(test, purchase(test, pan, 100_00n));

    expect(early.outcome).to.equal("tombstone");
    expect(original.outcome).to.equal("reversed_before");
    expect(repeat).to.include({ outcome: "reversed_before", isDuplicate: true });
    expect(all.outcome).to.equal("approved");
  });

  it("does not decide after the deadline", async () => {
    const { pan } = await smallProgram(test);

    const late = await authorize(test, purchase(test, pan, 1n, { deadlineMs: test.clock.wallNow() - 1 }));

    expect(late.outcome).to.be.oneOf(["expired_deadline", "refused"]);
  });
});
