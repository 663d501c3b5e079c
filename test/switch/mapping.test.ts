import { expect } from "chai";
import { type Message, compile, dialects } from "../../src/iso8583/public.ts";
import { genericMapping } from "../../src/switch/generic.ts";
import { toAuthorization, toReversal } from "../../src/switch/mapping.ts";
import { mastercardMapping } from "../../src/switch/mastercard.ts";
import { visaMapping } from "../../src/switch/visa.ts";
import { mastercardPurchase, purchase, reversal, visaPurchase } from "./open-switch.ts";

const arrival = { wallNowMs: 1_795_363_845_000, businessNowMs: 1_795_363_846_000, deadlineMs: 1_795_363_846_500 };
type Changes = Readonly<Record<string, string>>;

function without(fields: Record<string, string>, ...paths: string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter(([path]) => !paths.includes(path)));
}

function visa(changes: Changes = {}): Message {
  return compile(dialects["visa-style"]).fromJSON(visaPurchase(changes));
}

function mastercard(changes: Changes = {}): Message {
  return compile(dialects["mastercard-style"]).fromJSON(mastercardPurchase(changes));
}

function generic(fields: Record<string, string>): Message {
  return compile(dialects["iso87-ascii"]).fromJSON(fields);
}

describe("switch/mapping", () => {
  it("reads every field that a decision needs from a plain purchase", () => {
    const message = generic(purchase({ "7": "1122153045" }));

    expect(toAuthorization(genericMapping, message, arrival)).to.deep.equal({
      ok: true,
      value: {
        network: "generic",
        pan: "4000008412345678",
        stan: "000501",
        acquirer: "400005",
        rrn: "632612000501",
        networkChain: null,
        localTime: "120000",
        localDate: "1122",
        merchant: {
          terminal: "T0000501",
          id: "STORE-000000501",
          nameLocation: "HIGH STREET FOODS      LEEDS        ENGB",
        },
        processingCode: "000000",
        transactionAmount: 2_599n,
        transactionCurrency: 826,
        door: "wire",
        billingAmount: null,
        billingCurrency: null,
        conversionRate: null,
        expiry: "2906",
        mcc: "5411",
        merchantCountry: 826,
        presence: "present",
        entryMode: "051",
        ...arrival,
      },
    });
  });

  it("takes PAN and expiry from track 2 where DE2 and DE14 are absent", () => {
    const fields = without(purchase({ "35": "5413330089010434=27121011234500000000" }), "2", "14");

    const request = toAuthorization(genericMapping, generic(fields), arrival);

    expect(request.ok && [request.value.pan, request.value.expiry]).to.deep.equal(["5413330089010434", "2712"]);
  });

  it("takes DE6 with DE51 and DE10 as what the cardholder is billed, and DE6 alone as nothing", () => {
    const billed = { "6": "000000003012", "10": "61158907", "51": "840" };
    const both = toAuthorization(genericMapping, generic(purchase(billed)), arrival);
    const alone = toAuthorization(genericMapping, generic(without(purchase(billed), "51")), arrival);

    expect(both.ok && both.value).to.include({
      billingAmount: 3_012n,
      billingCurrency: 840,
      conversionRate: "61158907",
    });
    expect(alone.ok && alone.value).to.include({ billingAmount: null, billingCurrency: null, conversionRate: null });
  });

  it("blames DE6 where a purchase that costs something is billed as nothing", () => {
    const free = { "6": "000000000000", "10": "61158907", "51": "840" };

    const request = toAuthorization(genericMapping, generic(purchase(free)), arrival);

    expect(!request.ok && request.error).to.deep.equal({ response: "format_error", field: 6 });
  });

  it("names the chain as each network does", () => {
    const chains = [
      visaMapping.networkChain(visa()),
      mastercardMapping.networkChain(mastercard()),
      mastercardMapping.networkChain(mastercard({ "48.63": "MCCBN12341122  ", "63.2": "BN765432 " })),
      genericMapping.networkChain(generic(purchase())),
    ];

    expect(chains).to.deep.equal(["306326584712345", "MCCBN1234561122", "MCCBN12341122", null]);
  });

  const places: readonly (readonly [string, () => number, number])[] = [
    ["visa-style DE43", () => visaMapping.merchantCountry(visa({ "19": "840" })), 826],
    [
      "DE19 where visa-style DE43 names no country",
      () => visaMapping.merchantCountry(visa({ "19": "840", "43": " ".repeat(40) })),
      840,
    ],
    [
      "mastercard-style DE61.13",
      () => mastercardMapping.merchantCountry(mastercard({ "61": "0000000000300276" })),
      276,
    ],
    [
      "mastercard-style DE43 where DE61 is absent",
      () =>
        mastercardMapping.merchantCountry(
          compile(dialects["mastercard-style"]).fromJSON(without(mastercardPurchase({ "19": "840" }), "61")),
        ),
      826,
    ],
    ["nothing at all", () => genericMapping.merchantCountry(generic(without(purchase(), "19", "43"))), 0],
  ];
  for (const [where, country, expected] of places) {
    it(`tells the merchant's country from ${where}`, () => {
      expect(country()).to.equal(expected);
    });
  }

  const cards: readonly (readonly [string, Changes, string])[] = [
    ["a chip", { "22": "051" }, "present"],
    ["a contactless chip", { "22": "071" }, "present"],
    ["a stripe", { "22": "901" }, "present"],
    ["a chip that failed", { "22": "801" }, "present"],
    ["a number typed in at the counter", { "22": "012" }, "present"],
    ["a number typed in for an order by telephone", { "22": "012", "25": "08" }, "not_present"],
    ["the internet", { "22": "812", "25": "59" }, "not_present"],
    ["a chip and the condition of an absent card", { "22": "051", "25": "01" }, "not_present"],
    ["a credential on file", { "22": "102" }, "not_present"],
    ["an entry mode that nobody knows", { "22": "552" }, "not_present"],
  ];
  for (const [what, changes, presence] of cards) {
    it(`takes ${what} for a card that was ${presence.replace("_", " ")}`, () => {
      expect(genericMapping.presence(generic(purchase(changes)))).to.equal(presence);
    });
  }

  it("believes mastercard-style DE61.5 before the entry mode", () => {
    const present = mastercardMapping.presence(mastercard({ "22": "810", "61": "0000000000300826" }));
    const absent = mastercardMapping.presence(mastercard({ "22": "051", "61": "0000100000300826" }));

    expect([present, absent]).to.deep.equal(["present", "not_present"]);
  });

  it("refers a reversal to the STAN of DE90, and to its own where DE90 is absent or zero", () => {
    const stans = [reversal(), without(reversal(), "90"), reversal({ "90": `0100${"0".repeat(38)}` })].map((fields) =>
      toReversal(genericMapping, generic(fields), arrival),
    );

    expect(stans.map((request) => request.ok && request.value.originalStan)).to.deep.equal([
      "000501",
      "000502",
      "000502",
    ]);
  });

  const billing = { "6": "000000003012", "10": "61158907", "51": "840" };
  const replacements: readonly (readonly [string, () => unknown, unknown])[] = [
    ["none for a full reversal", () => visaMapping.replacement(visa()), null],
    ["none for zeros", () => visaMapping.replacement(visa({ "95": "0".repeat(42) })), null],
    [
      "visa-style: the first twelve digits, in the card's currency",
      () => visaMapping.replacement(visa({ "95": "000000001000".padEnd(42, "0") })),
      { amount: 1_000n, currency: 826 },
    ],
    [
      "visa-style: at DE10's rate where the card has another currency",
      () => visaMapping.replacement(visa({ ...billing, "95": "000000001000".padEnd(42, "0") })),
      { amount: 1_159n, currency: 840 },
    ],
    [
      "mastercard-style: the billing part where there is one",
      () =>
        mastercardMapping.replacement(
          mastercard({ ...billing, "95": `000000001000${"0".repeat(12)}000000001085000000` }),
        ),
      { amount: 1_085n, currency: 840 },
    ],
    [
      "mastercard-style: the transaction part in the card's own currency",
      () => mastercardMapping.replacement(mastercard({ "95": "000000001000".padEnd(42, "0") })),
      { amount: 1_000n, currency: 826 },
    ],
    [
      "mastercard-style: the billing part of a message that does not name the card's currency",
      () => mastercardMapping.replacement(mastercard({ "95": `${"0".repeat(24)}000000001085000000` })),
      { amount: 1_085n, currency: null },
    ],
  ];
  for (const [what, amount, expected] of replacements) {
    it(`replaces the amount by DE95: ${what}`, () => {
      expect(amount()).to.deep.equal({ ok: true, value: expected });
    });
  }

  it("blames DE95 or the rate where the amount in the card's currency cannot be told", () => {
    const noRate = visaMapping.replacement(visa({ "51": "840", "95": "000000001000".padEnd(42, "0") }));
    const tooMuch = visaMapping.replacement(visa({ ...billing, "10": "09999999", "95": "9".repeat(42) }));
    const noAmount = visaMapping.replacement(visa({ "95": "A".padEnd(42, "0") }));
    const noBilling = mastercardMapping.replacement(mastercard({ ...billing, "95": "000000001000".padEnd(42, "0") }));

    expect([noRate, tooMuch, noAmount, noBilling].map((result) => !result.ok && result.error.field)).to.deep.equal([
      10, 10, 95, 95,
    ]);
  });
});
