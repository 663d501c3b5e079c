import { expect } from "chai";
import type { DialectSpec } from "../../../specs/dialect.ts";
import { type ImportNote, importJposPackager } from "../../../src/iso8583/import.ts";
import { type Message, compile } from "../../../src/iso8583/public.ts";

/** A packager with a message type in ASCII and a binary bitmap, and the given fields. */
export function packager(fields: string, attributes = ""): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE isopackager PUBLIC "-//nobody//DTD none//EN" "http://nowhere.invalid/packager.dtd">
<isopackager ${attributes}>
<isofield id="0" length="4" name="Type" class="org.jpos.iso.IFA_NUMERIC"/>
<isofield id="1" length="16" name="Bitmap" class="org.jpos.iso.IFB_BITMAP"/>
${fields}
</isopackager>`;
}

export function imported(xml: string, options = {}): { spec: DialectSpec; report: readonly ImportNote[] } {
  const result = importJposPackager(xml, options);
  if (!result.ok) return expect.fail(`${result.error.line}: ${result.error.message}`);
  return result.value;
}

/** `30313030`, a bitmap with the bit of one field, and the field itself. */
export function frameOf(number: number, fieldHex: string): Uint8Array {
  const bits = new Uint8Array(number > 64 ? 16 : 8);
  bits[(number - 1) >> 3] = 0x80 >> ((number - 1) & 7);
  if (number > 64) bits[0] = (bits[0] ?? 0) | 0x80;
  return octets(`30313030${hexOf(bits)}${fieldHex.replaceAll(" ", "")}`);
}

export function decoded(spec: DialectSpec, bytes: Uint8Array): Message {
  const result = compile(spec).decode(bytes);
  if (!result.ok) return expect.fail(`${result.error.code} at ${result.error.path}: ${result.error.expected}`);
  expect(result.consumed).to.equal(bytes.length);
  expect(hexOf(compile(spec).encode(result.message))).to.equal(hexOf(bytes));
  return result.message;
}

export function octets(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex.replaceAll(" ", ""), "hex"));
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
