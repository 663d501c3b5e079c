import { expect } from "chai";
import { FrameReader, compile, dialects, frame, framings, keepAliveFrame } from "../../src/iso8583/public.ts";
import { brokenMessages } from "../fixtures/wire-broken.ts";
import { type DialectName, type FrameFixture, type WireFixture, bytesOf } from "../fixtures/wire-fixture.ts";
import { frames } from "../fixtures/wire-frames.ts";
import { iso87AsciiMessages } from "../fixtures/wire-iso87-ascii.ts";
import { mastercardFlowMessages } from "../fixtures/wire-mastercard-flows.ts";
import { mastercardStyleMessages } from "../fixtures/wire-mastercard-style.ts";
import { visaFlowMessages } from "../fixtures/wire-visa-flows.ts";
import { visaStyleMessages } from "../fixtures/wire-visa-style.ts";

const codecs = {
  "visa-style": compile(dialects["visa-style"]),
  "mastercard-style": compile(dialects["mastercard-style"]),
  "iso87-ascii": compile(dialects["iso87-ascii"]),
};

const families: readonly (readonly [DialectName, readonly WireFixture[]])[] = [
  ["visa-style", [...visaStyleMessages, ...visaFlowMessages]],
  ["mastercard-style", [...mastercardStyleMessages, ...mastercardFlowMessages]],
  ["iso87-ascii", iso87AsciiMessages],
];

for (const [dialect, messages] of families) {
  describe(`iso8583/hand-typed: ${dialect}`, () => {
    for (const message of messages) {
      it(`reads ${message.title}: every field and nothing else`, () => {
        const bytes = bytesOf(message.pieces);

        const decoded = codecs[dialect].decode(bytes);

        expect(decoded.ok ? decoded.message.toJSON() : decoded.error).to.deep.equal(message.expected);
        expect(decoded.ok && decoded.consumed).to.equal(bytes.length);
      });

      it(`gives each value by its path in ${message.title}`, () => {
        const decoded = codecs[dialect].decode(bytesOf(message.pieces));
        if (!decoded.ok) return expect.fail(`${decoded.error.code} at ${decoded.error.path}`);

        const { header: _, ...values } = message.expected;

        for (const [path, value] of Object.entries(values)) {
          expect(decoded.message.get(path), path).to.equal(value);
        }
      });

      it(`writes again, to the last byte, ${message.title}`, () => {
        const bytes = bytesOf(message.pieces);
        const decoded = codecs[dialect].decode(bytes);
        if (!decoded.ok) return expect.fail(`${decoded.error.code} at ${decoded.error.path}`);

        const written = codecs[dialect].encode(decoded.message);

        expect(hexOf(written)).to.equal(hexOf(bytes));
      });

      it(`writes from its values alone ${message.title}`, () => {
        const values = message.expected;

        const written = codecs[dialect].encode(codecs[dialect].fromJSON(values));

        expect(hexOf(written)).to.equal(hexOf(bytesOf(inOurSpelling(message))));
      });
    }
  });
}

describe("iso8583/hand-typed: broken messages", () => {
  for (const broken of brokenMessages) {
    it(`refuses ${broken.title} (${broken.dialect}) and says where`, () => {
      const bytes = bytesOf(broken.pieces);

      const decoded = codecs[broken.dialect].decode(bytes);

      const { code, path, offset } = decoded.ok ? { code: "read", path: "", offset: -1 } : decoded.error;
      expect({ code, path, offset }).to.deep.equal(broken.error);
    });
  }
});

describe("iso8583/hand-typed: frames", () => {
  for (const stretch of frames) {
    it(`finds ${stretch.title}, wherever the stream is cut in two`, () => {
      const bytes = bytesOf(stretch.pieces);

      for (let cut = 0; cut <= bytes.length; cut++) {
        const arrived = arrivalsOf(stretch, [bytes.subarray(0, cut), bytes.subarray(cut)]);

        expect(arrived, `cut before byte ${cut}`).to.deep.equal(stretch.arrivals);
      }
    });

    it(`finds ${stretch.title}, one byte at a time`, () => {
      const bytes = bytesOf(stretch.pieces);

      const arrived = arrivalsOf(
        stretch,
        Array.from(bytes, (byte) => Uint8Array.of(byte)),
      );

      expect(arrived).to.deep.equal(stretch.arrivals);
    });

    it(`writes ${stretch.title}, to the last byte`, () => {
      const framing = framings[stretch.framing];

      const written = stretch.arrivals.map((arrival) =>
        arrival.kind === "frame" ? frame(framing, Buffer.from(arrival.hex, "hex")) : keepAliveFrame(framing),
      );

      expect(written.map(hexOf).join("")).to.equal(hexOf(bytesOf(stretch.pieces)));
    });
  }
});

function inOurSpelling({ pieces, respelled }: WireFixture): WireFixture["pieces"] {
  if (respelled === undefined) return pieces;
  return pieces.map(([hex, meaning]) => [hex === respelled.hex ? respelled.ours : hex, meaning]);
}

function arrivalsOf(stretch: FrameFixture, chunks: readonly Uint8Array[]): FrameFixture["arrivals"] {
  const arrivals: FrameFixture["arrivals"][number][] = [];
  const reader = new FrameReader({ framing: framings[stretch.framing], frameBytesMax: 4096 });
  for (const chunk of chunks) {
    reader.push(chunk, {
      frame: (bytes) => arrivals.push({ kind: "frame", hex: hexOf(bytes) }),
      keepAlive: () => arrivals.push({ kind: "keep-alive" }),
      fatal: (error) => expect.fail(error.code),
    });
  }
  return arrivals;
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
