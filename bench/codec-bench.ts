import { createRequire } from "node:module";
import type { DialectSpec, LengthPrefix } from "../specs/dialect.ts";
import { type Codec, compile, dialects } from "../src/iso8583/public.ts";
import { must } from "../src/kernel/assert.ts";

/** Microseconds a message, each the best of many short rounds, since what else runs can only make a round slower. */
export interface CodecFigures {
  /** How many times faster than the npm package iso_8583: bytes to values to bytes, both validating. */
  readonly codec_over_iso_8583: number;
  /** A visa-style 0100 with chip data, decoded and validated, then encoded. */
  readonly visa_0100_us: number;
  readonly raw: Readonly<Record<string, number>>;
}

const require = createRequire(import.meta.url);

/** Parts of the peer's surface that are used. */
interface Peer {
  getIsoJSON(buffer: Buffer): Record<string, string>;
  getBufferMessage(): Buffer;
}
type PeerConstructor = new (json?: Readonly<Record<string, string>>) => Peer;

export function benchCodec(rounds = 100): CodecFigures {
  const peer = comparePeer(rounds);
  const visa = measureVisa(rounds);
  return {
    codec_over_iso_8583: peer.theirsUs / peer.oursUs,
    visa_0100_us: visa.decodeEncodeUs,
    raw: {
      iso_8583_us: peer.theirsUs,
      ours_same_message_us: peer.oursUs,
      ours_same_message_by_values_us: peer.oursByValuesUs,
      visa_0100_by_values_us: visa.byValuesUs,
      visa_0100_fields: visa.fields,
      visa_0100_bytes: visa.bytes,
    },
  };
}

const ll = { encoding: "ascii", size: 2, counts: "characters" } as const satisfies LengthPrefix;

/** ISO 8583:1987 in ASCII with two binary bitmaps, always, which is what the peer reads and writes. */
function peerDialect(): DialectSpec {
  const base = dialects["iso87-ascii"];
  const account = { name: "Primary account number", content: "n", encoding: "ascii", max: 19, prefix: ll } as const;
  return {
    ...base,
    name: "iso87-peer",
    bitmap: { encoding: "binary", count: 2, extends: "fixed" },
    fields: { ...base.fields, 2: account },
  };
}

const purchase: Readonly<Record<string, string>> = {
  "0": "0100",
  "2": "4761739001010119",
  "3": "000000",
  "4": "000000010000",
  "7": "1122161500",
  "11": "000503",
  "12": "161500",
  "13": "1122",
  "14": "3112",
  "18": "5411",
  "22": "051",
  "25": "00",
  "32": "12345678901",
  "35": "4761739001010119=31122011234567890",
  "37": "632616000503",
  "41": "TERMID01",
  "42": "CARDACCEPTOR123",
  "43": "ACME STORE             LONDON        GBR",
  "49": "826",
};

function comparePeer(rounds: number): { theirsUs: number; oursUs: number; oursByValuesUs: number } {
  const Iso8583 = require("iso_8583") as PeerConstructor;
  const codec = compile(peerDialect());
  const bytes = codec.encode(codec.fromJSON(purchase));
  const framed = Buffer.concat([Buffer.of(bytes.length >> 8, bytes.length & 0xff), bytes]);
  const throughPeer = (): Buffer => new Iso8583(new Iso8583().getIsoJSON(framed)).getBufferMessage();
  must(throughPeer().equals(framed) ? framed : null, "the peer reads and writes the same message");
  const theirs = (): number => throughPeer().length;
  return {
    theirsUs: microseconds(theirs, { calls: 60, rounds }),
    oursUs: microseconds(() => decodeEncode(codec, bytes), { calls: 1_500, rounds }),
    oursByValuesUs: microseconds(() => byValues(codec, bytes), { calls: 300, rounds }),
  };
}

const chipPurchase: Readonly<Record<string, string>> = {
  "0": "0100",
  header: "hex:16010200000000001234560000000000000000000000",
  "2": "4567890123456783",
  "3": "003000",
  "4": "000000002500",
  "7": "0527192031",
  "11": "002013",
  "12": "161500",
  "13": "1122",
  "14": "3112",
  "18": "5999",
  "19": "840",
  "22": "0510",
  "23": "001",
  "25": "00",
  "26": "12",
  "32": "432109",
  "35": "4567890123456783=31122011234567890",
  "37": "414719002013",
  "41": "9219    ",
  "42": "300014000000000",
  "43": "INDEPENDENCE SQUARE      KYIV         UA",
  "49": "840",
  "52": "hex:0123456789abcdef",
  "55.01.9F26": "hex:1c89a48c0c4c3a30",
  "55.01.9F27": "hex:80",
  "55.01.9F36": "hex:0011",
  "55.01.9F10": "hex:06010a03a0b800",
  "55.01.9F37": "hex:01020304",
  "55.01.95": "hex:0000000000",
  "55.01.9A": "hex:221122",
  "55.01.9C": "hex:00",
  "55.01.9F02": "hex:000000002500",
  "55.01.5F2A": "hex:0840",
  "55.01.82": "hex:3c00",
  "55.01.9F1A": "hex:0840",
  "60": "500006000707",
  "62.1": "Y",
  "62.2": "303085254670208",
  "63.1": "0002",
  "126.10": "11 888",
};

function measureVisa(rounds: number): { decodeEncodeUs: number; byValuesUs: number; fields: number; bytes: number } {
  const codec = compile(dialects["visa-style"]);
  const message = codec.create("0100");
  for (const [path, value] of Object.entries(chipPurchase)) message.set(path, value);
  const bytes = codec.encode(message);
  return {
    decodeEncodeUs: microseconds(() => decodeEncode(codec, bytes), { calls: 1_500, rounds }),
    byValuesUs: microseconds(() => byValues(codec, bytes), { calls: 100, rounds }),
    fields: message.elements.filter((element) => element !== undefined).length,
    bytes: bytes.length,
  };
}

/** Bytes to a validated message to bytes. */
function decodeEncode(codec: Codec, bytes: Uint8Array): number {
  const result = codec.decode(bytes);
  return codec.encode(must(result.ok ? result.message : null, "a sound message")).length;
}

/** The same by way of every value as a string, which a switch does not need: all paths out, and all in again. */
function byValues(codec: Codec, bytes: Uint8Array): number {
  const result = codec.decode(bytes);
  const message = must(result.ok ? result.message : null, "a sound message");
  return codec.encode(codec.fromJSON(message.toJSON())).length;
}

/** Of the fastest round, a call. */
function microseconds(call: () => number, { calls, rounds }: { calls: number; rounds: number }): number {
  let sink = 0;
  for (let i = 0; i < 100 * calls; i++) sink += call();
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const start = process.hrtime.bigint();
    for (let i = 0; i < calls; i++) sink += call();
    best = Math.min(best, Number(process.hrtime.bigint() - start) / 1_000 / calls);
  }
  must(sink > 0 ? sink : null, "bytes were written");
  return best;
}

if (process.argv[1]?.endsWith("codec-bench.js") === true) {
  process.stdout.write(`${JSON.stringify(benchCodec(), null, 2)}\n`);
}
