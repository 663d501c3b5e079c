import { expect } from "chai";
import type { Model } from "../../../simulators/model/model.ts";
import { permutations } from "../../model/permutations.ts";
import {
  adviceOf,
  limited,
  nextStan,
  purchase,
  reversalOf,
  single,
  singleAdviceOf,
  smallModel,
} from "./small-program.ts";

type Send = (model: Model) => unknown;
type Named = readonly [mti: string, send: Send];

/** 10,000.00 available and a limit that counts: what all orders of the same messages must leave alike. */
function ledgerAfter(messages: readonly Named[], before: readonly Send[] = []): string {
  const model = smallModel();
  model.program.card("card").controls = limited(90_000, "monthly", ["restaurants"]);
  for (const send of before) send(model);
  for (const [, send] of messages) send(model);
  const { available, held } = model.program.account("acct");
  const spent = model.countersOf(model.program.card("card")).map((counter) => counter.spent);
  return `${available} available, ${held} held, open ${model.openHolds("card").join(" ")}, spent ${spent.join(" ")}`;
}

function ledgersOf(messages: readonly Named[], before: readonly Send[] = []): string[] {
  return [...new Set(permutations(messages).map((order) => ledgerAfter(order, before)))];
}

const untouched = "1000000 available, 0 held, open , spent 0";

describe("simulators/model/converging", () => {
  it("ends all orders of 0100, 0101, a 0120 with a STAN of its own that declined, and its 0121 with nothing held", () => {
    const message = purchase({});
    const advice = adviceOf(message, { stan: nextStan(), originalStan: message.stan, isApproved: false });

    const ledgers = ledgersOf([
      ["0100", (model) => model.authorize(message)],
      ["0101", (model) => model.authorize(message)],
      ["0120", (model) => model.advise(advice)],
      ["0121", (model) => model.advise(advice)],
    ]);

    expect(ledgers).to.deep.equal([untouched]);
  });

  it("ends all orders of 0100, increment and full reversal of the increment with the first amount held", () => {
    const message = purchase({ networkChain: "C1" });
    const increment = purchase({ networkChain: "C1", purpose: "increment", amount: 2_500 });

    const ledgers = ledgersOf([
      ["0100", (model) => model.authorize(message)],
      ["0100 increment", (model) => model.authorize(increment)],
      ["0420", (model) => model.reverse(reversalOf(increment, {}))],
    ]);

    expect(ledgers).to.deep.equal(["990000 available, 10000 held, open 10000, spent 10000"]);
  });

  it("ends all orders of 0100, 0220 and 0221 with the amount posted once", () => {
    const message = purchase({});
    const advice = singleAdviceOf(message, {});

    const ledgers = ledgersOf([
      ["0100", (model) => model.authorize(message)],
      ["0220", (model) => model.post(advice)],
      ["0221", (model) => model.post(advice)],
    ]);

    expect(ledgers).to.deep.equal(["990000 available, 0 held, open , spent 10000"]);
  });

  for (const isNamed of [true, false]) {
    const how = isNamed ? "names the 0100 too" : "has no DE90";

    it(`ends all orders of 0100, 0220 and a 0420 that names the 0100 with the amount posted, where the 0220 ${how}`, () => {
      const message = purchase({});
      const original = { stan: message.stan, function: "authorization" } as const;
      const advice = singleAdviceOf(message, isNamed ? { stan: nextStan(), original } : {});

      const ledgers = ledgersOf([
        ["0100", (model) => model.authorize(message)],
        ["0220", (model) => model.post(advice)],
        ["0420", (model) => model.reverse(reversalOf(message, { original }))],
      ]);

      expect(ledgers).to.deep.equal(["990000 available, 0 held, open , spent 10000"]);
    });
  }

  for (const isApproved of [true, false]) {
    it(`ends all orders of a pump's 0100, its stand-in 0120 and the completion with what was pumped, where we ${isApproved ? "approve" : "decline"} the 0100`, () => {
      const message = purchase({ purpose: "fuel", mcc: "5542", amount: 100 });
      const pumped = { purpose: "purchase", amount: 4_321, stan: nextStan(), originalStan: message.stan } as const;
      const completion = adviceOf(message, pumped);

      const ledgers = ledgersOf(
        [
          ["0100", (model) => model.authorize(message)],
          ["0120", (model) => model.advise(adviceOf(message, {}))],
          ["0120 completion", (model) => model.advise(completion)],
        ],
        isApproved ? [] : [(model) => model.program.setCardStatus("card", "canceled")],
      );

      expect(ledgers).to.deep.equal(["995679 available, 4321 held, open 4321, spent 0"]);
    });
  }

  for (const approvedByUs of [true, false]) {
    const answer = approvedByUs ? "approve" : "decline";
    const amount = approvedByUs ? 10_000 : 100_000;

    it(`ends all orders of 0100, 0101, 0120, 0420 and 0421 with nothing held where we ${answer} the 0100`, () => {
      const message = purchase({ amount });
      const reversal = reversalOf(message, {});

      const ledgers = ledgersOf([
        ["0100", (model) => model.authorize(message)],
        ["0101", (model) => model.authorize(message)],
        ["0120", (model) => model.advise(adviceOf(message, {}))],
        ["0420", (model) => model.reverse(reversal)],
        ["0421", (model) => model.reverse(reversal)],
      ]);

      expect(ledgers).to.deep.equal([untouched]);
    });

    for (const named of [true, false]) {
      const how = `${named ? "with" : "without"} DE90, where we ${answer} the 0200`;
      it(`ends all orders of 0200, 0201, 0220 and 0420 with nothing posted, ${how}`, () => {
        const message = single({ amount });
        const original = named ? ({ stan: message.stan, function: "financial" } as const) : null;
        const advice = singleAdviceOf(message, { original });
        const reversal = reversalOf(message, { original, stan: message.stan });

        const ledgers = ledgersOf([
          ["0200", (model) => model.post(message)],
          ["0201", (model) => model.post(message)],
          ["0220", (model) => model.post(advice)],
          ["0420", (model) => model.reverse(reversal)],
        ]);

        expect(ledgers).to.deep.equal([untouched]);
      });
    }
  }
});
