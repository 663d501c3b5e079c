import { expect } from "chai";
import { minor } from "../../src/kernel/money.ts";
import { type TestEngine, openTestEngine } from "../support/engine.ts";
import {
  adviceOf,
  advise,
  authorize,
  financialOf,
  post,
  purchase,
  reversalOf,
  reverse,
  smallProgram,
} from "../support/small-program.ts";

const chained = { network: "visa", networkChain: "309876543210987" } as const;

describe("authorizer/advice", () => {
  let test: TestEngine;

  before(async () => {
    const opened = await openTestEngine();
    if (opened === null) throw new Error("the functions do not load");
    test = opened;
  });

  after(() => test.close());

  it("holds what the network approved in our place, past funds and limits, and answers the late 0100 with it", async () => {
    const { pan } = await smallProgram(test, 10_00n);
    const late = purchase(test, pan, 900_00n);

    const held = await advise(test, adviceOf(late, { stan: "900001", originalStan: late.stan }));
    const answer = await authorize(test, late);

    expect(held).to.include({ outcome: "held", amount: minor(900_00), isDuplicate: false });
    expect(answer).to.include({ outcome: "approved", approvedAmount: minor(900_00), isDuplicate: true });
  });

  it("finds the limits of the hold that it adds to, whatever category the advice has", async () => {
    const { pan } = await smallProgram(test, 900_00n);
    const first = purchase(test, pan, 100_00n, chained);
    await authorize(test, first);

    const added = await advise(
      test,
      adviceOf(purchase(test, pan, 20_00n, chained), { purpose: "increment", mcc: "7011" }),
    );
    const released = await reverse(test, reversalOf(first, { mcc: null }));

    expect(added).to.include({ outcome: "added", amount: minor(20_00) });
    expect(released).to.include({ outcome: "released", releasedAmount: minor(120_00) });
    const rest = await authorize(test, purchase(test, pan, 500_00n));
    expect(rest.outcome).to.equal("approved");
  });

  it("adds an increment to the hold of its chain, and decides it anew after the chain was closed", async () => {
    const { pan } = await smallProgram(test, 900_00n);
    const network = { network: "visa", networkChain: "309876543210111" } as const;
    const first = purchase(test, pan, 100_00n, network);
    await authorize(test, first);
    const increment = purchase(test, pan, 30_00n, { ...network, purpose: "increment", mcc: "7011" });

    expect(await authorize(test, increment)).to.include({ outcome: "approved", approvedAmount: minor(30_00) });
    expect(await reverse(test, reversalOf(first))).to.include({ releasedAmount: minor(130_00) });
    const fresh = purchase(test, pan, 30_00n, { ...network, purpose: "increment", mcc: "7011" });
    expect(await authorize(test, fresh)).to.include({ outcome: "approved", approvedAmount: minor(30_00) });
    expect(await reverse(test, reversalOf(fresh))).to.include({ releasedAmount: minor(30_00) });
  });

  it("files what nobody can be billed for as an exception, once, and never refuses it", async () => {
    const { pan } = await smallProgram(test);
    const unknown = adviceOf(purchase(test, `${pan.slice(0, 8)}99999999` as typeof pan, 1_00n));
    const foreign = adviceOf(purchase(test, pan, 1_00n, { transactionCurrency: 504 }));
    const single = financialOf(purchase(test, pan, 1_00n, { transactionCurrency: 504 }), { isAdvice: true });

    for (const isDuplicate of [false, true]) {
      expect(await advise(test, unknown)).to.include({ outcome: "unknown_pan", isDuplicate });
      expect(await advise(test, foreign)).to.include({ outcome: "unsupported_currency", isDuplicate });
      expect(await post(test, single)).to.include({ outcome: "unsupported_currency", isDuplicate });
    }
  });
});
