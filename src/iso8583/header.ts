import { hexText } from "./octets.ts";
import type { HeaderPlan } from "./plan.ts";
import type { Reader } from "./reader.ts";

/**
 *    0      1      2    3  4   5 6 7        8 9 10  11          12 13  14 15 16  17     18 19 20  21    22 23   24 25
 *    length format text total  destination  source  round trip  flags  status    batch  reserved  user  bitmap  reject
 *    16     01     02   00 c1  00 00 00     12 34 56 …
 * Length is 16 (22 bytes) or, where the network rejects a message, 1A (26) with bit 80 of byte 22 set; the header and
 * the message that it rejects follow. `total` counts from here to the end of the message.
 *
 * A TPDU is | 60 | destination 2 | source 2 |. What other headers say is their sender's matter.
 */
export const headerBytes = 22;
export const tpduBytes = 5;
const rejectHeaderBytes = 26;
const headersMax = 4;

export interface Header {
  readonly kind: HeaderPlan["kind"];
  /** All headers, as they came. */
  readonly bytes: Uint8Array;
  /** Digits of the station that the message goes to, and of the one that it comes from: six, four in a TPDU, else "". */
  readonly destination: string;
  readonly source: string;
  /** Four digits where this is a message of ours that the network rejects; else null. */
  readonly rejectCode: string | null;
}

interface Stations {
  readonly destination: string;
  readonly source: string;
}

/** A base header for a message of our own; the encoder fills in the total. */
export function newHeader(stations: Stations): Header {
  const bytes = new Uint8Array(headerBytes);
  bytes.set([headerBytes, 0x01, 0x02]);
  writeStation(bytes, 5, stations.destination);
  writeStation(bytes, 8, stations.source);
  return { kind: "base-22", bytes, ...stations, rejectCode: null };
}

/** A TPDU for a message of our own; stations of four digits. */
export function newTpdu(stations: Stations): Header {
  const bytes = new Uint8Array(tpduBytes);
  bytes[0] = 0x60;
  writeStation(bytes, 1, stations.destination);
  writeStation(bytes, 3, stations.source);
  return { kind: "tpdu", bytes, ...stations, rejectCode: null };
}

/** What a message has that nobody gave a header: the literal, or zeros; null where there are stations to be named. */
export function defaultHeader(plan: HeaderPlan | null): Header | null {
  if (plan === null || plan.kind === "base-22" || plan.kind === "tpdu") return null;
  const bytes = plan.kind === "literal" ? plan.bytes : new Uint8Array(plan.length);
  return { kind: plan.kind, bytes, destination: "", source: "", rejectCode: null };
}

/** The header of the answer: the stations change places, all else is the sender's to know. */
export function replyHeader(header: Header): Header {
  if (header.kind === "literal" || header.kind === "skipped") return header;
  const { bytes: before, kind } = header;
  const length = Math.min(before.length, kind === "tpdu" ? tpduBytes : headerBytes);
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at++) bytes[at] = before[at] ?? 0;
  swapStations(bytes, kind === "tpdu" ? { at: 1, length: 2 } : { at: 5, length: 3 });
  if (kind === "base-22") {
    bytes[0] = headerBytes;
    bytes[1] = (bytes[1] ?? 0) & 0x7f;
  }
  return new ReadHeader(bytes, length, kind);
}

function swapStations(bytes: Uint8Array, { at, length }: { at: number; length: number }): void {
  for (let i = at; i < at + length; i++) {
    const byte = bytes[i] ?? 0;
    bytes[i] = bytes[i + length] ?? 0;
    bytes[i + length] = byte;
  }
}

export function readHeader(bytes: Uint8Array, end: number, kind: HeaderPlan["kind"] = "base-22"): Header {
  return new ReadHeader(bytes, end, kind);
}

/** A header in the bytes of its message: made into text when somebody asks, which an answer mostly does once. */
class ReadHeader implements Header {
  readonly kind: Header["kind"];
  readonly #source: Uint8Array;
  readonly #end: number;

  constructor(source: Uint8Array, end: number, kind: Header["kind"]) {
    this.kind = kind;
    this.#source = source;
    this.#end = end;
  }

  get bytes(): Uint8Array {
    return this.#end === this.#source.length ? this.#source : this.#source.subarray(0, this.#end);
  }

  get destination(): string {
    if (this.kind === "tpdu") return hexText(this.#source, 1, 3);
    return this.kind === "base-22" ? hexText(this.#source, 5, 8) : "";
  }

  get source(): string {
    if (this.kind === "tpdu") return hexText(this.#source, 3, 5);
    return this.kind === "base-22" ? hexText(this.#source, 8, 11) : "";
  }

  get rejectCode(): string | null {
    return this.kind === "base-22" && isRejecting(this.#source, 0) ? hexText(this.#source, 24, 26) : null;
  }
}

function writeStation(bytes: Uint8Array, at: number, station: string): void {
  for (let i = 0; i < station.length >> 1; i++) {
    bytes[at + i] = Number.parseInt(station.slice(2 * i, 2 * i + 2), 16);
  }
}

/** The byte after the header, or -1 after a fault. */
export function headersEnd(reader: Reader, plan: HeaderPlan): number {
  if (plan.kind === "base-22") return baseHeadersEnd(reader);
  const { bytes } = reader;
  const length = headerLength(plan);
  if (bytes.length < length) {
    const found = `${bytes.length} bytes`;
    reader.fail("header_invalid", "header", 0, { expected: `a header of ${length} bytes`, found });
    return -1;
  }
  if (plan.kind !== "literal") return length;
  for (let at = 0; at < length; at++) {
    if (bytes[at] === plan.bytes[at]) continue;
    const expected = `0x${hexText(plan.bytes, 0, length)}`;
    reader.fail("header_invalid", "header", at, { expected, found: `0x${hexText(bytes, 0, length)}` });
    return -1;
  }
  return length;
}

/** Bytes of a header that has always the same, and the fewest of a base header. */
export function headerLength(plan: HeaderPlan): number {
  switch (plan.kind) {
    case "base-22":
      return headerBytes;
    case "tpdu":
      return tpduBytes;
    case "literal":
      return plan.bytes.length;
    case "skipped":
      return plan.length;
  }
}

function isRejecting(bytes: Uint8Array, at: number): boolean {
  return (bytes[at] ?? 0) >= rejectHeaderBytes && ((bytes[at + headerBytes] ?? 0) & 0x80) !== 0;
}

function baseHeadersEnd(reader: Reader): number {
  const { bytes } = reader;
  let at = 0;
  for (let count = 0; count < headersMax; count++) {
    const length = bytes[at] ?? 0;
    if (length < headerBytes || at + length > bytes.length) {
      const found = at < bytes.length ? `length ${length}, ${bytes.length - at} bytes` : "no bytes";
      reader.fail("header_invalid", "header", at, { expected: `a header of ${headerBytes} bytes or more`, found });
      return -1;
    }
    const total = ((bytes[at + 3] ?? 0) << 8) | (bytes[at + 4] ?? 0);
    if (at === 0 && total !== bytes.length) {
      reader.fail("header_invalid", "header", 3, { expected: `a total of ${bytes.length}`, found: String(total) });
      return -1;
    }
    const isFollowed = isRejecting(bytes, at) || ((bytes[at + 1] ?? 0) & 0x80) !== 0;
    at += length;
    if (!isFollowed) return at;
  }
  reader.fail("header_invalid", "header", at, { expected: `at most ${headersMax} headers`, found: "another one" });
  return -1;
}
