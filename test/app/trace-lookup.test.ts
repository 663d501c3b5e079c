import { expect } from "chai";
import { recentAuthorizations } from "../../src/app/trace-lookup.ts";
import { type TestEngine, openTestEngine } from "../support/engine.ts";
import { adviceOf, advise, financialOf, post } from "../support/every-flow.ts";
import { authorize, purchase, smallProgram } from "../support/small-program.ts";

describe("app/trace-lookup", () => {
  let test: TestEngine;

  beforeEach(async () => {
    test = (await openTestEngine()) ?? expect.fail("the functions do not load");
  });

  afterEach(() => test.close());

  it("lists a stand-in advice and a single message among the authorizations, each in its own word", async () => {
    const { pan } = await smallProgram(test);
    await authorize(test, purchase(test, pan, 5_00n, { wallNowMs: 1_000 }));
    await advise(test, adviceOf(purchase(test, pan, 6_00n, { wallNowMs: 2_000 })));
    await post(test, financialOf(purchase(test, pan, 7_00n, { wallNowMs: 3_000 })));

    const listed = await recentAuthorizations({ access: test.access, engine: test.engine }, 10);

    const words = listed.map((row) => ("outcome" in row && "status" in row ? [row.outcome, row.status] : []));
    expect(words).to.deep.equal([
      ["posted", "closed"],
      ["held", "pending"],
      ["approved", "pending"],
    ]);
  });
});
