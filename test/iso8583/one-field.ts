import type { DialectSpec, FieldSpec } from "../../specs/dialect.ts";
import { type Codec, type Message, compile } from "../../src/iso8583/public.ts";

/** A layout with one field, 2, behind `01 00 | 40 00 00 00 00 00 00 00`: ten bytes, so that its own bytes can be typed by hand. */
export function oneField(field: FieldSpec, more: Partial<DialectSpec> = {}): DialectSpec {
  return {
    name: "one-field",
    title: "One field",
    header: "none",
    mti: { encoding: "bcd" },
    bitmap: { encoding: "binary", count: 1 },
    fields: { 2: field },
    ...more,
  };
}

const start = "01004000000000000000";

/** The bytes of the field alone, as a codec writes it. */
export function fieldHex(codec: Codec, message: Message): string {
  const hex = Buffer.from(codec.encode(message)).toString("hex");
  if (!hex.startsWith(start)) throw new Error(`another start: ${hex}`);
  return hex.slice(start.length);
}

export function messageOf(hex: string): Uint8Array {
  return octets(start + hex.replaceAll(" ", ""));
}

export function octets(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex.replaceAll(" ", ""), "hex"));
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

/** A message that is known to be sound; anything else is the test's mistake. */
export function read(spec: DialectSpec, bytes: Uint8Array): Message {
  const result = compile(spec).decode(bytes);
  if (!result.ok) throw new Error(`${result.error.code} at ${result.error.path}, byte ${result.error.offset}`);
  return result.message;
}

/** Where a message is refused, "read" where it is not. */
export function refusal(spec: DialectSpec, bytes: Uint8Array): string {
  const result = compile(spec).decode(bytes);
  return result.ok ? "read" : `${result.error.code} at ${result.error.path}, byte ${result.error.offset}`;
}
