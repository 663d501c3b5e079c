import { assert } from "../kernel/assert.ts";

/**
 * How messages are told apart on a stream. Lengths are big-endian and count the message only, not these bytes.
 *
 *   two-byte-length   | 00 c1 | message …
 *   vli               | 00 c1 | 00 00 | message …
 *
 * A length of zero is a keep-alive. With vli its last two bytes may carry flags of the session and are not looked at.
 */
export interface Framing {
  readonly name: string;
  readonly headerBytes: number;
  /** Header bytes after the length are zero in front of a message. */
  readonly hasReserved: boolean;
}

export const framings = {
  "two-byte-length": { name: "two-byte-length", headerBytes: 2, hasReserved: false },
  vli: { name: "vli", headerBytes: 4, hasReserved: true },
} as const satisfies Record<string, Framing>;
export type FramingName = keyof typeof framings;

export interface FramingError {
  readonly code: "frame_too_long" | "reserved_not_zero";
  /** The length that the header told, in bytes. */
  readonly length: number;
  readonly frameBytesMax: number;
}

/** Where frames go. `frame` may be a view into the chunk: it must not be kept beyond the life of the chunk's bytes. */
export interface FrameSink {
  frame(bytes: Uint8Array): void;
  keepAlive(): void;
  /** The stream can no longer be read; everything pushed later is dropped. */
  fatal(error: FramingError): void;
}

export interface FrameReaderOptions {
  readonly framing: Framing;
  /** Longer frames are refused before a byte is set aside for them. */
  readonly frameBytesMax: number;
}

/** Finds frames in a stream, however its chunks are split or merged. A frame that lies in one chunk is not copied. */
export class FrameReader {
  readonly #framing: Framing;
  readonly #frameBytesMax: number;
  readonly #header: Uint8Array;
  #headerFilled = 0;
  /** A frame of which only a part has come; null between frames and while only its header has. */
  #body: Uint8Array | null = null;
  #bodyFilled = 0;
  #isDead = false;

  constructor(options: FrameReaderOptions) {
    this.#framing = options.framing;
    this.#frameBytesMax = options.frameBytesMax;
    this.#header = new Uint8Array(options.framing.headerBytes);
  }

  /** Part of a frame is outstanding: a peer that leaves it so is to be cut off by an idle timer. */
  get isMidFrame(): boolean {
    return this.#headerFilled > 0;
  }

  push(chunk: Uint8Array, sink: FrameSink): void {
    let at = 0;
    while (at < chunk.length && !this.#isDead) {
      at = this.#body === null ? this.#takeHeader(chunk, at, sink) : this.#takeBody(this.#body, chunk, at, sink);
    }
  }

  /** Completes the header, and with it the frame where all of it is there. */
  #takeHeader(chunk: Uint8Array, from: number, sink: FrameSink): number {
    const header = this.#header;
    let at = from;
    while (this.#headerFilled < header.length && at < chunk.length) {
      header[this.#headerFilled++] = chunk[at++] ?? 0;
    }
    if (this.#headerFilled < header.length) return at;
    const length = ((header[0] ?? 0) << 8) | (header[1] ?? 0);
    if (length === 0) {
      this.#headerFilled = 0;
      sink.keepAlive();
      return at;
    }
    const code = this.#refusal(length);
    if (code !== null) {
      this.#isDead = true;
      sink.fatal({ code, length, frameBytesMax: this.#frameBytesMax });
      return at;
    }
    if (at + length <= chunk.length) {
      this.#headerFilled = 0;
      sink.frame(chunk.subarray(at, at + length));
      return at + length;
    }
    this.#body = new Uint8Array(length);
    this.#bodyFilled = 0;
    return at;
  }

  #takeBody(body: Uint8Array, chunk: Uint8Array, from: number, sink: FrameSink): number {
    const end = Math.min(from + body.length - this.#bodyFilled, chunk.length);
    body.set(chunk.subarray(from, end), this.#bodyFilled);
    this.#bodyFilled += end - from;
    if (this.#bodyFilled === body.length) {
      this.#body = null;
      this.#headerFilled = 0;
      sink.frame(body);
    }
    return end;
  }

  #refusal(length: number): FramingError["code"] | null {
    if (length > this.#frameBytesMax) return "frame_too_long";
    const isReservedUsed = this.#framing.hasReserved && (this.#header[2] !== 0 || this.#header[3] !== 0);
    return isReservedUsed ? "reserved_not_zero" : null;
  }
}

/** A message in a frame: one buffer with the header in front. */
export function frame(framing: Framing, message: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(framing.headerBytes + message.length);
  bytes.set(message, framing.headerBytes);
  return sealFrame(framing, bytes);
}

/** Writes the header into the headroom that the encoder has left: `sealFrame(f, codec.encode(message, f.headerBytes))`. */
export function sealFrame(framing: Framing, bytes: Uint8Array): Uint8Array {
  const length = bytes.length - framing.headerBytes;
  assert(length >= 0 && length <= 0xffff, "frame beyond what two bytes can tell");
  bytes[0] = length >> 8;
  bytes[1] = length & 0xff;
  return bytes;
}

export function keepAliveFrame(framing: Framing): Uint8Array {
  return new Uint8Array(framing.headerBytes);
}
