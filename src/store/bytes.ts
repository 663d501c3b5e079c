import { type Minor, minor } from "../kernel/money.ts";

/** Appends big-endian values to one buffer that is used again and again. */
export class ByteWriter {
  #buffer: Buffer;
  #length = 0;

  constructor(initialBytes: number) {
    this.#buffer = Buffer.allocUnsafe(initialBytes);
  }

  reset(): void {
    this.#length = 0;
  }

  uint(value: number, bytes: 1 | 2 | 3 | 4 | 5 | 6): void {
    this.#reserve(bytes);
    this.#length = this.#buffer.writeUIntBE(value, this.#length, bytes);
  }

  /** An amount that is not negative, in six bytes. */
  minor(amount: Minor): void {
    this.uint(Number(amount), 6);
  }

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Up to 255 Latin-1 characters behind one byte of length. */
  shortText(text: string): void {
    this.#reserve(1 + text.length);
    this.#length = this.#buffer.writeUInt8(text.length, this.#length);
    this.#length += this.#buffer.latin1Write(text, this.#length);
  }

  /** UTF-8 behind four bytes of length. */
  text(text: string): void {
    const bytes = Buffer.byteLength(text);
    this.#reserve(4 + bytes);
    this.#length = this.#buffer.writeUInt32BE(bytes, this.#length);
    this.#length += this.#buffer.write(text, this.#length);
  }

  copy(): Uint8Array {
    return Uint8Array.prototype.slice.call(this.#buffer, 0, this.#length);
  }

  // Buffer.latin1Write silently cuts what does not fit: every append is checked first.
  #reserve(bytes: number): void {
    const wanted = this.#length + bytes;
    if (wanted <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(wanted, this.#buffer.length * 2));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}

/** Reads what a ByteWriter or a function's struct.pack wrote. Throws RangeError beyond the end. */
export class ByteReader {
  readonly #buffer: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  get remaining(): number {
    return this.#buffer.length - this.#at;
  }

  uint(bytes: 1 | 2 | 3 | 4 | 5 | 6): number {
    const value = this.#buffer.readUIntBE(this.#at, bytes);
    this.#at += bytes;
    return value;
  }

  minor(): Minor {
    return minor(this.uint(6));
  }

  /** A signed amount: whole numbers below 2^53 are exact in a double. */
  double(): Minor {
    const value = this.#buffer.readDoubleBE(this.#at);
    this.#at += 8;
    return minor(value);
  }

  /** A view of the bytes, not a copy: a copy of 8 bytes costs a buffer of its own. */
  bytes(count: number): Uint8Array {
    const bytes = this.#buffer.subarray(this.#at, this.#at + count);
    this.#at += count;
    return bytes;
  }

  shortText(): string {
    const length = this.uint(1);
    const text = this.#buffer.latin1Slice(this.#at, this.#at + length);
    this.#at += length;
    return text;
  }

  text(): string {
    const length = this.uint(4);
    const text = this.#buffer.toString("utf8", this.#at, this.#at + length);
    this.#at += length;
    return text;
  }
}
