import { expect } from "chai";
import { type FlowMarks, type Mark, flowMarks, messageReasons } from "../../specs/flow-marks.ts";
import { messageFields } from "../../specs/message-fields.ts";
import { networkManagementAnswers, networkManagementCodes } from "../../specs/network-management.ts";
import { responseSources, standInDetails, standInMarks } from "../../specs/stand-in-reasons.ts";
import { verificationPlaces } from "../../specs/verification-places.ts";
import { type Message, compile, dialects } from "../../src/iso8583/public.ts";

const styles = ["visa", "mastercard", "generic"] as const;
const codecs = {
  visa: compile(dialects["visa-style"]),
  mastercard: compile(dialects["mastercard-style"]),
  generic: compile(dialects["iso87-ascii"]),
};
type Style = (typeof styles)[number];

describe("specs/flow-marks", () => {
  for (const style of styles) {
    it(`${style}: every mark can be written, and is read again at its path`, () => {
      const marks: FlowMarks = flowMarks[style];
      const singles = [marks.increment, marks.partialApproval, marks.purchaseOnly, marks.verification];

      for (const mark of [...singles, ...marks.merchantInitiated, ...marks.preauthorization]) {
        if (mark !== null) expectWritten(style, mark);
      }
      const chain = marks.chain === null ? {} : { [marks.chain]: chains[style] };
      expect(written(style, "0100", chain)).to.deep.equal(Object.values(chain));
    });
  }

  it("knows an increment by 3900 in DE63.3 with the DE62.2 of its chain, or by 4 in DE61.7 with DE48.63", () => {
    expect(flowMarks.visa).to.deep.include({ increment: { path: "63.3", values: ["3900"] }, chain: "62.2" });
    expect(flowMarks.mastercard).to.deep.include({ increment: { path: "61.7", values: ["4"] }, chain: "48.63" });
    expect(flowMarks.generic).to.deep.include({ increment: null, chain: null });
    expect(messageReasons).to.include.keys("2501", "2502", "2503", "2504", "3900");
  });
});

describe("specs/stand-in-reasons", () => {
  for (const style of styles) {
    it(`${style}: every cause can be written into an advice, and is read again`, () => {
      for (const marks of Object.values(standInMarks[style])) {
        expect(written(style, "0120", marks)).to.deep.equal(Object.values(marks));
      }
    });
  }

  it("says 000001 for who stood in, and names a source that is listed", () => {
    for (const marks of Object.values(standInMarks.mastercard)) expect(marks["121"]).to.equal("000001");
    for (const marks of Object.values(standInMarks.visa)) expect(responseSources).to.have.any.keys(marks["44.1"]);
    for (const detail of Object.keys(standInDetails))
      expect(written("visa", "0120", { "44.4": detail })).to.deep.equal([detail]);
  });
});

describe("specs/verification-places", () => {
  it("names places that the dialects have", () => {
    for (const style of styles) {
      const { request, answer } = verificationPlaces[style];
      for (const [name, path] of [...Object.entries(request), ...Object.entries(answer)]) {
        if (path === null) continue;
        const sample = samples[path] ?? expect.fail(`no sample for ${style} ${name} ${path}`);
        expect(written(style, "0100", { [path]: sample }), `${style} ${name}`).to.deep.equal([sample]);
      }
    }
  });
});

describe("specs/message-fields", () => {
  for (const style of styles) {
    it(`${style}: wants and echoes, in ascending order, elements that the dialect has`, () => {
      const { fields } = codecs[style].spec;
      for (const [kind, { mandatory, echoed }] of Object.entries(messageFields[style])) {
        for (const numbers of [mandatory, echoed]) {
          expect(
            [...numbers].sort((a, b) => a - b),
            `${style} ${kind}`,
          ).to.deep.equal([...numbers]);
          for (const number of numbers) expect(fields, `${style} ${kind}`).to.have.any.keys(String(number));
        }
      }
    });
  }

  it("echoes the amounts and currencies of settlement and billing exactly as they came", () => {
    for (const style of styles) {
      for (const kind of ["authorization", "advice", "reversal"] as const) {
        expect(messageFields[style][kind].echoed).to.include.members([5, 6, 9, 10, 49, 50, 51]);
      }
    }
  });
});

describe("specs/network-management", () => {
  it("gives no DE70 of a network to two purposes", () => {
    for (const style of styles) {
      const codes = Object.values(networkManagementCodes[style]).flatMap(
        (code: string | readonly string[] | null) => code ?? [],
      );

      expect(new Set(codes).size, style).to.equal(codes.length);
      for (const code of codes) expect(code).to.match(/^\d{3}$/);
    }
  });

  it("accepts sign-on, sign-off, echo and cutover, and says of keys that they are not exchanged", () => {
    const { signOn, signOff, echo, cutover, keyExchange, unknown } = networkManagementAnswers;

    expect([signOn, signOff, echo, cutover]).to.deep.equal(["accepted", "accepted", "accepted", "accepted"]);
    expect([keyExchange, unknown]).to.deep.equal(["unsupported", "unsupported"]);
    for (const style of styles) expect(networkManagementCodes[style].keyExchange).to.include("101");
  });
});

const header = `hex:16010200${"00".repeat(18)}`;

const chains: Readonly<Record<Style, string>> = {
  visa: "306326584712345",
  mastercard: "MCCBN12341122  ",
  generic: "",
};

const samples: Readonly<Record<string, string>> = {
  "123": "94105    1 MAIN STREET",
  "126.10": "11 123",
  "126.9": `hex:${"00".repeat(20)}`,
  "44.2": "Y",
  "44.5": "2",
  "44.8": "1",
  "44.10": "M",
  "44.13": "2",
  "120": "012275001    1 RUE DU BAC ",
  "48.92": "123",
  "48.43": "jJLtQa+Iws8AREAEbjsA1MAAAA=",
  "48.83": "Y",
  "48.87": "M",
  "48.45": "2",
  "48.74": "02G",
};

function expectWritten(style: Style, { path, values }: Mark): void {
  for (const value of values) expect(written(style, "0100", { [path]: value })).to.deep.equal([value]);
}

/** The values of a message of these fields after it went over the wire. */
function written(style: Style, mti: string, values: Readonly<Record<string, string>>): (string | undefined)[] {
  const codec = codecs[style];
  const message: Message = codec.create(mti);
  if (style === "visa") message.set("header", header);
  message.set("11", "000001");
  for (const [path, value] of Object.entries(values)) message.set(path, value);
  const result = codec.decode(codec.encode(message));
  if (!result.ok) return expect.fail(`${result.error.code} at ${result.error.path}`);
  return Object.keys(values).map((path) => result.message.get(path));
}
