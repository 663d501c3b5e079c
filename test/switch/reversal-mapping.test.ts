import { expect } from "chai";
import { messageFields } from "../../specs/message-fields.ts";
import { type Message, compile, dialects } from "../../src/iso8583/public.ts";
import { genericMapping } from "../../src/switch/generic.ts";
import { mastercardMapping } from "../../src/switch/mastercard.ts";
import { toReversal } from "../../src/switch/reversal-mapping.ts";
import { visaMapping } from "../../src/switch/visa.ts";
import { mastercardPurchase, reversal, visaPurchase } from "./open-switch.ts";

const arrival = { wallNowMs: 1_795_363_845_000, businessNowMs: 1_795_363_846_000 };
type Fields = Readonly<Record<string, string>>;

function visa(changes: Fields = {}): Message {
  return compile(dialects["visa-style"]).fromJSON(visaPurchase(changes));
}

function mastercard(changes: Fields = {}): Message {
  return compile(dialects["mastercard-style"]).fromJSON(mastercardPurchase(changes));
}

describe("switch/reversal-mapping", () => {
  const originals: readonly (readonly [string, string | null, unknown])[] = [
    ["a 0100", "0100000501", { stan: "000501", function: "authorization" }],
    ["a 0120, which stood in for a 0100", "0120000501", { stan: "000501", function: "authorization" }],
    ["a 0200", "0200000501", { stan: "000501", function: "financial" }],
    ["a 0201", "0201000501", { stan: "000501", function: "financial" }],
    ["a 0220", "0220000501", { stan: "000501", function: "financial_advice" }],
    ["no type at all", "0000000501", { stan: "000501", function: null }],
    ["a type without a STAN: it has the reversal's own", "0200000000", { stan: "000502", function: "financial" }],
    ["nothing", "0000000000", null],
  ];
  for (const [what, start, original] of originals) {
    it(`refers to ${what} where DE90 does`, () => {
      const message = compile(dialects["iso87-ascii"]).fromJSON(reversal({ "90": `${start}${"0".repeat(32)}` }));
      const request = toReversal(genericMapping, messageFields.generic.reversal, message, arrival);

      expect(request.ok && request.value.original).to.deep.equal(original);
    });
  }

  it("names no original where DE90 is absent", () => {
    const { "90": _, ...fields } = reversal();
    const message = compile(dialects["iso87-ascii"]).fromJSON(fields);
    const request = toReversal(genericMapping, messageFields.generic.reversal, message, arrival);

    expect(request.ok && request.value.original).to.equal(null);
  });

  const billing = { "6": "000000003012", "10": "61158907", "51": "840" };
  const replacements: readonly (readonly [string, () => unknown, unknown])[] = [
    ["none for a full reversal", () => visaMapping.replacement(visa()), null],
    ["none for zeros", () => visaMapping.replacement(visa({ "95": "0".repeat(42) })), null],
    [
      "visa-style: the first twelve digits, in the currency of the purchase",
      () => visaMapping.replacement(visa({ "95": "000000001000".padEnd(42, "0") })),
      { amount: 1_000n, currency: 826, transactionAmount: null },
    ],
    [
      "visa-style: unconverted where the card has another currency, since the hold knows its own rate",
      () => visaMapping.replacement(visa({ ...billing, "95": "000000001000".padEnd(42, "0") })),
      { amount: 1_000n, currency: 826, transactionAmount: null },
    ],
    [
      "mastercard-style: the billing part where there is one",
      () =>
        mastercardMapping.replacement(
          mastercard({ ...billing, "95": `000000001000${"0".repeat(12)}000000001085000000` }),
        ),
      { amount: 1_085n, currency: 840, transactionAmount: 1_000n },
    ],
    [
      "mastercard-style: the transaction part where there is no other",
      () => mastercardMapping.replacement(mastercard({ ...billing, "95": "000000001000".padEnd(42, "0") })),
      { amount: 1_000n, currency: 826, transactionAmount: null },
    ],
    [
      "mastercard-style: the billing part of a message that does not name the card's currency",
      () => mastercardMapping.replacement(mastercard({ "95": `${"0".repeat(24)}000000001085000000` })),
      { amount: 1_085n, currency: null, transactionAmount: null },
    ],
  ];
  for (const [what, amount, expected] of replacements) {
    it(`replaces the amount by DE95: ${what}`, () => {
      expect(amount()).to.deep.equal({ ok: true, value: expected });
    });
  }

  it("blames DE95 where it has letters in the place of an amount", () => {
    const noAmount = visaMapping.replacement(visa({ "95": "A".padEnd(42, "0") }));

    expect(!noAmount.ok && noAmount.error).to.deep.equal({ response: "format_error", field: 95 });
  });
});
