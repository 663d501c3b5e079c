import { expect } from "chai";
import fc from "fast-check";
import {
  type Framing,
  type FramingError,
  FrameReader,
  asciiDigits,
  frame,
  framingNamed,
  framings,
  keepAliveFrame,
} from "../../src/iso8583/public.ts";

/** What a reader has handed out, in order: frames as hex, "keep-alive", or the code of the fatal error. */
class Record {
  readonly seen: string[] = [];
  error: FramingError | null = null;

  frame(bytes: Uint8Array): void {
    this.seen.push(Buffer.from(bytes).toString("hex"));
  }

  keepAlive(): void {
    this.seen.push("keep-alive");
  }

  fatal(error: FramingError): void {
    this.seen.push(error.code);
    this.error = error;
  }
}

const everyFraming: readonly Framing[] = [...Object.values(framings), asciiDigits(6)];
const etx = 0x03;

for (const framing of everyFraming) {
  describe(`iso8583/framing: ${framing.name}`, () => {
    it("finds the same frames however TCP splits and merges them", () =>
      fc.assert(
        fc.property(
          fc.array(fc.uint8Array({ minLength: 0, maxLength: 40 }), { maxLength: 8 }),
          fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }),
          (drawn, cuts) => {
            const bodies = framing.name === "etx" ? drawn.map(withoutEtx) : drawn;
            const reader = new FrameReader({ framing, frameBytesMax: 64 });
            const record = new Record();

            for (const chunk of chunks(stream(framing, bodies), cuts)) reader.push(chunk, record);

            expect(record.seen).to.deep.equal(bodies.map(nameOf));
            expect(reader.isMidFrame).to.equal(false);
          },
        ),
        { numRuns: 300 },
      ));

    it("hands out a frame that lies in one chunk without copying it", () => {
      const chunk = frame(framing, Uint8Array.of(1, 2, 3));
      const reader = new FrameReader({ framing, frameBytesMax: 64 });
      let buffer: ArrayBufferLike | null = null;

      const record = new Record();
      record.frame = (bytes) => {
        buffer = bytes.buffer;
      };
      reader.push(chunk, record);

      expect(buffer).to.equal(chunk.buffer);
    });

    it("refuses a length above the limit before it sets memory aside, and reads nothing more", () => {
      const reader = new FrameReader({ framing, frameBytesMax: 100 });
      const record = new Record();

      reader.push(frame(framing, new Uint8Array(101)).subarray(0, framing.headerBytes + 101), record);
      reader.push(frame(framing, Uint8Array.of(1)), record);

      expect(record.seen).to.deep.equal(["frame_too_long"]);
      expect(record.error).to.deep.equal({ code: "frame_too_long", length: 101, frameBytesMax: 100 });
    });

    it("takes a frame of exactly the limit", () => {
      const reader = new FrameReader({ framing, frameBytesMax: 100 });
      const record = new Record();

      reader.push(frame(framing, new Uint8Array(100)), record);

      expect(record.error).to.equal(null);
      expect(record.seen).to.have.length(1);
    });

    it("takes an empty message for a keep-alive", () => {
      const reader = new FrameReader({ framing, frameBytesMax: 100 });
      const record = new Record();

      reader.push(keepAliveFrame(framing), record);

      expect(record.seen).to.deep.equal(["keep-alive"]);
      expect(reader.isMidFrame).to.equal(false);
    });

    it("shows half a frame, so that a peer that stalls in it can be cut off", () => {
      const reader = new FrameReader({ framing, frameBytesMax: 100 });
      const whole = frame(framing, Uint8Array.of(4, 5, 6));
      const record = new Record();
      const shown: boolean[] = [];

      for (const byte of whole) {
        reader.push(Uint8Array.of(byte), record);
        shown.push(reader.isMidFrame);
      }

      expect(shown).to.deep.equal([...whole].map((_, index) => index < whole.length - 1));
    });
  });
}

