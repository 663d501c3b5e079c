import { expect } from "chai";
import type { Model } from "../../../simulators/model/model.ts";
import { keyOf } from "../../../simulators/model/messages.ts";
import { permutations } from "../../model/permutations.ts";
import {
  adviceOf,
  askingModel,
  clearingOf,
  dayMs,
  limited,
  nextStan,
  noonMs,
  purchase,
  reversalOf,
  settlingOf,
  smallModel,
} from "./small-program.ts";

type Send = (model: Model) => unknown;
type Clearing = NonNullable<Parameters<typeof clearingOf>[1]>;

/** When everything has come, whatever still waits or is held comes to its end by time alone. */
function ledgerAfter(model: Model, messages: readonly Send[]): string {
  model.program.card("card").controls = limited(90_000, "monthly");
  for (const send of messages) send(model);
  const end = { wallNowMs: noonMs + 8 * dayMs, businessNowMs: noonMs + 8 * dayMs };
  for (const messageKey of model.waiting("card")) {
    model.settle({ chain: "card", messageKey, verdict: { check: "webhook_timeout" }, ...end });
  }
  for (const { key } of model.dueHolds("card", end.businessNowMs)) {
    model.expire({ chain: "card", holdKey: key, asFuel: false, ...end });
  }
  const { available, held } = model.program.account("acct");
  const spent = model.spent({ owner: { kind: "chain", id: "card" }, interval: "monthly", categories: [] }, noonMs);
  return `${available} available, ${held} held, spent ${spent}`;
}

function ledgersOf(messages: readonly Send[], newModel = smallModel): string[] {
  return [...new Set(permutations(messages).map((order) => ledgerAfter(newModel(), order)))];
}

/** A clearing names the authorization where that is known when it comes. */
function cleared(message: ReturnType<typeof purchase>, change: Clearing): Send {
  const [named, unnamed] = [clearingOf(message, change), clearingOf(null, change)];
  const key = keyOf(message, "authorization");
  return (model) => model.clear(model.holdOf("card", key) === null ? { ...unnamed, key: named.key } : named);
}

function expired(message: ReturnType<typeof purchase>): Send {
  const week = { wallNowMs: noonMs, businessNowMs: noonMs };
  return (model) => model.expire({ chain: "card", holdKey: keyOf(message, "authorization"), asFuel: false, ...week });
}

describe("simulators/model/converging clearing", () => {
  it("ends all orders of 0100, 0101, clearing, 0420 and 0421 with the amount posted once", () => {
    const message = purchase({});
    const reversal = reversalOf(message, {});

    const ledgers = ledgersOf([
      (model) => model.authorize(message),
      (model) => model.authorize(message),
      cleared(message, {}),
      (model) => model.reverse(reversal),
      (model) => model.reverse(reversal),
    ]);

    expect(ledgers).to.deep.equal(["990000 available, 0 held, spent 10000"]);
  });

  it("ends all orders of 0100, clearing, the same clearing again and expiry with the amount posted once", () => {
    const message = purchase({});
    const once = cleared(message, { key: nextStan() });

    const ledgers = ledgersOf([(model) => model.authorize(message), once, once, expired(message)]);

    expect(ledgers).to.deep.equal(["990000 available, 0 held, spent 10000"]);
  });

  it("ends all orders of 0100, two clearings of it, 0420 and expiry with what both have posted", () => {
    const message = purchase({});

    const ledgers = ledgersOf([
      (model) => model.authorize(message),
      cleared(message, { amount: 4_000, isFinal: false }),
      cleared(message, { amount: 3_000 }),
      (model) => model.reverse(reversalOf(message, {})),
      expired(message),
    ]);

    expect(ledgers).to.deep.equal(["993000 available, 0 held, spent 7000"]);
  });

  it("ends all orders of 0100, stand-in 0120, over-capture, refund and 0420 with what was posted", () => {
    const message = purchase({});

    const ledgers = ledgersOf([
      (model) => model.authorize(message),
      (model) => model.advise(adviceOf(message, {})),
      cleared(message, { amount: 12_000 }),
      cleared(message, { kind: "refund", amount: 2_000 }),
      (model) => model.reverse(reversalOf(message, {})),
    ]);

    expect(ledgers).to.deep.equal(["990000 available, 0 held, spent 12000"]);
  });

  it("ends all orders of 0100, increment, clearing of both and expiry with what was posted", () => {
    const message = purchase({ networkChain: "C1" });
    const increment = purchase({ networkChain: "C1", purpose: "increment", amount: 2_500 });

    const ledgers = ledgersOf([
      (model) => model.authorize(message),
      (model) => model.authorize(increment),
      cleared(message, { amount: 12_500 }),
      expired(message),
    ]);

    expect(ledgers).to.deep.equal(["987500 available, 0 held, spent 12500"]);
  });

  for (const [verdict, word] of [
    [{}, "approves"],
    [{ amount: 4_000 }, "approves a part"],
    [{ check: "webhook_declined" }, "declines"],
  ] as const) {
    it(`ends all orders of a 0100, its endpoint that ${word}, clearing and 0420 with the amount posted once`, () => {
      const message = purchase({});

      const ledgers = ledgersOf(
        [
          (model) => model.authorize(message),
          (model) => model.settle(settlingOf(message, verdict)),
          cleared(message, {}),
          (model) => model.reverse(reversalOf(message, {})),
        ],
        askingModel,
      );

      expect(ledgers).to.deep.equal(["990000 available, 0 held, spent 10000"]);
    });

    it(`ends all orders of a 0100, its repeat, its endpoint that ${word}, and 0420 with nothing held`, () => {
      const message = purchase({});

      const ledgers = ledgersOf(
        [
          (model) => model.authorize(message),
          (model) => model.authorize(message),
          (model) => model.settle(settlingOf(message, verdict)),
          (model) => model.reverse(reversalOf(message, {})),
        ],
        askingModel,
      );

      expect(ledgers).to.deep.equal(["1000000 available, 0 held, spent 0"]);
    });
  }
});
