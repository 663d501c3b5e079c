import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import type { DialectSpec } from "../../specs/dialect.ts";
import { importJposPackager } from "../../src/iso8583/import.ts";
import { FrameReader, type Message, compile, dialects, framings } from "../../src/iso8583/public.ts";
import {
  aloneContentAt,
  aloneMessage,
  asciiWithBinaryBitmap,
  asciiWithHexBitmaps,
  asciiWithMixedFields,
  clearing,
  datasetWithBitmap,
  ebcdic93,
  fieldAlone,
} from "./local-dialects.ts";

interface Row {
  readonly id: string;
  readonly kind: string;
  readonly framing: string;
  readonly spec: string;
  readonly hex: string;
  readonly fields: Readonly<Record<string, string | boolean | number>>;
}

// Published vectors are under other licences: they are read from beside the repository where they exist.
const folder = new URL("../../../../shared/vectors/", import.meta.url);
const file = fileURLToPath(new URL("wire.json", folder));
const rows: readonly Row[] = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Row[]) : [];

const messageDialects: Readonly<Record<string, DialectSpec>> = {
  "visa-ecomm-0100": dialects["visa-style"],
  "visa-aft-0200": dialects["visa-style"],
  "visa-aft-0430": dialects["visa-style"],
  "moov-min": asciiWithHexBitmaps,
  "moov-bitmap3": asciiWithHexBitmaps,
  "moov-mixed": asciiWithMixedFields,
  "moov-dat-financial-transaction": asciiWithHexBitmaps,
  "moov-dat-reversal": asciiWithHexBitmaps,
  "moov-dat-reversal-response": asciiWithHexBitmaps,
  "moov-dat-network-management": asciiWithHexBitmaps,
  "pyiso-howto-1": asciiWithHexBitmaps,
  "erl-amex": ebcdic93,
  "ipm-ascii": clearing,
  "ipm-min": clearing,
  "ipm-pds": clearing,
  "sq-echo": asciiWithBinaryBitmap,
  "sq-purchase-framed": asciiWithBinaryBitmap,
};
const fieldShapes = {
  "bertlv-ppse": { kind: "ber-tlv", nests: true },
  "ipm-de55-nullpad": { kind: "ber-tlv", nests: true },
  "jpos-ds-tlv": { kind: "datasets", nests: true },
  "jpos-dbm-single": datasetWithBitmap,
} as const;
const brokenChipData = ["ipm-de55-bad-0", "ipm-de55-bad-3"];
const noise = ["moov-fuzz-0", "vbs-short"];

// Four rows expect what their bytes do not say (`82 02 3c00` is not 023c): here is what stands on the wire. jPOS does not
// look at the letter of an amount; here one that is neither C nor D is kept with its digits, as bytes.
const misprints: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "erl-amex": { "11": "000001", "12": "090100000000" },
  "sq-purchase-framed": { "55.82": "hex:3c00" },
  "ipm-de55-nullpad": { "9F36": "hex:0011" },
  "jpos-87b-64only": { "28": "hex:3000000100", "29": "hex:3000000200", "30": "hex:3000000300", "31": "hex:3000000400" },
};
// Names that other readers have for parts which are numbered here.
const ownNames: Readonly<Record<string, string>> = {
  "43.name": "43.1",
  "43.address": "43.2",
  "43.suburb": "43.3",
  "43.postcode": "43.4",
  "43.state": "43.5",
  "43.country": "43.6",
};

