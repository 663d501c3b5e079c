import { expect } from "chai";
import { type DialectName, EncodeError, compile, dialects } from "../../src/iso8583/public.ts";

/** What is wrong with values that are set one by one, and all at once. */
function refusals(name: DialectName, values: Readonly<Record<string, string>>): string[] {
  const codec = compile(dialects[name]);
  const header = "hex:16010200000000001234560000000000000000000000";
  const all = { "0": "0100", ...(name === "visa-style" ? { header } : {}), ...values };
  return [
    refusalOf(() => codec.fromJSON(all)),
    refusalOf(() => {
      const message = codec.create("0100");
      for (const [path, value] of Object.entries(values)) message.set(path, value);
    }),
  ];
}

function refusalOf(set: () => void): string {
  try {
    set();
    return "taken";
  } catch (error) {
    if (!(error instanceof EncodeError)) throw error;
    return `${error.code} at ${error.path}, expected ${error.expected}`;
  }
}

describe("iso8583/plain: values that do not fit are refused, set alone or all at once", () => {
  const cases: readonly (readonly [string, DialectName, Readonly<Record<string, string>>, string])[] = [
    ["a letter among digits in text", "iso87-ascii", { "4": "00000000x500" }, "content_invalid at 4, expected 12 n"],
    ["a letter among digits in BCD", "visa-style", { "4": "00000000x500" }, "content_invalid at 4, expected n"],
    [
      "a character that EBCDIC has not",
      "mastercard-style",
      { "42": "ACCEPTOR000000€" },
      "content_invalid at 42, expected ans",
    ],
    [
      "a character that cannot be printed",
      "iso87-ascii",
      { "42": "ACCEPTOR000000\t" },
      "content_invalid at 42, expected 15 ans",
    ],
    [
      "a second separator of track 2",
      "iso87-ascii",
      { "35": "4000056655665556=31=2" },
      "content_invalid at 35, expected 0 to 37 z",
    ],
    [
      "an amount without its letter",
      "mastercard-style",
      { "28": "000000030" },
      "content_invalid at 28, expected 9 x+n",
    ],
    ["a digit too few", "iso87-ascii", { "11": "00050" }, "length_out_of_range at 11, expected 6 n"],
    ["a digit too many", "visa-style", { "2": "40000566556655561234" }, "length_out_of_range at 2, expected 0 to 19 n"],
    [
      "text where bytes are wanted",
      "visa-style",
      { "52": "01234567" },
      'content_invalid at 52, expected bytes, written "hex:…"',
    ],
    [
      "half a byte",
      "visa-style",
      { "52": "hex:0123456789abcde" },
      "content_invalid at 52, expected hexadecimal digits, two a byte",
    ],
    [
      "bytes in other digits",
      "visa-style",
      { "52": "hex:0123456789abcdeg" },
      "content_invalid at 52, expected hexadecimal digits, two a byte",
    ],
    [
      "a tag longer than its field",
      "mastercard-style",
      { "55.9F26": `hex:${"00".repeat(253)}` },
      "length_out_of_range at 55.9F26, expected 0 to 252 b",
    ],
    [
      "a tag of half a byte",
      "mastercard-style",
      { "55.9F26": "hex:012" },
      "content_invalid at 55.9F26, expected hexadecimal digits, two a byte",
    ],
    ["a part of another class", "mastercard-style", { "48.42.01": "2X2" }, "content_invalid at 48.42.01, expected 3 n"],
    [
      "a whole composite with a part of another class",
      "visa-style",
      { "54": "0040840C00000000250X" },
      "content_invalid at 54.1.5, expected 12 n",
    ],
    [
      "a whole composite whose tags are none",
      "mastercard-style",
      { "55": "hex:9f26ff01" },
      "content_invalid at 55.9F26, expected a length",
    ],
  ];

  for (const [title, name, values, refusal] of cases) {
    it(title, () => {
      expect(refusals(name, values)).to.deep.equal([refusal, refusal]);
    });
  }

  it("tags that are longer together than their field", () => {
    const tag = `hex:${"00".repeat(200)}`;

    expect(refusals("mastercard-style", { "55.9F26": tag, "55.9F36": tag })).to.deep.equal([
      "length_out_of_range at 55, expected 0 to 255 b",
      "length_out_of_range at 55, expected 0 to 255 b",
    ]);
  });

  it("a position that is shorter than its place, though the positions after it would fill the field", () => {
    const values = { "43.1": "NAME", "43.2": "CITY                              ", "43.3": "US" };

    expect(refusals("visa-style", values)[0]).to.equal("length_out_of_range at 43.1, expected 25 ans");
  });
});
