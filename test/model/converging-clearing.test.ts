import { expect } from "chai";
import { minor } from "../../src/kernel/money.ts";
import type { Pan } from "../../src/kernel/pan.ts";
import { seededRandom } from "../../src/kernel/random.ts";
import { keyOf } from "../../simulators/model/messages.ts";
import type { Model, SettlingOrder } from "../../simulators/model/model.ts";
import { RealSubjects } from "../support/real-subject.ts";
import { accountOfItsOwn, advised, authorized, ledgerOf, noon, purchase, reversalOf } from "./converging-messages.ts";
import { newModel } from "./equality.ts";
import { newPan } from "./first-program.ts";
import type { Operation } from "./operations.ts";
import { permutations } from "./permutations.ts";
import { runSideBySide } from "./run.ts";

const dayMs = 86_400_000;
const endMs = noon.wallNowMs + 8 * dayMs;
const end = { wallNowMs: endMs, businessNowMs: endMs };
const random = seededRandom(16);

interface Ground {
  readonly model: Model;
  readonly card: string;
  readonly pan: Pan;
}
type Step = (ground: Ground) => Operation;

const request: Step = ({ pan }) => authorized(purchase(pan));
const standIn: Step = ({ pan }) => advised(purchase(pan));
const reversal: Step = ({ pan }) => ({ kind: "reverse", request: reversalOf(purchase(pan), "authorization") });

const approval = { approvedAmount: minor(10_000n) };
const part = { approvedAmount: minor(4_000n) };
const refusal = { check: "webhook_declined" } as const;

/** What every order has to end in: the card was bought with once, or never. */
const sets: Readonly<Record<string, { steps: readonly Step[]; spent: bigint; asks?: true }>> = {
  "0100, 0101, clearing, the same clearing and 0420": {
    steps: [request, request, clearing("once", 10_000n), clearing("once", 10_000n), reversal],
    spent: 10_000n,
  },
  "0100, 0120, two clearings and 0420": {
    steps: [request, standIn, clearing("first", 4_000n, false), clearing("last", 8_000n), reversal],
    spent: 12_000n,
  },
  "0100, an endpoint that approves, clearing and 0420": {
    steps: [request, verdict(approval), clearing("once", 10_000n), reversal],
    spent: 10_000n,
    asks: true,
  },
  "0100, an endpoint that declines, clearing and 0420": {
    steps: [request, verdict(refusal), clearing("once", 10_000n), reversal],
    spent: 10_000n,
    asks: true,
  },
  "0100, 0101, an endpoint that approves a part, and 0420": {
    steps: [request, request, verdict(part), reversal],
    spent: 0n,
    asks: true,
  },
};

describe("model/converging clearing", () => {
  for (const [name, { steps, spent, asks }] of Object.entries(sets)) {
    it(`leaves one ledger behind whatever the order of ${name}, in the authorizer as in the model`, async function () {
      this.timeout(60_000);
      const subjects = new RealSubjects();
      const subject = await subjects.create(null);
      if (subject === null) expect.fail("the functions were not loaded");
      const model = newModel();
      const orders = permutations(steps);
      const operations = operationsOf(model, orders, asks ?? false);

      const next = (): Operation | null => operations.next().value ?? null;
      const mismatch = await runSideBySide({ model, subject, next, compareEvery: Number.MAX_SAFE_INTEGER });
      await subject.close();
      await subjects.close();

      expect(mismatch, mismatch?.what).to.equal(null);
      const ledgers = new Set(orders.map((_, no) => ledgerOf(model, no)));
      expect([...ledgers]).to.deep.equal([`${100_000n - spent} available, 0 held, open , spent ${spent}`]);
    });
  }
});

/** Each order in an account of its own, and then what time alone does to whatever still waits or is held. */
function* operationsOf(model: Model, orders: readonly Step[][], asks: boolean): Generator<Operation, null> {
  for (const [no, order] of orders.entries()) {
    const pan = newPan(random, "A", "visa");
    const card = `card-${no}`;
    yield* accountOfItsOwn(no, pan, asks);
    for (const step of order) yield step({ model, card, pan });
    for (const messageKey of model.waiting(card)) {
      yield { kind: "settle", chain: card, messageKey, verdict: { check: "webhook_timeout" }, ...end };
    }
    for (const { key } of model.dueHolds(card, endMs)) {
      yield { kind: "expire", chain: card, holdKey: key, asFuel: false, ...end };
    }
  }
  return null;
}

/** It names the authorization where that is known when it comes. */
function clearing(key: string, amount: bigint, isFinal = true): Step {
  return ({ model, card, pan }) => {
    const { mcc, ...message } = purchase(pan);
    const named = { key: keyOf(message, "authorization"), mcc };
    const authorization = model.holdOf(card, named.key) === null ? null : named;
    const what = { kind: "capture", amount: minor(amount), isFinal, mcc } as const;
    return {
      kind: "clear",
      clearing: { ...noon, ...what, card, key: `${card} ${key}`, fingerprint: key, authorization },
    };
  };
}

function verdict(said: SettlingOrder["verdict"]): Step {
  return ({ card, pan }) => {
    const messageKey = keyOf(purchase(pan), "authorization");
    return { kind: "settle", chain: card, messageKey, verdict: said, ...noon };
  };
}
