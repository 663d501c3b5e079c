import { expect } from "chai";
import { compile, dialects } from "../../src/iso8583/public.ts";
import { brokenMessages } from "../fixtures/wire-broken.ts";
import { bytesOf, type DialectName, type WireFixture } from "../fixtures/wire-fixture.ts";
import { iso87AsciiMessages } from "../fixtures/wire-iso87-ascii.ts";
import { mastercardStyleMessages } from "../fixtures/wire-mastercard-style.ts";
import { visaStyleMessages } from "../fixtures/wire-visa-style.ts";

const codecs = {
  "visa-style": compile(dialects["visa-style"]),
  "mastercard-style": compile(dialects["mastercard-style"]),
  "iso87-ascii": compile(dialects["iso87-ascii"]),
};

const families: readonly (readonly [DialectName, readonly WireFixture[]])[] = [
  ["visa-style", visaStyleMessages],
  ["mastercard-style", mastercardStyleMessages],
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

      it(`writes ${message.title}, to the last byte as it came`, () => {
        const bytes = bytesOf(message.pieces);
        const decoded = codecs[dialect].decode(bytes);
        if (!decoded.ok) return expect.fail(`${decoded.error.code} at ${decoded.error.path}`);

        const written = codecs[dialect].encode(decoded.message);

        expect(hexOf(written)).to.equal(hexOf(bytes));
      });
    }
  });
}

describe("iso8583/hand-typed: broken messages", () => {
  for (const broken of brokenMessages) {
    it(`refuses ${broken.title} (${broken.dialect}) and says where`, () => {
      const decoded = codecs[broken.dialect].decode(bytesOf(broken.pieces));

      const { code, path, offset } = decoded.ok ? { code: "read", path: "", offset: -1 } : decoded.error;
      expect({ code, path, offset }).to.deep.equal(broken.error);
    });
  }
});

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
