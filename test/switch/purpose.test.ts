import { expect } from "chai";
import { minor } from "../../src/kernel/money.ts";
import { type PurposeSigns, purposeOf } from "../../src/switch/purpose.ts";

const request: PurposeSigns = {
  mayUnlock: true,
  isAdvice: false,
  isIncrement: false,
  mcc: "5411",
  amount: minor(2_599n),
  currency: 840,
};
const advice: PurposeSigns = { ...request, mayUnlock: false, isAdvice: true };
const pump: PurposeSigns = { ...request, mcc: "5542", amount: minor(100n) };

describe("switch/purpose", () => {
  const cases: readonly (readonly [string, string, PurposeSigns, string | null])[] = [
    ["goods and services", "000000", request, "purchase"],
    ["cash from an automat", "012000", request, "purchase"],
    ["a purchase with cashback", "090000", request, "purchase"],
    ["cash over the counter", "170000", request, "purchase"],
    ["the payment of a bill", "500000", request, "purchase"],
    ["a refund", "200000", request, "refund"],
    ["an original credit", "260000", request, "refund"],
    ["a payment to the card", "280000", request, "refund"],
    ["a question for the balance", "310000", { ...request, amount: minor(0n) }, "inquiry"],
    ["a question for what is available", "302000", request, "inquiry"],
    ["more of an earlier purchase", "000000", { ...request, isIncrement: true }, "increment"],
    ["a refund that names a chain", "200000", { ...request, isIncrement: true }, "refund"],
    ["an amount of zero", "000000", { ...request, amount: minor(0n) }, "verification"],
    ["an advice of zero", "000000", { ...advice, amount: minor(0n) }, "purchase"],
    ["one dollar at a pump", "000000", pump, "fuel"],
    ["one dollar at a pump, as a 0200", "000000", { ...pump, mayUnlock: false }, "purchase"],
    [
      "nothing more of an earlier purchase",
      "000000",
      { ...request, isIncrement: true, amount: minor(0n) },
      "verification",
    ],
    [
      "nothing more of an earlier purchase, as an advice",
      "000000",
      { ...advice, isIncrement: true, amount: minor(0n) },
      "verification",
    ],
    ["one dollar at a pump, told in place of a 0100", "000000", { ...pump, isAdvice: true }, "fuel"],
    [
      "one dollar at a pump, told of another message",
      "000000",
      { ...pump, mayUnlock: false, isAdvice: true },
      "purchase",
    ],
    ["two dollars at a pump, told", "000000", { ...pump, isAdvice: true, amount: minor(200n) }, "purchase"],
    ["two dollars at a pump", "000000", { ...pump, amount: minor(200n) }, "purchase"],
    ["one dollar at a filling station with a cashier", "000000", { ...pump, mcc: "5541" }, "purchase"],
    ["one yen at a pump", "000000", { ...pump, amount: minor(1n), currency: 392 }, "fuel"],
    ["a hundred yen at a pump", "000000", { ...pump, currency: 392 }, "purchase"],
    [
      "one dinar at a pump, which has a thousand parts",
      "000000",
      { ...pump, amount: minor(1_000n), currency: 414 },
      "fuel",
    ],
    ["a code that stands in no table", "770000", request, "purchase"],
    ["a new PIN", "920000", request, null],
    ["a transfer", "400000", request, null],
    ["a deposit", "210000", request, null],
    ["a deposit that has been made", "210000", advice, "refund"],
    ["an adjustment that credits, told", "220000", advice, "refund"],
    ["an adjustment that debits, told", "020000", advice, "purchase"],
    ["a transfer that has been made", "400000", advice, "inquiry"],
    ["a PIN that was unblocked", "910000", advice, "inquiry"],
    ["a credit that stands in no table", "290000", request, null],
    ["a credit that stands in no table, told", "290000", advice, "refund"],
    ["a question that stands in no table", "350000", request, null],
    ["a transfer that stands in no table, told", "430000", advice, "inquiry"],
    ["a code that stands in no table, told", "770000", advice, "purchase"],
    ["the eligibility of a card, told", "390000", advice, "inquiry"],
  ];
  for (const [what, code, signs, purpose] of cases) {
    it(`takes ${what} for ${purpose ?? "nothing that anybody serves"}`, () => {
      expect(purposeOf(code, signs)).to.equal(purpose);
    });
  }
});
