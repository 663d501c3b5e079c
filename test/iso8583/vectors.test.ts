import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import type { DialectSpec } from "../../specs/dialect.ts";
import { type Message, compile, dialects, framings, FrameReader } from "../../src/iso8583/public.ts";
import {
  aloneContentAt,
  aloneMessage,
  asciiWithBinaryBitmap,
  asciiWithHexBitmaps,
  clearing,
  ebcdic93,
  fieldAlone,
} from "./local-dialects.ts";

interface Row {
  readonly id: string;
  readonly kind: string;
  readonly hex: string;
  readonly fields: Readonly<Record<string, string | boolean>>;
}

// Published vectors are under other licences: they are read from beside the repository where they exist.
const file = fileURLToPath(new URL("../../../../shared/vectors/wire.json", import.meta.url));
const rows: readonly Row[] = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Row[]) : [];

const messageDialects: Readonly<Record<string, DialectSpec>> = {
  "visa-ecomm-0100": dialects["visa-style"],
  "visa-aft-0200": dialects["visa-style"],
  "visa-aft-0430": dialects["visa-style"],
  "moov-min": asciiWithHexBitmaps,
  "moov-bitmap3": asciiWithHexBitmaps,
  "moov-dat-financial-transaction": asciiWithHexBitmaps,
  "moov-dat-reversal": asciiWithHexBitmaps,
  "moov-dat-reversal-response": asciiWithHexBitmaps,
  "moov-dat-network-management": asciiWithHexBitmaps,
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
} as const;
// Three rows expect what their bytes do not say (`82 02 3c00` is not 023c): here is what stands on the wire.
const misprints: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "erl-amex": { "11": "000001", "12": "090100000000" },
  "sq-purchase-framed": { "55.82": "hex:3c00" },
  "ipm-de55-nullpad": { "9F36": "hex:0011" },
};
// Paths that belong to another reader's names for the same bytes.
const otherNames = /\.(?:[a-z]+|PDS\d+)$/;

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

      for (const [path, expected] of Object.entries({ ...row(id).fields, ...misprints[id] })) {
        if (!otherNames.test(path)) expect(valueAt(message, path, expected), path).to.equal(expected);
      }
      expect(hexOf(compile(spec).encode(message))).to.equal(hexOf(bytes));
    });
  }

  for (const [id, shape] of Object.entries(fieldShapes)) {
    it(`reads and writes the published chip data ${id}`, () => {
      const bytes = aloneMessage(octets(row(id).hex));

      const message = decoded(fieldAlone(shape), bytes);

      for (const [path, expected] of Object.entries({ ...row(id).fields, ...misprints[id] })) {
        expect(message.get(`55.${path}`), path).to.equal(expected);
      }
      expect(hexOf(compile(fieldAlone(shape)).encode(message))).to.equal(hexOf(bytes));
    });
  }

  for (const id of ["ipm-de55-bad-0", "ipm-de55-bad-3"]) {
    it(`refuses the published broken chip data ${id} at its place, within 50 ms`, () => {
      const bytes = aloneMessage(octets(row(id).hex));
      const start = performance.now();

      const result = compile(fieldAlone({ kind: "ber-tlv", nests: true })).decode(bytes);

      expect(performance.now() - start).to.be.below(50);
      expect(result.ok ? "read" : result.error.code).to.be.oneOf(["tlv_invalid", "part_overrun"]);
      expect(!result.ok && result.error.offset).to.be.within(aloneContentAt, bytes.length);
    });
  }

  it("reads nothing out of noise that others have crashed on (moov-fuzz-0, vbs-short)", () => {
    for (const id of ["moov-fuzz-0", "vbs-short"]) {
      for (const spec of Object.values(dialects)) {
        expect(compile(spec).decode(octets(row(id).hex)).ok, `${id} as ${spec.name}`).to.equal(false);
      }
    }
  });

  it("reads a PAN of letters only where the layout admits letters (pyiso-howto-1)", () => {
    const bytes = octets(row("pyiso-howto-1").hex);

    const message = decoded(asciiWithHexBitmaps, bytes);
    const strict = compile(dialects["iso87-ascii"]).decode(bytes);

    expect(message.toJSON()).to.include({ "0": "0200", "2": "cardholder PAN", "21": "021" });
    expect(message.get("3")).to.equal("111111");
    expect(strict.ok ? "read" : strict.error).to.include({ code: "content_invalid", path: "2", offset: 22 });
    expect(!strict.ok && strict.error.partial?.get("21")).to.equal("021");
  });

  it("names the rows that no layout here can read", () => {
    const covered = new Set([...Object.keys(messageDialects), ...Object.keys(fieldShapes)]);
    for (const id of ["ipm-de55-bad-0", "ipm-de55-bad-3", "moov-fuzz-0", "vbs-short", "pyiso-howto-1"]) covered.add(id);

    const missing = rows.filter((one) => one.kind !== "crypto" && !covered.has(one.id)).map((one) => one.id);

    console.log(`      not covered yet: ${missing.join(" ")}`);
    expect(missing).to.not.include("visa-ecomm-0100");
    expect([...covered].filter((id) => !rows.some((one) => one.id === id))).to.deep.equal([]);
  });
});

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

/** A field that is expected as bytes is compared as bytes, whatever text it has. */
function valueAt(message: Message, path: string, expected: string | boolean): string | undefined {
  const bytes = message.bytes(path);
  const isBytes = typeof expected === "string" && expected.startsWith("hex:") && bytes !== undefined;
  return isBytes ? `hex:${hexOf(bytes)}` : message.get(path);
}

function octets(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, "hex"));
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
