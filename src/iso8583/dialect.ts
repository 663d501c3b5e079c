import type { DialectSpec } from "../../specs/dialect.ts";
import { iso87Ascii } from "../../specs/dialects/iso87-ascii.ts";
import { iso87Binary } from "../../specs/dialects/iso87-binary.ts";
import { iso93Ascii } from "../../specs/dialects/iso93-ascii.ts";
import { iso93Binary } from "../../specs/dialects/iso93-binary.ts";
import { mastercardStyle } from "../../specs/dialects/mastercard-style.ts";
import { visaStyle } from "../../specs/dialects/visa-style.ts";
import { must } from "../kernel/assert.ts";
import { type Reading, decodeMessage } from "./decode.ts";
import { encodeMessage } from "./encode.ts";
import type { DecodeFault } from "./faults.ts";
import { setAll } from "./from-json.ts";
import { mtiText } from "./mti.ts";
import { type Header, defaultHeader, readHeader } from "./header.ts";
import { Message } from "./message.ts";
import { type DialectPlan, versionOf } from "./plan.ts";
import { planDialect } from "./plan-build.ts";

/** The dialects that are shipped, by the name that a configuration file writes. */
export const dialects = {
  "iso87-ascii": iso87Ascii,
  "iso87-binary": iso87Binary,
  "iso93-ascii": iso93Ascii,
  "iso93-binary": iso93Binary,
  "visa-style": visaStyle,
  "mastercard-style": mastercardStyle,
} as const satisfies Record<string, DialectSpec>;
export type DialectName = keyof typeof dialects;

export interface DecodeError extends DecodeFault {
  /**
   * What could be read all the same: everything up to a fault of structure, and everything but the faulty field after a
   * fault of content. Null where not even the message type could be read.
   */
  readonly partial: Message | null;
}

export type Decoded =
  | { readonly ok: true; readonly message: Message; readonly consumed: number }
  | { readonly ok: false; readonly error: DecodeError };

export interface Codec {
  readonly spec: DialectSpec;
  readonly plan: DialectPlan;
  /**
   * One whole message (a frame without the frame's own header). Never throws, whatever the bytes. The message reads
   * from `bytes` later on.
   */
  decode(bytes: Uint8Array): Decoded;
  /** Wire bytes behind `headroom` zero bytes (for `sealFrame`). Throws EncodeError. */
  encode(message: Message, headroom?: number): Uint8Array;
  /** An empty message; `header` in dialects that have one. */
  create(mti: string, header?: Header | null): Message;
  /** The reverse of `message.toJSON()`. Throws EncodeError. */
  fromJSON(json: Readonly<Record<string, string>>): Message;
}

const codecs = new WeakMap<DialectSpec, Codec>();

/** A codec for a dialect; the same one for the same spec. */
export function compile(spec: DialectSpec): Codec {
  const known = codecs.get(spec);
  if (known !== undefined) return known;
  const plan = planDialect(spec);
  const codec: Codec = {
    spec,
    plan,
    decode: (bytes) => decode(plan, bytes),
    encode: (message, headroom = 0) => encodeMessage(message, headroom),
    create: (mti, header = defaultHeader(plan.header)) => new Message(versionOf(plan, mti), mti, { header }),
    fromJSON: (json) => messageFromJson(plan, json),
  };
  codecs.set(spec, codec);
  return codec;
}

function decode(plan: DialectPlan, bytes: Uint8Array): Decoded {
  const reading = decodeMessage(plan, bytes);
  const message = messageOf(reading);
  if (reading.fault !== null) return { ok: false, error: { ...reading.fault, partial: message } };
  return { ok: true, message: must(message, "a message without a fault has a type"), consumed: reading.end };
}

function messageOf(reading: Reading): Message | null {
  const { plan, mti, source, headerEnd, bitmapEnd, elements, fault } = reading;
  if (mti === null) return null;
  const header = plan.header === null ? null : readHeader(source.bytes, headerEnd, plan.header.kind);
  const bitmaps = fault === null ? { bytes: source.bytes, start: mti.end, end: bitmapEnd } : null;
  return new Message(plan, mtiText(mti), { header, elements, bitmaps });
}

function messageFromJson(plan: DialectPlan, json: Readonly<Record<string, string>>): Message {
  const mti = json["0"] ?? "";
  const message = new Message(versionOf(plan, mti), mti, { header: defaultHeader(plan.header) });
  setAll(message, json);
  return message;
}
