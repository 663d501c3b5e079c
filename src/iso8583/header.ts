import { hexText } from "./octets.ts";
import type { Reader } from "./reader.ts";

/**
 *    0      1      2    3  4   5 6 7        8 9 10  11          12 13  14 15 16  17     18 19 20  21    22 23   24 25
 *    length format text total  destination  source  round trip  flags  status    batch  reserved  user  bitmap  reject
 *    16     01     02   00 c1  00 00 00     12 34 56 …
 * Length is 16 (22 bytes) or, where the network rejects a message, 1A (26) with bit 80 of byte 22 set; the header and
 * the message that it rejects follow. `total` counts from here to the end of the message.
 */
export const headerBytes = 22;
const rejectHeaderBytes = 26;
const headersMax = 4;

export interface Header {
  /** All headers, as they came. */
  readonly bytes: Uint8Array;
  /** Six digits of the station that the message goes to, and of the one that it comes from. */
  readonly destination: string;
  readonly source: string;
  /** Four digits where this is a message of ours that the network rejects; else null. */
  readonly rejectCode: string | null;
}

/** A header for a message of our own; the encoder fills in the total. */
export function newHeader(stations: { readonly destination: string; readonly source: string }): Header {
  const bytes = new Uint8Array(headerBytes);
  bytes.set([headerBytes, 0x01, 0x02]);
  writeStation(bytes, 5, stations.destination);
  writeStation(bytes, 8, stations.source);
  return { bytes, destination: stations.destination, source: stations.source, rejectCode: null };
}

/** The header of the answer: the stations change places, all else is the sender's to know. */
export function replyHeader(header: Header): Header {
  const bytes = new Uint8Array(header.bytes.subarray(0, headerBytes));
  bytes[0] = headerBytes;
  bytes[1] = (bytes[1] ?? 0) & 0x7f;
  writeStation(bytes, 5, header.source);
  writeStation(bytes, 8, header.destination);
  return { bytes, destination: header.source, source: header.destination, rejectCode: null };
}

export function readHeader(bytes: Uint8Array, end: number): Header {
  const isReject = isRejecting(bytes, 0);
  return {
    bytes: bytes.subarray(0, end),
    destination: hexText(bytes, 5, 8),
    source: hexText(bytes, 8, 11),
    rejectCode: isReject ? hexText(bytes, 24, 26) : null,
  };
}

function writeStation(bytes: Uint8Array, at: number, station: string): void {
  for (let i = 0; i < 3; i++) bytes[at + i] = Number.parseInt(station.slice(2 * i, 2 * i + 2), 16);
}

function isRejecting(bytes: Uint8Array, at: number): boolean {
  return (bytes[at] ?? 0) >= rejectHeaderBytes && ((bytes[at + headerBytes] ?? 0) & 0x80) !== 0;
}

/** The byte after the last header, or -1 after a fault. */
export function headersEnd(reader: Reader): number {
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