describe("iso8583/vectors", () => {
  before(function skipWithoutVectors() {
    if (rows.length > 0) return;
    console.log("      skipped: no published vectors beside this repository");
    this.skip();
  });

  for (const [id, spec] of Object.entries(messageDialects)) {
    it(`reads and writes the published message ${id}`, () => {
      const bytes = unframed(id, row(id));

      const message = decoded(spec, bytes);

      expectFields(message, row(id), "");
      expect(hexOf(compile(spec).encode(message))).to.equal(hexOf(bytes));
    });
  }

  for (const { id, spec } of rows.filter((one) => one.spec.startsWith("specs/"))) {
    it(`reads and writes the published message ${id} by the packager that is named with it`, () => {
      const imported = importJposPackager(readFileSync(new URL(spec, folder), "utf8"));
      if (!imported.ok) return expect.fail(imported.error.message);
      const bytes = octets(row(id).hex);

      const message = decoded(imported.value.spec, bytes);

      expectFields(message, row(id), "");
      expect(hexOf(compile(imported.value.spec).encode(message))).to.equal(hexOf(bytes));
    });
  }

  for (const [id, shape] of Object.entries(fieldShapes)) {
    it(`reads and writes the published field ${id}`, () => {
      const bytes = aloneMessage(octets(row(id).hex));

      const message = decoded(fieldAlone(shape), bytes);

      expectFields(message, row(id), "55.");
      expect(hexOf(compile(fieldAlone(shape)).encode(message))).to.equal(hexOf(bytes));
    });
  }

  for (const id of brokenChipData) {
    it(`refuses the published broken chip data ${id} at its place, within 50 ms`, () => {
      const bytes = aloneMessage(octets(row(id).hex));
      const start = performance.now();

      const result = compile(fieldAlone({ kind: "ber-tlv", nests: true })).decode(bytes);

      expect(performance.now() - start).to.be.below(50);
      expect(result.ok ? "read" : result.error.code).to.be.oneOf(["tlv_invalid", "part_overrun"]);
      expect(!result.ok && result.error.offset).to.be.within(aloneContentAt, bytes.length);
    });
  }

  it(`reads nothing out of noise that others have crashed on (${noise.join(", ")})`, () => {
    for (const id of noise) {
      for (const spec of Object.values(dialects)) {
        expect(compile(spec).decode(octets(row(id).hex)).ok, `${id} as ${spec.name}`).to.equal(false);
      }
    }
  });

  it("reads a PAN of letters only where the layout admits letters (pyiso-howto-1)", () => {
    const strict = compile(dialects["iso87-ascii"]).decode(octets(row("pyiso-howto-1").hex));

    expect(strict.ok ? "read" : strict.error).to.include({ code: "content_invalid", path: "2", offset: 22 });
    expect(!strict.ok && strict.error.partial?.get("21")).to.equal("021");
  });

  it("leaves out no row but those of cryptography and of clearing files", () => {
    const covered = new Set([
      ...Object.keys(messageDialects),
      ...Object.keys(fieldShapes),
      ...brokenChipData,
      ...noise,
      ...rows.filter((one) => one.spec.startsWith("specs/")).map((one) => one.id),
    ]);

    const missing = rows.filter((one) => !covered.has(one.id) && !isOfOtherRooms(one)).map((one) => one.id);

    console.log(`      ${countsOf(covered)}`);
    expect(missing).to.deep.equal([]);
    expect([...covered].filter((id) => !rows.some((one) => one.id === id))).to.deep.equal([]);
  });
});

/** Cryptography belongs to the hsm, blocked files to clearing. */
function isOfOtherRooms({ kind }: Row): boolean {
  return kind === "crypto" || kind === "file";
}

/** "message 23 of 23, field 4 of 4, …" */
function countsOf(covered: ReadonlySet<string>): string {
  const kinds = new Map<string, { of: number; covered: number }>();
  for (const { id, kind } of rows) {
    const count = kinds.get(kind) ?? { of: 0, covered: 0 };
    kinds.set(kind, { of: count.of + 1, covered: count.covered + (covered.has(id) ? 1 : 0) });
  }
  return [...kinds].map(([kind, count]) => `${kind} ${count.covered} of ${count.of}`).join(", ");
}

/** Every field that a row lists, at its path below `prefix`. */
function expectFields(message: Message, { id, fields }: Row, prefix: string): void {
  for (const [name, expected] of Object.entries({ ...fields, ...misprints[id] })) {
    const path = prefix + (ownNames[name] ?? name.replace(/\.trimmed$/, "").replace(/\.PDS(?=\d+$)/, "."));
    const value = valueAt(message, path, expected);
    // Blanks fill a place up; where a row names the value without them it says so, or gives it a name of its own.
    const isTrimmed = name.endsWith(".trimmed") || name in ownNames;
    expect(isTrimmed ? value?.trim() : value, `${id} ${name}`).to.equal(expected);
  }
}

function row(id: string): Row {
  const found = rows.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no vector ${id}`);
  return found;
}

/** The message of a row, out of the frame that it was published in. */
function unframed(id: string, { hex }: Row): Uint8Array {
  if (id === "sq-purchase-framed") return octets(hex).subarray(4);
  if (!id.startsWith("visa-")) return octets(hex);
  const frames: Uint8Array[] = [];
  const reader = new FrameReader({ framing: framings.vli, frameBytesMax: 2048 });
  reader.push(octets(hex), {
    frame: (bytes) => frames.push(bytes),
    keepAlive: () => expect.fail("a keep-alive"),
    fatal: (error) => expect.fail(error.code),
  });
  expect(frames).to.have.length(1);
  return frames[0] ?? new Uint8Array();
}

function decoded(spec: DialectSpec, bytes: Uint8Array): Message {
  const result = compile(spec).decode(bytes);
  if (!result.ok) return expect.fail(`${result.error.code} at ${result.error.path}, byte ${result.error.offset}`);
  expect(result.consumed).to.equal(bytes.length);
  return result.message;
}

/** A field of text that is expected as bytes is compared as bytes. */
function valueAt(message: Message, path: string, expected: Row["fields"][string]): string | undefined {
  const value = message.get(path);
  const bytes = message.bytes(path);
  const isBytes = typeof expected === "string" && expected.startsWith("hex:") && value?.startsWith("hex:") === false;
  return isBytes && bytes !== undefined ? `hex:${hexOf(bytes)}` : value;
}

function octets(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, "hex"));
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
