import { expect } from "chai";
import { type ExceptionView, recentExceptions } from "../../src/app/exception-list.ts";
import { minor } from "../../src/kernel/money.ts";
import { wirePan } from "../../src/kernel/pan.ts";
import { exceptionCauses } from "../../src/ledger/exceptions.ts";
import { type TestEngine, openTestEngine } from "../support/engine.ts";
import { everyFlow, financialOf, post } from "../support/every-flow.ts";
import { type SmallProgram, authorize, purchase, reversalOf, reverse, smallProgram } from "../support/small-program.ts";

describe("app/exception-list", () => {
  let test: TestEngine;
  let program: SmallProgram;

  beforeEach(async () => {
    test = (await openTestEngine()) ?? expect.fail("the functions do not load");
    program = await smallProgram(test, 1_000_00n);
  });

  afterEach(() => test.close());

  function listed(rowsMax = 50): Promise<ExceptionView[]> {
    return recentExceptions({ access: test.access, engine: test.engine }, rowsMax);
  }

  it("lists every message of every flow that somebody has to look at, newest first, and no other", async () => {
    await everyFlow(test, program);

    const causes = (await listed()).map(({ cause }) => cause);

    expect(causes).to.deep.equal([
      "force_post_after_close",
      "declined_financial_advice",
      "financial_advice_without_amount",
      "force_post_without_authorization",
      "reversal_after_capture",
      "capture_of_more_than_held",
      "reversal_after_capture",
      "unknown_pan",
    ]);
    expect((await listed(2)).map(({ cause }) => cause)).to.deep.equal(causes.slice(0, 2));
    for (const { cause, meaning } of await listed())
      expect(Object.entries(exceptionCauses)).to.deep.include([cause, meaning]);
  });

  it("tells what the message was and which hold it concerns", async () => {
    const held = purchase(test, program.pan, 20_00n);
    const decision = await authorize(test, held);
    const more = reversalOf(held, { stan: "770001", replacementAmount: minor(20_01) });
    await reverse(test, more);

    const [found] = await listed();

    const no = "journalNo" in decision ? decision.journalNo : 0;
    expect(found).to.include({
      cause: "reversal_of_more_than_remains",
      stan: "770001",
      rrn: held.rrn,
      network: "generic",
    });
    expect(found).to.include({ concerns: `0/${no}`, amount: 20_00, currency: 840, pan: null });
    expect(found?.card).to.equal(test.engine.ids.encode("ic", program.card));
  });

  it("shows the card of an exception that is not ours by its first six and last four digits", async () => {
    const stranger = purchase(test, program.pan, 5_00n);
    const pan = wirePan("4000010000000002");
    await post(test, financialOf({ ...stranger, pan }, { isAdvice: true }));

    const [found] = await listed();

    expect(found).to.include({ cause: "unknown_pan", card: null, stan: stranger.stan, amount: 5_00, currency: 840 });
    expect(found?.pan).to.match(/^\d{6}\*+\d{4}$/);
  });
});
