import { expect } from "chai";
import { importSpec } from "../../../src/iso8583/import.ts";
import { dialects } from "../../../src/iso8583/public.ts";
import { imported, packager } from "./packager.ts";

type Json = Record<string, unknown>;

describe("iso8583/import/spec-json", () => {
  for (const [name, dialect] of Object.entries(dialects)) {
    it(`takes the dialect ${name} in JSON as it is`, () => {
      const result = importSpec(JSON.stringify(dialect));

      expect(result.ok ? result.value.spec : result.error).to.deep.equal(JSON.parse(JSON.stringify(dialect)));
    });
  }

  it("takes what an import has made, alone or beside its report", () => {
    const { spec, report } = imported(
      packager(`<isofieldpackager id="48" length="999" name="Data" class="org.jpos.iso.IFA_LLLCHAR"
        packager="org.jpos.iso.packager.EuroSubFieldPackager">
        <isofield id="1" length="20" name="One" class="org.jpos.iso.IFEP_LLCHAR"/></isofieldpackager>
        <isofield id="28" length="9" name="Fee" class="org.jpos.iso.IFB_AMOUNT"/>`),
    );

    for (const json of [spec, { spec, report }]) {
      const result = importSpec(JSON.stringify(json));

      expect(result.ok ? result.value.spec : result.error).to.deep.equal(spec);
    }
  });

  const sound = dialects["iso87-ascii"];
  const amount: Json = { name: "Amount", content: "n", encoding: "ascii", length: 12 };
  const withField = (field: Json): Json => ({ ...sound, fields: { 4: field } });
  const broken: readonly [string, unknown, string][] = [
    ["a list", [], '"the dialect" has to be an object'],
    ["no name", { ...sound, name: undefined }, '"name" is missing'],
    ["a key that does not exist", { ...sound, colour: "red" }, 'has no key "colour"'],
    [
      "an encoding that does not exist",
      withField({ ...amount, encoding: "morse" }),
      '"fields.4.encoding" has to be one of ascii',
    ],
    [
      "a length that is no number",
      withField({ ...amount, length: "12" }),
      '"fields.4.length" has to be a whole number',
    ],
    ["a field number that no bitmap has", { ...sound, fields: { 500: amount } }, '"fields" has no key "500"'],
    [
      "a part that is no field",
      withField({ ...amount, shape: { kind: "sequence", parts: [amount, { name: "x" }] } }),
      '"fields.4.shape.parts[1].content" is missing',
    ],
    [
      "a shape that does not exist",
      withField({ ...amount, shape: { kind: "heap" } }),
      '"fields.4.shape" has no kind that is known',
    ],
    [
      "neither a length nor a most",
      withField({ name: "A", content: "n", encoding: "ascii" }),
      '"fields.4" needs "length" or "max"',
    ],
    [
      "a tag that is no hexadecimal number",
      withField({
        ...amount,
        encoding: "binary",
        content: "b",
        shape: { kind: "ber-tlv", nests: true, parts: { XY: amount } },
      }),
      '"fields.4.shape.parts" has no key "XY"',
    ],
  ];
  for (const [title, json, complaint] of broken) {
    it(`names the place where a dialect has ${title}`, () => {
      const result = importSpec(JSON.stringify(json));

      expect(result.ok ? "a spec" : result.error.message).to.include(complaint);
    });
  }
});
