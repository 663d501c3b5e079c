import { expect } from "chai";
import { minor } from "../../src/kernel/money.ts";
import type { Pan } from "../../src/kernel/pan.ts";
import { noControls } from "../../src/ledger/limits.ts";
import { setPartialApprovals } from "../../src/resources/accounts/accounts.ts";
import { type TestEngine, openTestEngine } from "../support/engine.ts";
import { authorize, purchase, smallProgram } from "../support/small-program.ts";

describe("authorizer/bill", () => {
  let test: TestEngine;

  before(async () => {
    const opened = await openTestEngine();
    if (opened === null) throw new Error("the functions do not load");
    test = opened;
  });

  after(() => test.close());

  it("approves a part only where message and account take one, and never less than the cashback", async () => {
    const { account, pan } = await smallProgram(test, 40_00n);
    const takes = { allowsPartial: true };

    expect(await authorize(test, purchase(test, pan, 60_00n, takes))).to.include({ check: "insufficient_funds" });
    await setPartialApprovals(test.access.program, account, true);
    expect(await authorize(test, purchase(test, pan, 60_00n))).to.include({ check: "insufficient_funds" });
    const cash = { ...takes, cashbackAmount: minor(40_01) };
    expect(await authorize(test, purchase(test, pan, 60_00n, cash))).to.include({ check: "insufficient_funds" });
    const part = await authorize(test, purchase(test, pan, 60_00n, { ...takes, cashbackAmount: minor(40_00) }));
    expect(part).to.include({ outcome: "partial", approvedAmount: minor(40_00), cardAmount: minor(60_00) });
    expect(await authorize(test, purchase(test, pan, 1n, takes))).to.include({ check: "insufficient_funds" });
  });

  it("measures the cashback of a foreign purchase in the currency of the card, rounded up", async () => {
    const { account, pan } = await smallProgram(test, 33_34n);
    await setPartialApprovals(test.access.program, account, true);
    const foreign = {
      transactionCurrency: 978,
      billingAmount: minor(100_00),
      billingCurrency: 840,
      allowsPartial: true,
    };
    const asking = (cashback: bigint) => purchase(test, pan, 90_00n, { ...foreign, cashbackAmount: minor(cashback) });

    // 30.01 of 90.00 is 33.344 of 100.00, and 30.00 of it is 33.333.
    expect(await authorize(test, asking(30_01n))).to.include({ check: "insufficient_funds" });
    expect(await authorize(test, asking(30_00n))).to.include({ outcome: "partial", approvedAmount: minor(33_34) });
  });

  it("declines for funds what would be a part of which nothing is left in the currency of the purchase", async () => {
    const { account, pan } = await smallProgram(test, 1n);
    await setPartialApprovals(test.access.program, account, true);
    const billed = { billingCurrency: 840, allowsPartial: true };
    const pounds = { ...billed, transactionCurrency: 826, billingAmount: minor(1_27) };
    const yen = { ...billed, transactionCurrency: 392, billingAmount: minor(65) };

    // A cent of 1.27 is 0.78 of a penny of 1.00, and of 0.65 it is 1.5 of 100 yen.
    expect(await authorize(test, purchase(test, pan, 1_00n, pounds))).to.include({ check: "insufficient_funds" });
    expect(await authorize(test, purchase(test, pan, 0n, pounds))).to.include({ check: "insufficient_funds" });
    const part = await authorize(test, purchase(test, pan, 100n, yen));
    expect(part).to.include({ outcome: "partial", approvedAmount: minor(1) });
  });

  it("unlocks a pump for 100, for what a limit per authorization allows, and not for less than 1", async () => {
    const pump = { purpose: "fuel", mcc: "5542" } as const;
    const limited = (amount: number) => {
      const limit = { amount, interval: "per_authorization", categories: null } as const;
      return smallProgram(test, 900_00n, { controls: { ...noControls, spending_limits: [limit] } });
    };
    const unlock = async ({ pan }: { pan: Pan }) => authorize(test, purchase(test, pan, 1_00n, pump));

    expect(await unlock(await smallProgram(test, 900_00n))).to.include({ approvedAmount: minor(100_00) });
    expect(await unlock(await limited(75_00))).to.include({ outcome: "approved", approvedAmount: minor(75_00) });
    expect(await unlock(await limited(1_00))).to.include({ outcome: "approved", approvedAmount: minor(1_00) });
    expect(await unlock(await limited(99))).to.include({ outcome: "declined", check: "limit" });
  });

  it("asks neither limits nor funds about what moves no money, but every other control", async () => {
    const blocked = { ...noControls, blocked_categories: ["betting_casino_gambling"] };
    const { pan } = await smallProgram(test, 0n, { controls: blocked });
    const asking = (purpose: "verification" | "inquiry" | "refund", mcc: string) =>
      authorize(test, purchase(test, pan, 90_000_00n, { purpose, mcc }));

    for (const purpose of ["verification", "inquiry"] as const) {
      expect(await asking(purpose, "5411")).to.include({ outcome: "approved", approvedAmount: minor(0) });
      expect(await asking(purpose, "7995")).to.include({ outcome: "declined", check: "category" });
    }
    expect(await asking("refund", "7995")).to.include({ outcome: "approved", approvedAmount: minor(0) });
  });
});
