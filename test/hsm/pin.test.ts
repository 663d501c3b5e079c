import { randomBytes } from "node:crypto";
import { expect } from "chai";
import fc from "fast-check";
import { type BlockCipher, aes, tripleDes } from "../../src/hsm/block-cipher.ts";
import { type PinBlockFormat, decryptPin, encryptPin } from "../../src/hsm/pin-block.ts";
import { translatePin } from "../../src/hsm/pin-translation.ts";
import {
  isIbm3624Right,
  isPvvRight,
  naturalPin,
  pinOffset,
  pvv,
  standardDecimalization,
} from "../../src/hsm/pin-verification.ts";
import { type ClearPin, clearPin, clearPinOfText } from "../../src/hsm/pin.ts";
import { must } from "../../src/kernel/assert.ts";

const formats = [0, 1, 3, 4] as const;
const pan = "4000008412345678";
const anyPin = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 4, maxLength: 12 }).map(pinOf);
const anyPan = fc
  .array(fc.integer({ min: 0, max: 9 }), { minLength: 13, maxLength: 19 })
  .map((digits) => digits.join(""));

describe("hsm/pin", () => {
  it("is 4 to 12 decimal digits", () => {
    expect(clearPin(Uint8Array.of(1, 2, 3))).to.equal(null);
    expect(clearPin(new Uint8Array(13))).to.equal(null);
    expect(clearPin(Uint8Array.of(1, 2, 3, 10))).to.equal(null);
    expect(clearPinOfText(Buffer.from("12a4"))).to.equal(null);
    expect(clearPinOfText(Buffer.from("0912"))).to.deep.equal(Uint8Array.of(0, 9, 1, 2));
  });
});

describe("hsm/pin-block", () => {
  for (const format of formats) {
    it(`gives back every PIN that was put into a block of format ${format}`, () => {
      const key = keyFor(format);

      fc.assert(
        fc.property(anyPin, anyPan, (pin, number) => {
          const block = encryptPin({ key, format, pan: number }, pin);

          expect(block).to.have.length(format === 4 ? 16 : 8);
          expect(decryptPin({ key, format, pan: number }, block)).to.deep.equal({ ok: true, value: pin });
        }),
        { numRuns: 50 },
      );
    });
  }

  for (const format of [0, 3, 4] as const) {
    it(`binds a PIN to its card in format ${format}: no other PAN gives it back`, () => {
      const key = keyFor(format);
      const pin = pinOf([1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2]);
      const block = encryptPin({ key, format, pan }, pin);

      // What format 3 fills up with may stand for another digit of the PAN.
      for (let at = 3; at < (format === 3 ? 13 : 15); at++) {
        const other = `${pan.slice(0, at)}${(Number(pan[at]) + 1) % 10}${pan.slice(at + 1)}`;
        const opened = decryptPin({ key, format, pan: other }, block);
        expect(opened.ok ? opened.value : null).to.not.deep.equal(pin);
      }
    });
  }

  it("writes the same PIN into another block each time, but for format 0", () => {
    const pin = pinOf([1, 2, 3, 4]);

    for (const format of formats) {
      const key = keyFor(format);
      const blocks = [1, 2].map(() => encryptPin({ key, format, pan }, pin).toString("hex"));
      expect(blocks[0] === blocks[1]).to.equal(format === 0);
    }
  });

  it("draws the blocks that ISO 9564-1 draws", () => {
    const key = plain(8);

    expect(encryptPin({ key, format: 0, pan }, pinOf([1, 2, 3, 4, 5])).toString("hex")).to.equal(
      `05${panSum("12345fffffffff")}`,
    );
    expect(encryptPin({ key, format: 1, pan }, pinOf([1, 2, 3, 4])).toString("hex")).to.match(/^141234/);
    expect(
      encryptPin({ key: plain(16), format: 4, pan: "432198765432109870" }, pinOf([1, 2, 3, 4]))
        .toString("hex")
        .slice(0, 16),
    ).to.equal(xorText("441234aaaaaaaaaa", "6432198765432109"));
  });

  it("refuses blocks of another length, format, filling or number of digits", () => {
    const key = plain(8);
    const decrypt = (digits: string) => decryptPin({ key, format: 1, pan }, Buffer.from(digits, "hex"));
    const decrypt0 = (digits: string) =>
      decryptPin({ key, format: 0, pan: "0000000000000000" }, Buffer.from(digits, "hex"));

    expect(decrypt("14")).to.deep.equal({ ok: false, error: "bad_length" });
    expect(decrypt("0412340000000000")).to.deep.equal({ ok: false, error: "bad_format" });
    expect(decrypt("1312340000000000")).to.deep.equal({ ok: false, error: "bad_pin" });
    expect(decrypt("1d12340000000000")).to.deep.equal({ ok: false, error: "bad_pin" });
    expect(decrypt("14123a0000000000")).to.deep.equal({ ok: false, error: "bad_pin" });
    const filled = Buffer.from("441234aaaaaaaaab0000000000000000", "hex");
    expect(decryptPin({ key: plain(16), format: 4, pan: "000000000000" }, filled)).to.deep.equal({
      ok: false,
      error: "bad_filling",
    });
    expect(decrypt0("041234fffffffffe")).to.deep.equal({ ok: false, error: "bad_filling" });
    expect(decryptPin({ key: plain(16), format: 0, pan }, Buffer.alloc(8))).to.deep.equal({
      ok: false,
      error: "bad_length",
    });
  });
});

