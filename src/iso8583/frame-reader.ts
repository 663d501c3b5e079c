import type { Framing } from "./framing.ts";
import { nibble } from "./octets.ts";

/**
 * frame_too_long: beyond the limit. reserved_not_zero: bytes that have to be zero are not. length_invalid: not written
 * in digits, or less than what it has to count. trailer_missing: the byte behind a message is not there.
 */
export interface FramingError {
  readonly code: "frame_too_long" | "reserved_not_zero" | "length_invalid" | "trailer_missing";
  /** Of the message in bytes as the header told it; -1 where it told none; so far, where only a trailer ends it. */
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

// What is set aside at first for a message whose length nobody tells.
const untoldBytes = 1_024;

/** Finds frames in a stream, however its chunks are split or merged. A frame that lies in one chunk is not copied. */
export class FrameReader {
  readonly #framing: Framing;
  readonly #frameBytesMax: number;
  readonly #header: Uint8Array;
  readonly #trailerBytes: number;
  #headerFilled = 0;
  /** A frame of which only a part has come, trailer included; null between frames and while only its header has. */
  #body: Uint8Array | null = null;
  #bodyFilled = 0;
  #isDead = false;

  constructor(options: FrameReaderOptions) {
    this.#framing = options.framing;
    this.#frameBytesMax = options.frameBytesMax;
    this.#header = new Uint8Array(options.framing.headerBytes);
    this.#trailerBytes = options.framing.trailer === null ? 0 : 1;
  }

  /** Part of a frame is outstanding: a peer that leaves it so is to be cut off by an idle timer. */
  get isMidFrame(): boolean {
    return this.#headerFilled > 0 || this.#body !== null;
  }

  push(chunk: Uint8Array, sink: FrameSink): void {
    let at = 0;
    const isTold = this.#framing.length !== "none";
    while (at < chunk.length && !this.#isDead) {
      if (!isTold) at = this.#takeToTrailer(chunk, at, sink);
      else at = this.#body === null ? this.#takeHeader(chunk, at, sink) : this.#takeBody(this.#body, chunk, at, sink);
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
    const told = toldLength(this.#framing, header);
    const length = told === 0 && this.#trailerBytes === 0 ? 0 : told - this.#framing.own;
    if (length === 0 && this.#trailerBytes === 0) {
      this.#headerFilled = 0;
      sink.keepAlive();
      return at;
    }
    const code = this.#refusal(told < 0 ? -1 : length);
    if (code !== null) return this.#die(code, length, sink) + at;
    const end = at + length + this.#trailerBytes;
    if (end <= chunk.length) {
      this.#handOut(chunk.subarray(at, end), sink);
      return end;
    }
    this.#body = new Uint8Array(length + this.#trailerBytes);
    this.#bodyFilled = 0;
    return at;
  }

  #takeBody(body: Uint8Array, chunk: Uint8Array, from: number, sink: FrameSink): number {
    const end = Math.min(from + body.length - this.#bodyFilled, chunk.length);
    body.set(chunk.subarray(from, end), this.#bodyFilled);
    this.#bodyFilled += end - from;
    if (this.#bodyFilled === body.length) {
      this.#body = null;
      this.#handOut(body, sink);
    }
    return end;
  }

  /** A whole message and its trailer. */
  #handOut(body: Uint8Array, sink: FrameSink): void {
    this.#headerFilled = 0;
    if (this.#trailerBytes === 0) {
      sink.frame(body);
      return;
    }
    const length = body.length - 1;
    if (body[length] !== this.#framing.trailer) this.#die("trailer_missing", length, sink);
    else if (length === 0) sink.keepAlive();
    else sink.frame(body.subarray(0, length));
  }

  /** A message that only its trailer ends: what has come of it is kept, up to the limit. */
  #takeToTrailer(chunk: Uint8Array, from: number, sink: FrameSink): number {
    const found = chunk.indexOf(this.#framing.trailer ?? 0, from);
    const end = found < 0 ? chunk.length : found;
    const length = this.#bodyFilled + end - from;
    if (length > this.#frameBytesMax) return this.#die("frame_too_long", length, sink) + end;
    if (found >= 0 && this.#body === null) {
      if (length === 0) sink.keepAlive();
      else sink.frame(chunk.subarray(from, end));
      return end + 1;
    }
    const body = this.#roomFor(length);
    body.set(chunk.subarray(from, end), this.#bodyFilled);
    this.#bodyFilled = length;
    if (found < 0) return end;
    this.#body = null;
    this.#bodyFilled = 0;
    sink.frame(body.subarray(0, length));
    return end + 1;
  }

  /** Twice as much each time, so that bytes that come one by one are not copied over and over. */
  #roomFor(length: number): Uint8Array {
    const body = this.#body;
    if (body !== null && body.length >= length) return body;
    const room = new Uint8Array(Math.min(Math.max(2 * length, untoldBytes), this.#frameBytesMax));
    if (body !== null) room.set(body.subarray(0, this.#bodyFilled));
    this.#body = room;
    return room;
  }

  #die(code: FramingError["code"], length: number, sink: FrameSink): 0 {
    this.#isDead = true;
    sink.fatal({ code, length, frameBytesMax: this.#frameBytesMax });
    return 0;
  }

  #refusal(length: number): FramingError["code"] | null {
    if (length < 0) return "length_invalid";
    if (length > this.#frameBytesMax) return "frame_too_long";
    const { zeros } = this.#framing;
    for (let at = zeros?.from ?? 0; at < (zeros?.to ?? 0); at++) {
      if (this.#header[at] !== 0) return "reserved_not_zero";
    }
    return null;
  }
}

/** The number in a header, or -1 where it is not written in digits. */
function toldLength({ length: form, lengthAt, lengthBytes }: Framing, header: Uint8Array): number {
  let told = 0;
  for (let at = lengthAt; at < lengthAt + lengthBytes; at++) {
    const byte = header[at] ?? 0;
    if (form === "binary") {
      told = 256 * told + byte;
    } else if (form === "bcd") {
      if (byte > 0x99 || (byte & 0x0f) > 9) return -1;
      told = 100 * told + 10 * (byte >> 4) + (byte & 0x0f);
    } else {
      const digit = nibble(byte);
      if (digit < 0 || (form === "digits" && digit > 9)) return -1;
      told = told * (form === "digits" ? 10 : 16) + digit;
    }
  }
  return told;
}
