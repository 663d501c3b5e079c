/** A reply of Redis: a text (Latin-1, so that bytes survive), a list, an error, a number as text, or null. */
export type RespValue = string | null | RespError | RespValue[];

export class RespError {
  /** First word: ERR, OOM, MOVED … */
  readonly code: string;
  readonly message: string;

  constructor(line: string) {
    this.message = line;
    const space = line.indexOf(" ");
    this.code = space < 0 ? line : line.slice(0, space);
  }
}

/** Commands are appended to one growing buffer, which a flush hands to the socket. */
export class RespWriter {
  #buffer: Buffer;
  #length = 0;

  constructor(initialBytes = 65_536) {
    this.#buffer = Buffer.allocUnsafe(initialBytes);
  }

  get length(): number {
    return this.#length;
  }

  array(count: number): void {
    this.#reserve(16);
    this.#line(0x2a, count);
  }

  text(text: string): void {
    this.#reserve(text.length + 32);
    this.#line(0x24, text.length);
    this.#length += this.#buffer.latin1Write(text, this.#length);
    this.#end();
  }

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length + 32);
    this.#line(0x24, bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
    this.#end();
  }

  /** Everything written since the last take, and an empty writer. The bytes belong to the caller. */
  take(): Buffer {
    const taken = Buffer.allocUnsafe(this.#length);
    this.#buffer.copy(taken, 0, 0, this.#length);
    this.#length = 0;
    return taken;
  }

  #line(type: number, count: number): void {
    this.#buffer[this.#length++] = type;
    if (count < 10) this.#buffer[this.#length++] = 48 + count;
    else this.#length += this.#buffer.latin1Write(String(count), this.#length);
    this.#end();
  }

  #end(): void {
    this.#buffer[this.#length++] = 13;
    this.#buffer[this.#length++] = 10;
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

const nothing = Buffer.alloc(0);
const incomplete = Symbol("incomplete");

/** Cuts a byte stream into replies, whatever the chunks. */
export class RespReader {
  #chunk: Buffer = nothing;
  #at = 0;

  /** Hands every whole reply to `onReply`, and keeps a copy of the rest for the next chunk: the caller's bytes are free again. */
  push(chunk: Buffer, onReply: (value: RespValue) => void): void {
    this.#chunk = this.#chunk.length > 0 ? Buffer.concat([this.#chunk, chunk]) : chunk;
    this.#at = 0;
    for (;;) {
      const start = this.#at;
      const value = this.#read();
      if (value === incomplete) {
        this.#chunk = start < this.#chunk.length ? Buffer.from(this.#chunk.subarray(start)) : nothing;
        this.#at = 0;
        return;
      }
      onReply(value);
    }
  }

  #read(): RespValue | typeof incomplete {
    const chunk = this.#chunk;
    const start = this.#at;
    if (start >= chunk.length) return incomplete;
    const end = chunk.indexOf(13, start);
    if (end < 0 || end + 1 >= chunk.length) return incomplete;
    this.#at = end + 2;
    switch (chunk[start]) {
      case 0x2a: // *
        return this.#readList(this.#count(start + 1, end));
      case 0x24: // $
        return this.#readText(this.#count(start + 1, end));
      case 0x2d: // -
        return new RespError(chunk.latin1Slice(start + 1, end));
      default: // + and :
        return chunk.latin1Slice(start + 1, end);
    }
  }

  #readText(length: number): string | null | typeof incomplete {
    if (length < 0) return null;
    const start = this.#at;
    if (start + length + 2 > this.#chunk.length) return incomplete;
    this.#at = start + length + 2;
    return this.#chunk.latin1Slice(start, start + length);
  }

  #readList(count: number): RespValue | typeof incomplete {
    if (count < 0) return null;
    const list: RespValue[] = [];
    for (let i = 0; i < count; i++) {
      const value = this.#read();
      if (value === incomplete) return incomplete;
      list.push(value);
    }
    return list;
  }

  #count(from: number, to: number): number {
    const chunk = this.#chunk;
    if (chunk[from] === 0x2d) return -1;
    let value = 0;
    for (let i = from; i < to; i++) value = value * 10 + (chunk[i] ?? 48) - 48;
    return value;
  }
}
