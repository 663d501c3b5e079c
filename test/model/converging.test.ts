import { expect } from "chai";
import { minor } from "../../src/kernel/money.ts";
import { seededRandom } from "../../src/kernel/random.ts";
import type { AuthorizationRequest } from "../../src/authorizer/request.ts";
import { RealSubjects } from "../support/real-subject.ts";
import { accountOfItsOwn, advised, authorized, ledgerOf, posted, purchase, reversalOf } from "./converging-messages.ts";
import { newModel } from "./equality.ts";
import { newPan } from "./first-program.ts";
import type { MessageOperation, Operation } from "./operations.ts";
import { permutations } from "./permutations.ts";
import { runSideBySide } from "./run.ts";

const random = seededRandom(15);

type Messages = (pan: AuthorizationRequest["pan"]) => readonly MessageOperation[];

/** All messages of one chain that come twice or in any order (semantics: Converging). */
const sets: Readonly<Record<string, Messages>> = {
  "0100, 0101, 0120, 0420 and 0421": (pan) => {
    const reversal = { kind: "reverse", request: reversalOf(purchase(pan), "authorization") } as const;
    return [authorized(purchase(pan)), authorized(purchase(pan)), advised(purchase(pan)), reversal, reversal];
  },
  "0100, increment and the increment's full reversal": (pan) => {
    const increment = {
      ...purchase(pan),
      purpose: "increment",
      stan: "000002",
      transactionAmount: minor(2_500n),
    } as const;
    const reversal = { kind: "reverse", request: reversalOf(increment, "authorization") } as const;
    return [authorized(purchase(pan)), authorized(increment), reversal];
  },
  "0200, 0201, 0220 and 0420": (pan) => {
    const reversal = { kind: "reverse", request: reversalOf(purchase(pan), "financial") } as const;
    return [posted(purchase(pan), false), posted(purchase(pan), false), posted(purchase(pan), true), reversal];
  },
  "0100, 0101, 0120, 0420 and 0421 where we decline": (pan) => {
    const tooMuch = { ...purchase(pan), transactionAmount: minor(60_000n) };
    const reversal = { kind: "reverse", request: reversalOf(tooMuch, "authorization") } as const;
    return [authorized(tooMuch), authorized(tooMuch), advised(tooMuch), reversal, reversal];
  },
  "0200, 0201, 0220 and 0420 where we decline": (pan) => {
    const tooMuch = { ...purchase(pan), transactionAmount: minor(60_000n) };
    const reversal = { kind: "reverse", request: reversalOf(tooMuch, "financial") } as const;
    return [posted(tooMuch, false), posted(tooMuch, false), posted(tooMuch, true), reversal];
  },
  "0100, 0220 and a 0420 that names the 0100": (pan) => {
    const reversal = { kind: "reverse", request: reversalOf(purchase(pan), "authorization") } as const;
    return [authorized(purchase(pan)), posted(purchase(pan), true), reversal];
  },
  "0100, 0220 and a 0420 that names the 0100 where we decline": (pan) => {
    const tooMuch = { ...purchase(pan), transactionAmount: minor(60_000n) };
    const reversal = { kind: "reverse", request: reversalOf(tooMuch, "authorization") } as const;
    return [authorized(tooMuch), posted(tooMuch, true), reversal];
  },
  "a pump's 0100, its stand-in 0120 and the completion": (pan) => {
    const question = { ...purchase(pan), purpose: "fuel", mcc: "5542", transactionAmount: minor(100n) } as const;
    const pumped = { purpose: "purchase", stan: "000002", transactionAmount: minor(4_321n) } as const;
    const completion = { ...question, ...pumped, isApproved: true, originalStan: question.stan };
    return [authorized(question), advised(question), { kind: "advise", request: completion }];
  },
  "0100, 0220 and 0221": (pan) => [authorized(purchase(pan)), posted(purchase(pan), true), posted(purchase(pan), true)],
};

describe("model/converging", () => {
  for (const [name, messages] of Object.entries(sets)) {
    it(`leaves one ledger behind whatever the order of ${name}, in the authorizer as in the model`, async function () {
      this.timeout(60_000);
      const subjects = new RealSubjects();
      const subject = await subjects.create(null);
      if (subject === null) expect.fail("the functions were not loaded");
      const model = newModel();
      const orders = permutations(messages(newPan(random, "A", "visa")));
      const operations = orders.flatMap((order, no) => inAnAccountOfItsOwn(order, no));

      const next = (): Operation | null => operations.shift() ?? null;
      const mismatch = await runSideBySide({ model, subject, next, compareEvery: operations.length + 1 });
      await subject.close();
      await subjects.close();

      expect(mismatch, mismatch?.what).to.equal(null);
      const ledgers = new Set(orders.map((_, no) => ledgerOf(model, no)));
      expect(ledgers.size, [...ledgers].join("; ")).to.equal(1);
    });
  }
});

function inAnAccountOfItsOwn(order: readonly MessageOperation[], no: number): Operation[] {
  const pan = newPan(random, "A", "visa");
  return [...accountOfItsOwn(no, pan), ...order.map((operation): Operation => withPan(operation, pan))];
}

function withPan<O extends MessageOperation>(operation: O, pan: AuthorizationRequest["pan"]): O {
  return { ...operation, request: { ...operation.request, pan } };
}
