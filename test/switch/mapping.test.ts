import { expect } from "chai";
import { messageFields } from "../../specs/message-fields.ts";
import { type Message, compile, dialects } from "../../src/iso8583/public.ts";
import { genericMapping } from "../../src/switch/generic.ts";
import { type AmountRequest, type DialectMapping, type Refusal, toRequest } from "../../src/switch/mapping.ts";
import { mastercardMapping } from "../../src/switch/mastercard.ts";
import { visaMapping } from "../../src/switch/visa.ts";
import { mastercardPurchase, purchase, visaPurchase } from "./open-switch.ts";

const arrival = { wallNowMs: 1_795_363_845_000, businessNowMs: 1_795_363_846_000, deadlineMs: 1_795_363_846_500 };
type Fields = Readonly<Record<string, string>>;

function without(fields: Fields, ...paths: string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter(([path]) => !paths.includes(path)));
}

function visa(changes: Fields = {}): Message {
  return compile(dialects["visa-style"]).fromJSON(visaPurchase(changes));
}

function mastercard(changes: Fields = {}): Message {
  return compile(dialects["mastercard-style"]).fromJSON(mastercardPurchase(changes));
}

function generic(fields: Fields): Message {
  return compile(dialects["iso87-ascii"]).fromJSON(fields);
}

function read(mapping: DialectMapping, message: Message, allowsPartial = false): AmountRequest | Refusal {
  const kind = message.mti.charAt(2) === "2" ? "advice" : "authorization";
  const request = toRequest({ mapping, allowsPartial }, messageFields[mapping.network][kind], message, arrival);
  return request.ok ? request.value : request.error;
}

function plain(changes: Fields = {}): AmountRequest | Refusal {
  return read(genericMapping, generic(purchase(changes)));
}

