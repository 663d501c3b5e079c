import { bitmapByte, decodeBitmaps } from "./bitmap.ts";
import { decodeField } from "./composite.ts";
import { type Element, Source, noElements } from "./element.ts";
import type { DecodeFault } from "./faults.ts";
import { headersEnd } from "./header.ts";
import type { DialectPlan } from "./plan.ts";
import { Reader } from "./reader.ts";

/** What was read of a message, up to a fault where there is one. */
export interface Reading {
  readonly source: Source;
  readonly headerEnd: number;
  readonly mti: Element | null;
  /** The bitmaps lie between the message type and this byte. */
  readonly bitmapEnd: number;
  readonly elements: (Element | undefined)[];
  readonly end: number;
  readonly fault: DecodeFault | null;
}

/**
 *   | header | message type | bitmap | second | third | field | field | …
 * A fault of structure ends the reading, since nobody knows where the next field begins. A fault of content does not:
 * a format error is answered with the message's own keys (DE11, DE37 …), which mostly come after it.
 */
export function decodeMessage(plan: DialectPlan, bytes: Uint8Array): Reading {
  const reader = new Reader(new Source(bytes));
  const elements = noElements(plan.fields.length);
  const headerEnd = plan.hasHeader ? headersEnd(reader) : 0;
  reader.at = headerEnd;
  const mti = headerEnd < 0 ? null : decodeField(reader, plan.mti, "0", bytes.length);
  const isMtiSound = mti !== null && !mti.isFaulty;
  const bitmapStart = reader.at;
  const bitmapEnd = isMtiSound ? decodeBitmaps(reader, plan) : -1;
  if (bitmapEnd >= 0) {
    reader.at = bitmapEnd;
    const isWhole = decodeFields(reader, plan, { bitmapStart, elements });
    if (isWhole && reader.at < bytes.length) {
      const found = `${bytes.length - reader.at} more bytes`;
      reader.fail("trailing_bytes", "", reader.at, { expected: "the end of the message", found });
    }
  }
  return {
    source: reader.source,
    headerEnd: Math.max(headerEnd, 0),
    mti: isMtiSound ? mti : null,
    bitmapEnd,
    elements,
    end: reader.at,
    fault: reader.fault,
  };
}

interface FieldsAt {
  readonly bitmapStart: number;
  readonly elements: (Element | undefined)[];
}

/** False where a fault of structure has stopped the reading. */
function decodeFields(reader: Reader, plan: DialectPlan, { bitmapStart, elements }: FieldsAt): boolean {
  const bitmapBytes = plan.hasHexBitmaps ? (reader.at - bitmapStart) >> 1 : reader.at - bitmapStart;
  const { bytes } = reader;
  for (let index = 0; index < bitmapBytes; index++) {
    let bits = bitmapByte(bytes, plan.hasHexBitmaps, bitmapStart, index);
    // ISO 8583:1987: the first bit of each bitmap announces the next one and stands for no field.
    if (index % 8 === 0) bits &= 0x7f;
    while (bits !== 0) {
      const lead = Math.clz32(bits) - 24;
      bits &= ~(0x80 >> lead);
      const number = 8 * index + lead + 1;
      const field = plan.fields[number];
      if (field === undefined) {
        const detail = { expected: "a field of the dialect", found: `bit ${number}` };
        reader.fail("field_undefined", String(number), reader.at, detail);
        return false;
      }
      const element = decodeField(reader, field, field.path, bytes.length);
      if (element === null) return false;
      elements[number] = element;
    }
  }
  return true;
}
