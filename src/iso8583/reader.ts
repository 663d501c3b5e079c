import type { Element, Source } from "./element.ts";
import type { DecodeErrorCode, DecodeFault } from "./faults.ts";
import type { Count } from "./prefix.ts";

// One for all readers: it is read before the next prefix is.
const lastCount: Count = { count: 0, bytes: 0 };
const noElements: readonly (Element | undefined)[] = [];

/** Reads one byte string from left to right; remembers its first fault. */
export class Reader {
  readonly source: Source;
  readonly bytes: Uint8Array;
  at = 0;
  /** The length prefix that was read last. */
  readonly count: Count = lastCount;
  /** Templates of BER-TLV around the tag that is being read. */
  templates = 0;
  /** What conditions of variants may ask for: the type and the fields of the message that have been read. */
  mti = "";
  elements: readonly (Element | undefined)[] = noElements;
  fault: DecodeFault | null = null;

  constructor(source: Source) {
    this.source = source;
    this.bytes = source.bytes;
  }

  fail(code: DecodeErrorCode, path: string, offset: number, detail: { expected: string; found: string }): null {
    this.fault ??= { code, path, offset, expected: detail.expected, found: detail.found };
    return null;
  }
}
