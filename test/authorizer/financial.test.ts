import { expect } from "chai";
import { minor } from "../../src/kernel/money.ts";
import { type TestEngine, openTestEngine } from "../support/engine.ts";
import { authorize, financialOf, post, purchase, reversalOf, reverse, smallProgram } from "../support/small-program.ts";

describe("authorizer/financial", () => {
  let test: TestEngine;

  before(async () => {
    const opened = await openTestEngine();
    if (opened === null) throw new Error("the functions do not load");
    test = opened;
  });

  after(() => test.close());

  it("posts a 0200 at once, tells its repeat the same, and posts it back down to DE95", async () => {
    const { pan } = await smallProgram(test, 100_00n);
    const request = financialOf(purchase(test, pan, 60_00n));

    const posted = await post(test, request);
    const repeated = await post(test, request);
    const original = { stan: request.stan, function: "financial" } as const;
    const reposted = await reverse(test, reversalOf(request, { original, replacementAmount: minor(10_00) }));

    expect(posted).to.include({ outcome: "posted", approvedAmount: minor(60_00), cardAmount: minor(60_00) });
    expect(repeated).to.deep.equal({ ...posted, isDuplicate: true });
    expect(reposted).to.include({ outcome: "reposted", releasedAmount: minor(50_00) });
    expect(await authorize(test, purchase(test, pan, 90_01n))).to.include({ check: "insufficient_funds" });
    expect(await authorize(test, purchase(test, pan, 90_00n))).to.include({ outcome: "approved" });
  });

  it("captures with a 0220 the hold of its 0100, and does not post a second time what a 0200 has posted", async () => {
    const { pan } = await smallProgram(test, 100_00n);
    const first = purchase(test, pan, 60_00n);
    await authorize(test, first);
    const single = purchase(test, pan, 30_00n);
    await post(test, financialOf(single));

    const captured = await post(test, financialOf(first, { isAdvice: true, transactionAmount: minor(55_00) }));
    const duplicate = await post(test, financialOf(single, { isAdvice: true }));
    const forced = await post(test, financialOf(purchase(test, pan, 40_00n), { isAdvice: true }));

    expect(captured).to.include({ outcome: "captured_hold", approvedAmount: minor(55_00) });
    expect(duplicate).to.include({ outcome: "duplicate" });
    expect(forced).to.include({ outcome: "force_posted", approvedAmount: minor(40_00) });
    const asked = purchase(test, pan, 0n, { purpose: "inquiry" });
    expect(await authorize(test, asked)).to.include({ availableAmount: minor(-25_00), ledgerAmount: minor(-25_00) });
  });

  it("credits a refund without asking the controls, and declines it where the card is not valid", async () => {
    const { pan } = await smallProgram(test, 0n);
    const { pan: other } = await smallProgram(test, 0n, { status: "inactive" });

    const refund = (of: typeof pan) => financialOf(purchase(test, of, 20_000_00n, { purpose: "refund" }));
    expect(await post(test, refund(pan))).to.include({ outcome: "posted", approvedAmount: minor(20_000_00) });
    expect(await post(test, refund(other))).to.include({ outcome: "declined", check: "card_inactive" });
    expect(await authorize(test, purchase(test, pan, 500_00n))).to.include({ outcome: "approved" });
  });

  it("answers an unknown PAN 14 without an exception, a message in a currency without a rate 12", async () => {
    const { pan } = await smallProgram(test);
    const unknown = purchase(test, `${pan.slice(0, 8)}99999999` as typeof pan, 1n);

    expect(await post(test, financialOf(unknown))).to.deep.equal({ outcome: "unknown_pan" });
    const foreign = financialOf(purchase(test, pan, 1n, { transactionCurrency: 504 }));
    expect(await post(test, foreign)).to.deep.equal({ outcome: "unsupported_currency" });
  });
});
