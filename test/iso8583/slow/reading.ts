import type { DialectSpec, Shape } from "../../../specs/dialect.ts";

/**
 * A second decoder, for tests: written from the sentences in specs/dialect.ts and from nothing else, without a thought
 * of speed. It says what the values are, or that the bytes are no sound message, and why.
 */
export class NotSound extends Error {
  override readonly name = "NotSound";
}

export function refuse(path: string, why: string): never {
  throw new NotSound(`${path === "" ? "message" : path}: ${why}`);
}

/** What calls what it lies in: composites hold fields, and fields hold composites and messages. */
export interface Readers {
  /** Reads the parts of a composite into the reading; whether there are any. */
  shape(shape: Shape, body: Body, reading: Reading, path: string): boolean;
  message(spec: DialectSpec, bytes: Uint8Array, standing: "framed" | "nested"): Reading;
}

/** Content and bytes of a body; `value` is as a value of a message is written. */
export interface Body {
  readonly value: string;
  /** Hexadecimal text already turned into what it stands for. */
  readonly octets: Uint8Array;
}

/** What has been read of one message so far; paths are those inside the message. */
export interface Reading {
  readonly readers: Readers;
  readonly mti: string;
  /** Leaves only, as `message.toJSON()` has them. */
  readonly values: Map<string, string>;
  /** Composites as one text, too: what conditions ask for. */
  readonly texts: Map<string, string>;
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

/** A path that nobody has yet: the second of two equal ones is "48.42#2". */
export function freePath(taken: Map<string, number>, path: string): string {
  const count = (taken.get(path) ?? 0) + 1;
  taken.set(path, count);
  return count === 1 ? path : `${path}#${count}`;
}
