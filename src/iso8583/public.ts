/**
 * `cardswitch/iso8583`: ISO 8583 messages as data.
 *
 *   const codec = compile(dialects["visa-style"]);
 *   const decoded = codec.decode(bytes);
 *   if (decoded.ok) decoded.message.get("62.2");
 */
export { type Codec, type DecodeError, type Decoded, type DialectName, compile, dialects } from "./dialect.ts";
export { type DescribedPart, type Description, describe, renderDescription } from "./describe.ts";
export {
  type DecodeErrorCode,
  type DecodeFault,
  EncodeError,
  type EncodeErrorCode,
  decodeErrorCodes,
  encodeErrorCodes,
} from "./faults.ts";
export { FrameReader, type FrameReaderOptions, type FrameSink, type FramingError } from "./frame-reader.ts";
export {
  type Framing,
  type FramingName,
  asciiDigits,
  frame,
  framedBytesMax,
  framingNamed,
  framings,
  keepAliveFrame,
  sealFrame,
} from "./framing.ts";
export { type Header, newHeader, newTpdu, replyHeader } from "./header.ts";
export { masked } from "./mask.ts";
export type { Message } from "./message.ts";
export type { DialectSpec, FieldSpec, Shape } from "../../specs/dialect.ts";
