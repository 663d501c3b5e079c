import { expect } from "chai";
import { endOverdueQuestions } from "../../src/app/due-questions.ts";
import { Questions } from "../../src/app/questions.ts";
import type { AuthorizationDecision } from "../../src/authorizer/decision.ts";
import type { Clock } from "../../src/kernel/clock.ts";
import { AskedProgram, approvedInFull, inHaste } from "../support/asked-program.ts";
import { authorize, purchase } from "../support/small-program.ts";

describe("app/due-questions", () => {
  let asked: AskedProgram;

  afterEach(() => asked.test.close());

  function runIn(ms: number): Promise<number> {
    const { access, clock: now, engine } = asked.test;
    const clock: Clock = {
      wallNow: () => now.wallNow() + ms,
      businessNow: () => now.businessNow(),
      monotonicNow: () => now.monotonicNow(),
    };
    return endOverdueQuestions({ access, clock, engine });
  }

  for (const approves of [true, false]) {
    const verb = approves ? "approve" : "decline";
    it(`ends a question that nobody ends by the account's default, which is to ${verb}`, async () => {
      asked = await AskedProgram.open(approves);
      const waiting = authorizeInSilence();
      await untilAsked();

      expect(await runIn(10_000)).to.equal(1);

      expect((await waiting).outcome).to.equal(`${verb}d`);
    });
  }

  it("leaves a question alone whose time is not over, and one that has ended", async () => {
    asked = await AskedProgram.open(true);
    const waiting = authorizeInSilence();
    await untilAsked();

    expect(await runIn(500)).to.equal(0);
    expect(await runIn(10_000)).to.equal(1);
    await asked.test.access.caughtUp(0);
    expect(await runIn(10_000)).to.equal(0);
    expect((await waiting).outcome).to.equal("approved");
    expect(await asked.balance()).to.equal("96000 available, 4000 held");
  });

  it("asks the endpoint on the switch's behalf, and says where there is none", async () => {
    asked = await AskedProgram.open(false);
    const waiting = authorizeInSilence();
    await untilAsked();
    const place = asked.asked[0] ?? expect.fail("nobody was asked");
    const questions = new Questions();
    const log = { info: () => undefined, warn: () => undefined };
    const seen: string[] = [];

    expect(await questions.answer(place, 0)).to.equal(false);
    questions.serve({ books: () => asked.test, askEndpoint: async () => null, log });
    expect(await questions.answer(place, 0)).to.equal(false);
    questions.serve({
      books: () => asked.test,
      askEndpoint: async ({ cardAmount }, deadlineMs) => {
        seen.push(`${cardAmount} until ${deadlineMs}`);
        return approvedInFull;
      },
      log,
    });
    expect(await questions.answer(place, 7)).to.equal(true);
    expect(seen).to.deep.equal(["4000 until 7"]);
    expect((await waiting).outcome).to.equal("approved");
  });

  function authorizeInSilence(): Promise<AuthorizationDecision> {
    asked.says("silence");
    return authorize(asked.test, inHaste(purchase(asked.test, asked.program.pan, 40_00n)));
  }

  async function untilAsked(): Promise<void> {
    while (asked.asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await asked.test.access.caughtUp(0);
  }
});
