import { type Element, Source } from "./element.ts";
import type { DecodeFault } from "./faults.ts";
import { decodeBody } from "./fields.ts";
import { headersEnd } from "./header.ts";
import type { DialectPlan } from "./plan.ts";
import { Reader } from "./reader.ts";

/** What was read of a message, up to a fault where there is one. */
export interface Reading {
  /** Of the version that its type names. */
  readonly plan: DialectPlan;
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
export function decodeMessage(dialect: DialectPlan, bytes: Uint8Array): Reading {
  const reader = new Reader(new Source(bytes));
  const { source } = reader;
  const headerEnd = dialect.header === null ? 0 : headersEnd(reader, dialect.header);
  if (headerEnd < 0) {
    const { fault } = reader;
    return { plan: dialect, source, headerEnd: 0, mti: null, bitmapEnd: -1, elements: [], end: 0, fault };
  }
  reader.at = headerEnd;
  const { plan, mti, bitmapEnd, elements, isWhole } = decodeBody(reader, dialect, { prefix: "", limit: bytes.length });
  if (isWhole && reader.at < bytes.length) {
    const found = `${bytes.length - reader.at} more bytes`;
    reader.fail("trailing_bytes", "", reader.at, { expected: "the end of the message", found });
  }
  return { plan, source, headerEnd, mti, bitmapEnd, elements, end: reader.at, fault: reader.fault };
}