describe("iso8583/framing: bytes of each kind", () => {
  it("writes a length of two bytes that does not count itself", () => {
    const bytes = frame(framings["two-byte-length"], new Uint8Array(193).fill(7));

    expect([...bytes.subarray(0, 3)]).to.deep.equal([0x00, 0xc1, 7]);
    expect(bytes).to.have.length(195);
  });

  it("writes two zero bytes behind the length of a VLI frame", () => {
    const bytes = frame(framings.vli, new Uint8Array(193).fill(7));

    expect([...bytes.subarray(0, 5)]).to.deep.equal([0x00, 0xc1, 0, 0, 7]);
    expect(bytes).to.have.length(197);
  });

  const examples: readonly (readonly [Framing, string])[] = [
    [framings["two-byte-length"], "0003 616263"],
    [framings["two-byte-inclusive"], "0005 616263"],
    [framings["two-byte-bcd"], "0003 616263"],
    [framings["three-byte-length"], "000003 616263"],
    [framings["four-byte-length"], "00000003 616263"],
    [framings["zeros-two-byte"], "0000 0003 616263"],
    [framings.vli, "0003 0000 616263"],
    [framings["ascii-digits-4"], "30303033 616263"],
    [framings["hex-4"], "30303033 616263"],
    [framings.etx, "616263 03"],
    [framings["two-byte-etx"], "0004 616263 03"],
    [asciiDigits(6), "303030303033 616263"],
  ];
  for (const [framing, hex] of examples) {
    it(`writes three bytes as ${framing.name} does`, () => {
      const bytes = frame(framing, Uint8Array.of(0x61, 0x62, 0x63));

      expect(Buffer.from(bytes).toString("hex")).to.equal(hex.replaceAll(" ", ""));
    });
  }

  it("writes lengths beyond nine in decimal digits, BCD and hexadecimal", () => {
    const body = new Uint8Array(1234);
    const head = (framing: Framing) => Buffer.from(frame(framing, body).subarray(0, framing.headerBytes));

    expect(head(framings["two-byte-bcd"]).toString("hex")).to.equal("1234");
    expect(head(framings["ascii-digits-4"]).toString("latin1")).to.equal("1234");
    expect(head(framings["hex-4"]).toString("latin1")).to.equal("04D2");
    expect(head(framings["two-byte-inclusive"]).toString("hex")).to.equal("04d4");
  });

  const broken: readonly (readonly [Framing, string, string])[] = [
    [framings["two-byte-bcd"], "0a00", "length_invalid"],
    [framings["ascii-digits-4"], "3030413061", "length_invalid"],
    [framings["hex-4"], "3030473061", "length_invalid"],
    [framings["two-byte-inclusive"], "0001 61", "length_invalid"],
    [framings["two-byte-etx"], "0000 61", "length_invalid"],
    [framings["two-byte-etx"], "0003 6162 04", "trailer_missing"],
    [framings["zeros-two-byte"], "0001 0001 61", "reserved_not_zero"],
    [framings["four-byte-length"], "80000000 61", "frame_too_long"],
  ];
  for (const [framing, hex, code] of broken) {
    it(`ends a ${framing.name} stream at ${hex} (${code})`, () => {
      const record = new Record();
      const reader = new FrameReader({ framing, frameBytesMax: 100 });

      reader.push(new Uint8Array(Buffer.from(hex.replaceAll(" ", ""), "hex")), record);
      reader.push(frame(framing, Uint8Array.of(1)), record);

      expect(record.seen).to.deep.equal([code]);
    });
  }

  it("reads hexadecimal lengths in lower case, too", () => {
    const record = new Record();

    new FrameReader({ framing: framings["hex-4"], frameBytesMax: 100 }).push(Buffer.from("000aabcdefghij"), record);

    expect(record.seen).to.deep.equal([Buffer.from("abcdefghij").toString("hex")]);
  });

  it("takes a zero for a keep-alive although the length counts itself", () => {
    const record = new Record();

    new FrameReader({ framing: framings["two-byte-inclusive"], frameBytesMax: 100 }).push(
      Uint8Array.of(0, 0, 0, 2),
      record,
    );

    expect(record.seen).to.deep.equal(["keep-alive", "keep-alive"]);
  });

  it("never sets more aside than the limit for a message whose end does not come", () => {
    const record = new Record();
    const reader = new FrameReader({ framing: framings.etx, frameBytesMax: 100 });

    for (let i = 0; i < 100; i++) reader.push(Uint8Array.of(0x61), record);
    expect(record.seen).to.deep.equal([]);
    expect(reader.isMidFrame).to.equal(true);
    reader.push(Uint8Array.of(0x61), record);

    expect(record.error).to.deep.equal({ code: "frame_too_long", length: 101, frameBytesMax: 100 });
  });

  it("knows its framings by name", () => {
    expect(framingNamed("vli")).to.equal(framings.vli);
    expect(framingNamed("ascii-digits-6")).to.include({ headerBytes: 6, length: "digits" });
    expect(framingNamed("ascii-digits-9")).to.equal(null);
    expect(framingNamed("none")).to.equal(null);
  });

  it("refuses a VLI frame whose two zero bytes are not zero", () => {
    const record = new Record();

    new FrameReader({ framing: framings.vli, frameBytesMax: 100 }).push(Uint8Array.of(0, 1, 0x20, 0, 1), record);

    expect(record.seen).to.deep.equal(["reserved_not_zero"]);
  });

  it("takes a VLI keep-alive that carries session flags", () => {
    const record = new Record();

    new FrameReader({ framing: framings.vli, frameBytesMax: 100 }).push(Uint8Array.of(0, 0, 0, 0x20), record);

    expect(record.seen).to.deep.equal(["keep-alive"]);
  });
});

function stream(framing: Framing, bodies: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(bodies.map((body) => frame(framing, body))));
}

/** Only a message without the byte that ends it can be sent so. */
function withoutEtx(body: Uint8Array): Uint8Array {
  return body.filter((byte) => byte !== etx);
}

function nameOf(body: Uint8Array): string {
  return body.length === 0 ? "keep-alive" : Buffer.from(body).toString("hex");
}

function chunks(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const cut: Uint8Array[] = [];
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    cut.push(bytes.slice(at, at + size));
    at += size;
  }
  return cut;
}