describe("hsm/pin-translation", () => {
  it("moves a PIN to another key and to a format that binds it as well", () => {
    for (const [from, to] of [
      [0, 0],
      [0, 3],
      [0, 4],
      [1, 0],
      [1, 4],
      [3, 4],
      [4, 4],
    ] as const) {
      const [source, target] = [
        { key: keyFor(from), format: from, pan },
        { key: keyFor(to), format: to, pan },
      ];
      const moved = translatePin(source, target, encryptPin(source, pinOf([4, 3, 2, 1])));

      expect(moved.ok && decryptPin(target, moved.value)).to.deep.equal({ ok: true, value: pinOf([4, 3, 2, 1]) });
    }
  });

  it("refuses a weaker format, another PAN, and what does not open", () => {
    for (const [from, to] of [
      [0, 1],
      [3, 1],
      [4, 0],
      [4, 1],
      [4, 3],
    ] as const) {
      const source = { key: keyFor(from), format: from, pan };
      const block = encryptPin(source, pinOf([4, 3, 2, 1]));
      expect(translatePin(source, { key: keyFor(to), format: to, pan }, block)).to.deep.equal({
        ok: false,
        error: "weaker_format",
      });
    }
    const source = { key: keyFor(0), format: 0, pan } as const;
    const block = encryptPin(source, pinOf([4, 3, 2, 1]));
    expect(translatePin(source, { ...source, pan: "4000008412345686" }, block)).to.deep.equal({
      ok: false,
      error: "another_pan",
    });
    expect(translatePin(source, source, Buffer.alloc(7))).to.deep.equal({ ok: false, error: "bad_length" });
  });
});

describe("hsm/pin-verification", () => {
  const key = tripleDes(randomBytes(16));

  it("finds a PVV right for its PIN, its card and its key index only", () => {
    const input = { pan, keyIndex: "1", pin: pinOf([1, 2, 3, 4]) };
    const value = pvv(key, input);

    expect(value).to.match(/^\d{4}$/);
    expect(isPvvRight(key, input, value)).to.equal(true);
    const others = Array.from({ length: 50 }, (_, i) =>
      pvv(key, { ...input, pin: pinOf([1, 2, 3 + (i % 7), 5 + (i % 5)]) }),
    );
    expect(others.filter((other) => other === value).length).to.be.below(5);
    expect(
      new Set([value, pvv(key, { ...input, keyIndex: "2" }), pvv(tripleDes(randomBytes(16)), input)]).size,
    ).to.be.above(1);
  });

  it("finds every PIN right by its IBM 3624 offset, and no PIN of another digit", () => {
    fc.assert(
      fc.property(anyPin, fc.nat(11), fc.integer({ min: 1, max: 9 }), (pin, place, step) => {
        const data = { decimalization: standardDecimalization, validationData: pan };
        const offset = pinOffset(key, data, pin);
        const wrong = Uint8Array.from(pin, (digit, i) => (i === place % pin.length ? (digit + step) % 10 : digit));

        expect(isIbm3624Right(key, data, { pin, offset })).to.equal(true);
        expect(isIbm3624Right(key, data, { pin: pinOf([...wrong]), offset })).to.equal(false);
        expect(pinOffset(key, data, naturalPin(key, data, pin.length))).to.equal("0".repeat(pin.length));
      }),
      { numRuns: 50 },
    );
  });
});

/** No encryption at all: shows the block itself. */
function plain(blockBytes: 8 | 16): BlockCipher {
  const same = (blocks: Uint8Array) => Buffer.from(blocks);
  return { blockBytes, encrypt: same, decrypt: same };
}

function keyFor(format: PinBlockFormat): BlockCipher {
  return format === 4 ? aes(randomBytes(16)) : tripleDes(randomBytes(16));
}

function pinOf(digits: readonly number[]): ClearPin {
  return must(clearPin(Uint8Array.from(digits)), "a PIN");
}

/** Digits of a PIN's field plus the last 12 of the PAN before its check digit. */
function panSum(field: string): string {
  return xorText(field, `00${pan.slice(3, 15)}`);
}

function xorText(a: string, b: string): string {
  return (BigInt(`0x${a}`) ^ BigInt(`0x${b}`)).toString(16).padStart(a.length, "0");
}
