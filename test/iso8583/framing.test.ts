import { expect } from "chai";
import fc from "fast-check";
import {
  type Framing,
  type FramingError,
  FrameReader,
  frame,
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

const bothFramings: readonly Framing[] = [framings["two-byte-length"], framings.vli];

for (const framing of bothFramings) {
  describe(`iso8583/framing: ${framing.name}`, () => {
    it("finds the same frames however TCP splits and merges them", () =>
      fc.assert(
        fc.property(
          fc.array(fc.uint8Array({ minLength: 0, maxLength: 40 }), { maxLength: 8 }),
          fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }),
          (bodies, cuts) => {
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

      reader.push(Uint8Array.of(0xff, 0xff, 0, 0, ...new Uint8Array(20)), record);
      reader.push(frame(framing, Uint8Array.of(1)), record);

      expect(record.seen).to.deep.equal(["frame_too_long"]);
      expect(record.error).to.deep.equal({ code: "frame_too_long", length: 65_535, frameBytesMax: 100 });
    });

    it("takes a frame of exactly the limit", () => {
      const reader = new FrameReader({ framing, frameBytesMax: 100 });
      const record = new Record();

      reader.push(frame(framing, new Uint8Array(100)), record);

      expect(record.error).to.equal(null);
      expect(record.seen).to.have.length(1);
    });

    it("takes a zero length for a keep-alive", () => {
      const reader = new FrameReader({ framing, frameBytesMax: 100 });
      const record = new Record();

      reader.push(keepAliveFrame(framing), record);

      expect(record.seen).to.deep.equal(["keep-alive"]);
      expect(reader.isMidFrame).to.equal(false);
    });

    it("shows half a frame, so that a peer that stalls in it can be cut off", () => {
      const reader = new FrameReader({ framing, frameBytesMax: 100 });
      const whole = frame(framing, Uint8Array.of(1, 2, 3));
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
