import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { importJposPackager, importMoovSpec } from "../../../src/iso8583/import.ts";
import { compile } from "../../../src/iso8583/public.ts";
import { hexOf, octets } from "./packager.ts";

interface Row {
  readonly id: string;
  readonly spec: string;
  readonly hex: string;
  readonly fields: Readonly<Record<string, string>>;
}

// Published vectors and specs are under other licences: they are read from beside the repository where they exist.
const folder = new URL("../../../../../shared/vectors/", import.meta.url);
const file = fileURLToPath(new URL("wire.json", folder));
const rows: readonly Row[] = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Row[]) : [];

// A letter of an amount that is neither C nor D is kept with its digits, as bytes.
const asBytes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "jpos-87b-64only": { "28": "hex:3000000100", "29": "hex:3000000200", "30": "hex:3000000300", "31": "hex:3000000400" },
};

describe("iso8583/import/vectors", () => {
  before(function skipWithoutVectors() {
    if (rows.length > 0) return;
    console.log("      skipped: no published vectors beside this repository");
    this.skip();
  });

  for (const id of ["jpos-87a", "jpos-87b-64only", "jpos-93a", "jpos-postilion", "jpos-tagged-1", "jpos-tagged-2"]) {
    it(`reads and writes the published message ${id} by its own packager`, () => {
      const { spec, hex, fields } = row(id);

      const imported = importJposPackager(readFileSync(new URL(spec, folder), "utf8"));
      if (!imported.ok) expect.fail(imported.error.message);
      expectMessage(imported.value.spec, hex, { ...fields, ...asBytes[id] });
    });
  }

  for (const id of ["moov-dat-financial-transaction", "moov-dat-reversal", "moov-dat-reversal-response"]) {
    it(`reads and writes the published message ${id} by the published spec in JSON`, () => {
      const { hex, fields } = row(id);

      const imported = importMoovSpec(readFileSync(new URL("specs/moov-spec87ascii.json", folder), "utf8"));
      if (!imported.ok) expect.fail(imported.error.message);
      expectMessage(imported.value.spec, hex, fields);
    });
  }

  it("reads and writes moov-mixed by a spec made of its description", () => {
    const { hex, fields } = row("moov-mixed");
    const ascii = (length: number) => ({ type: "String", length, enc: "ASCII", prefix: "ASCII.Fixed" });
    const variable = (length: number, prefix: string) => ({ type: "String", length, enc: "ASCII", prefix });
    const digits = (enc: string) => ({ type: "Numeric", length: 3, enc, prefix: "BCD.Fixed" });
    const tag = (length: number) => ({ type: "String", length, enc: "ASCII", prefix: "BerTLV" });
    const spec = {
      fields: {
        "0": ascii(4),
        "1": { type: "Bitmap", enc: "Binary", prefix: "Hex.Fixed" },
        "2": variable(19, "ASCII.LL"),
        "3": ascii(6),
        "4": ascii(12),
        "7": ascii(10),
        "11": ascii(6),
        "12": ascii(6),
        "13": ascii(4),
        "14": ascii(4),
        "19": digits("BCD"),
        "22": ascii(3),
        "25": ascii(2),
        "32": variable(11, "ASCII.LL"),
        "35": variable(37, "ASCII.LL"),
        "37": ascii(12),
        "41": ascii(8),
        "42": ascii(15),
        "43": ascii(40),
        "49": digits("LBCD"),
        "52": { type: "Binary", length: 8, enc: "Binary", prefix: "Binary.Fixed" },
        "53": ascii(16),
        "55": {
          type: "Composite",
          length: 255,
          prefix: "ASCII.LLL",
          tag: { enc: "BerTLVTag", sort: "StringsByHex" },
          subfields: { "9A": tag(6), "9F02": tag(12) },
        },
        "120": variable(999, "ASCII.LLL"),
      },
    };

    const imported = importMoovSpec(JSON.stringify(spec));
    if (!imported.ok) expect.fail(imported.error.message);
    expect(imported.value.report).to.deep.equal([]);
    expectMessage(imported.value.spec, hex, fields);
  });
});

function expectMessage(
  spec: Parameters<typeof compile>[0],
  hex: string,
  fields: Readonly<Record<string, string>>,
): void {
  const decoded = compile(spec).decode(octets(hex));
  if (!decoded.ok) expect.fail(`${decoded.error.code} at ${decoded.error.path}`);
  for (const [name, expected] of Object.entries(fields)) {
    const path = name.replace(/\.trimmed$/, "");
    const value = decoded.message.get(path);
    expect(path === name ? value : value?.trim(), name).to.equal(expected);
  }
  expect(hexOf(compile(spec).encode(decoded.message))).to.equal(hex);
}

function row(id: string): Row {
  const found = rows.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no vector ${id}`);
  return found;
}
