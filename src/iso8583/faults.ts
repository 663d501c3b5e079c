/** Why bytes are no message of a dialect. The first fault is reported; `message` faults leave no room for another. */
export const decodeErrorCodes = {
  header_invalid: "the header is too short, or its length is not that of the message",
  mti_invalid: "the message type is not four digits",
  bitmap_invalid: "the bitmap is not hexadecimal text, or announces more bitmaps than the dialect has",
  field_undefined: "the bitmap announces a field that the dialect does not have, so its length is unknown",
  length_invalid: "the length is not written in digits",
  length_out_of_range: "the length is below the least or above the most that the field may have",
  truncated: "the message ends before the field does",
  content_invalid: "a character is outside the class of the field",
  part_undefined: "the bitmap of the field announces a part that the dialect does not have",
  part_overrun: "a part reaches beyond the end of its field, or is cut short",
  tlv_invalid: "a tag or its length is malformed",
  trailing_bytes: "bytes are left after the last announced field",
} as const;
export type DecodeErrorCode = keyof typeof decodeErrorCodes;

export interface DecodeFault {
  readonly code: DecodeErrorCode;
  /** "4", "62.2", "48.42", "55.9F26"; "0" for the message type, "1" for the bitmaps, "header", "" for the message. */
  readonly path: string;
  /** Byte in the message, counted from its first byte, header included. */
  readonly offset: number;
  readonly expected: string;
  /** Never holds a value of a sensitive field. */
  readonly found: string;
}

export const encodeErrorCodes = {
  header_missing: "the dialect has a header and the message has none",
  mti_invalid: "the message type is not four digits",
  path_undefined: "the dialect has no such field or part",
  length_out_of_range: "the value is shorter or longer than the field may be",
  content_invalid: "the value has a character outside the class of the field",
  message_too_long: "the message is longer than a frame can be",
} as const;
export type EncodeErrorCode = keyof typeof encodeErrorCodes;

/** A value that does not fit its field: our own error, so it is thrown. The text names the field, never the value. */
export class EncodeError extends Error {
  override readonly name = "EncodeError";
  readonly code: EncodeErrorCode;
  readonly path: string;
  readonly expected: string;

  constructor(code: EncodeErrorCode, path: string, expected: string) {
    super(`${path}: ${encodeErrorCodes[code]}; expected ${expected}`);
    this.code = code;
    this.path = path;
    this.expected = expected;
  }
}