describe("switch/mapping", () => {
  it("reads every field that a decision needs from a plain purchase", () => {
    expect(plain({ "7": "1122153045" })).to.deep.equal({
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
      purpose: "purchase",
      door: "wire",
      billingAmount: null,
      billingCurrency: null,
      conversionRate: null,
      expiry: "2906",
      mcc: "5411",
      merchantCountry: 826,
      presence: "present",
      entryMode: "051",
      allowsPartial: false,
      cashbackAmount: 0n,
      isAdvice: false,
      isApproved: true,
      original: null,
      originalStan: null,
      settlementDate: "",
      ...arrival,
    });
  });

  it("takes PAN and expiry from track 2 where DE2 and DE14 are absent", () => {
    const fields = without(purchase({ "35": "5413330089010434=27121011234500000000" }), "2", "14");

    expect(read(genericMapping, generic(fields))).to.include({ pan: "5413330089010434", expiry: "2712" });
  });

  it("takes DE6 with DE51 and DE10 as what the cardholder is billed, and DE6 alone as nothing", () => {
    const billed = { "6": "000000003012", "10": "61158907", "51": "840" };

    expect(plain(billed)).to.include({ billingAmount: 3_012n, billingCurrency: 840, conversionRate: "61158907" });
    expect(read(genericMapping, generic(without(purchase(billed), "51")))).to.include({
      billingAmount: null,
      billingCurrency: null,
      conversionRate: null,
    });
  });

  it("blames DE6 where a purchase that costs something is billed as nothing, but not in a verification", () => {
    const free = { "6": "000000000000", "10": "61158907", "51": "840" };

    expect(plain(free)).to.deep.equal({ response: "format_error", field: 6 });
    expect(plain({ ...free, "4": "000000000000" })).to.include({ purpose: "verification", billingAmount: 0n });
  });

  it("reads the cashback (DE54 type 40) in the currency of the purchase, and blames DE54 where it cannot be", () => {
    const group = (amount: string, currency = "826"): string => `0040${currency}D${amount}`;
    const ledger = "0001826C000000099900";

    expect(plain({ "54": ledger + group("000000001000") })).to.include({ cashbackAmount: 1_000n });
    expect(plain({ "54": group("000000001000", "840") })).to.include({ cashbackAmount: 0n });
    expect(plain({ "54": group("000000002600") })).to.deep.equal({ response: "format_error", field: 54 });
    expect(plain({ "54": group("00000000X000") })).to.deep.equal({ response: "format_error", field: 54 });
  });

  it("reads the cashback of visa-style DE61.1 where DE54 names none", () => {
    const [own, both] = [
      read(visaMapping, visa({ "61.1": "000000000300" })),
      read(visaMapping, visa({ "61.1": "000000000300", "54": "0040826D000000000200" })),
    ];

    expect(own).to.include({ cashbackAmount: 300n });
    expect(both).to.include({ cashbackAmount: 200n });
  });

  it("never refuses an advice for DE54 or DE6: its cashback is not read, and nothing in DE6 counts as no DE6", () => {
    const odd = { "6": "000000000000", "10": "61158907", "51": "840", "54": `0040826D${"9".repeat(12)}` };

    for (const type of ["0120", "0121", "0220", "0221"]) {
      expect(plain({ ...odd, "0": type })).to.include({
        billingAmount: null,
        billingCurrency: null,
        cashbackAmount: 0n,
      });
      expect(plain({ ...odd, "0": type, "6": "000000000100", "51": "USD" })).to.include({ billingAmount: null });
      expect(plain({ ...odd, "0": type, "6": "000000000100" })).to.include({
        billingAmount: 100n,
        conversionRate: "61158907",
      });
      expect(plain({ ...odd, "0": type, "4": "000000000000" })).to.include({ billingAmount: 0n });
    }
    expect(plain({ ...odd, "6": "000000000100" })).to.deep.equal({ response: "format_error", field: 54 });
    expect(plain({ "6": "000000000100", "51": "USD" })).to.deep.equal({ response: "format_error", field: 51 });
  });

  it("takes one whole unit at a pump, told by a 0120, for the 0100 itself, unless DE90 names another message", () => {
    const pump = { "0": "0120", "4": "000000000100", "18": "5542" };
    const named = (stan: string): string => `0100${stan}${"0".repeat(32)}`;

    const purposes = [
      plain(pump),
      plain({ ...pump, "90": named("000501") }),
      plain({ ...pump, "90": named("000000") }),
      plain({ ...pump, "90": named("000500") }),
      plain({ ...pump, "4": "000000003750" }),
      plain({ ...pump, "0": "0220" }),
      plain({ ...pump, "0": "0100", "90": named("000500") }),
    ];

    expect(purposes.map((request) => ("purpose" in request ? request.purpose : request.response))).to.deep.equal([
      "fuel",
      "fuel",
      "fuel",
      "purchase",
      "purchase",
      "purchase",
      "fuel",
    ]);
  });

  it("knows from visa-style DE60.10, mastercard-style DE48.61 or the link whether a part is of use", () => {
    const partial = [
      read(visaMapping, visa({ "60": "010000000001" })),
      read(visaMapping, visa({ "60": "010000000000" })),
      read(mastercardMapping, mastercard({ "48.61": "10000" })),
      read(mastercardMapping, mastercard({ "48.61": "01000" }), true),
      read(genericMapping, generic(purchase()), true),
      read(genericMapping, generic(purchase())),
    ];

    expect(partial.map((request) => "allowsPartial" in request && request.allowsPartial)).to.deep.equal([
      true,
      false,
      true,
      false,
      true,
      false,
    ]);
  });

  it("takes for an increment what says so and names its chain, and nothing else", () => {
    const mark = { "61": "0000004000300826" };
    const purposes = [
      read(visaMapping, visa({ "63.3": "3900" })),
      read(visaMapping, visa({ "63.3": "2501" })),
      read(visaMapping, compile(dialects["visa-style"]).fromJSON(without(visaPurchase({ "63.3": "3900" }), "62.2"))),
      read(visaMapping, visa({ "0": "0200", "63.3": "3900" })),
      read(visaMapping, visa({ "0": "0120", "63.3": "3900" })),
      read(mastercardMapping, mastercard({ ...mark, "48.63": "MCCBN1234561122" })),
      read(mastercardMapping, mastercard(mark)),
      read(visaMapping, visa({ "63.3": "3900", "4": "000000000000" })),
    ];

    expect(purposes.map((request) => ("purpose" in request ? request.purpose : request.response))).to.deep.equal([
      "increment",
      "purchase",
      "purchase",
      "purchase",
      "increment",
      "increment",
      "purchase",
      "verification",
    ]);
  });

  it("reads from an advice (0120) its own DE39, and from DE90 the 0100 that it stands in for", () => {
    const advice = (changes: Fields): AmountRequest | Refusal => plain({ "0": "0120", ...changes });
    const original = `0100000501${"0".repeat(32)}`;

    expect(advice({})).to.include({ isAdvice: true, isApproved: true, originalStan: null });
    for (const code of ["00", "08", "10", "11", "85", "87"])
      expect(advice({ "39": code })).to.include({ isApproved: true });
    for (const code of ["05", "51", "91", "1A"]) expect(advice({ "39": code })).to.include({ isApproved: false });
    expect(advice({ "11": "000777", "90": original })).to.include({ stan: "000777", originalStan: "000501" });
    expect(advice({ "90": `0100${"0".repeat(38)}` })).to.include({ originalStan: null });
  });

  it("never takes the DE39 of a request for a word on it", () => {
    expect(plain({ "39": "05" })).to.include({ isApproved: true });
  });

  it("reads from a 0220 what it tells of, and on which day it settles", () => {
    const told = plain({ "0": "0220", "11": "000777", "15": "1123", "90": `0200000501${"0".repeat(32)}` });

    expect(told).to.deep.include({
      isAdvice: true,
      settlementDate: "1123",
      original: { stan: "000501", function: "financial" },
    });
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

  const cards: readonly (readonly [string, Fields, string])[] = [
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
});
