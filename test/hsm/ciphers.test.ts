import { createCipheriv, randomBytes } from "node:crypto";
import { expect } from "chai";
import fc from "fast-check";
import { aes, decryptCbc, encryptCbc, tripleDes } from "../../src/hsm/block-cipher.ts";
import { aesCheckValue, checkValue } from "../../src/hsm/check-value.ts";
import { cmac } from "../../src/hsm/cmac.ts";
import { isSameCode } from "../../src/hsm/decimals.ts";
import { hasOddParity, withOddParity } from "../../src/hsm/parity.ts";
import { macKey, retailMac } from "../../src/hsm/retail-mac.ts";

describe("hsm/block-cipher", () => {
  it("computes single DES by FIPS 81's example, although Node knows triple DES alone", () => {
    const cipher = tripleDes(hex("0123456789abcdef"));

    expect(text(cipher.encrypt(Buffer.from("Now is the time for all ")))).to.equal(
      "3fa40e8a984d48156a271787ab8883f9893d51ec4b563b53",
    );
    expect(cipher.decrypt(hex("3fa40e8a984d4815")).toString()).to.equal("Now is t");
  });

  it("computes AES by FIPS 197's example, over and over with one object", () => {
    const cipher = aes(hex("000102030405060708090a0b0c0d0e0f"));

    for (let i = 0; i < 3; i++) {
      expect(text(cipher.encrypt(hex("00112233445566778899aabbccddeeff")))).to.equal(
        "69c4e0d86a7b0430d8cdb78070b4c55a",
      );
      expect(text(cipher.decrypt(hex("69c4e0d86a7b0430d8cdb78070b4c55a")))).to.equal(
        "00112233445566778899aabbccddeeff",
      );
    }
  });

  it("chains blocks as Node's own CBC does, with keys of every length", () => {
    for (const [bytes, name] of [
      [16, "des-ede-cbc"],
      [24, "des-ede3-cbc"],
    ] as const) {
      const [key, iv, data] = [randomBytes(bytes), randomBytes(8), randomBytes(40)];
      const theirs = createCipheriv(name, key, iv).setAutoPadding(false);
      const expected = Buffer.concat([theirs.update(data), theirs.final()]);

      expect(encryptCbc(tripleDes(key), iv, data)).to.deep.equal(expected);
      expect(decryptCbc(tripleDes(key), iv, expected)).to.deep.equal(data);
    }
  });

  it("takes no key and no data of a wrong length", () => {
    expect(() => tripleDes(Buffer.alloc(15))).to.throw("8, 16 or 24");
    expect(() => aes(Buffer.alloc(8))).to.throw("16, 24 or 32");
    expect(() => tripleDes(Buffer.alloc(8)).encrypt(Buffer.alloc(7))).to.throw("whole blocks");
    expect(() => tripleDes(Buffer.alloc(8)).decrypt(Buffer.alloc(9))).to.throw("whole blocks");
  });
});

describe("hsm/cmac", () => {
  const rfc4493 = hex(
    "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52ef",
  );

  for (const [bytes, expected] of [
    [0, "bb1d6929e95937287fa37d129b756746"],
    [16, "070a16b46b4d4144f79bdd9dd04a287c"],
    [40, "dfa66747de9ae63030ca32611497c827"],
  ] as const) {
    it(`authenticates ${bytes} bytes as RFC 4493 does`, () => {
      const cipher = aes(hex("2b7e151628aed2a6abf7158809cf4f3c"));

      expect(text(cmac(cipher, rfc4493.subarray(0, bytes)))).to.equal(expected);
    });
  }

  it("authenticates under triple DES as NIST SP 800-38B does", () => {
    const cipher = tripleDes(hex("8aa83bf8cbda10620bc1bf19fbb6cd58bc313d4a371ca8b5"));

    expect(text(cmac(cipher, rfc4493.subarray(0, 8)))).to.equal("8e8f293136283797");
    expect(text(cmac(cipher, rfc4493.subarray(0, 20)))).to.equal("743ddbe0ce2dc2ed");
  });
});

describe("hsm/retail-mac", () => {
  it("is the CBC-MAC of single DES but for the last block, which is triple DES", () => {
    fc.assert(
      fc.property(bytesOf(16, 16), bytesOf(0, 80), (key, data) => {
        const padded = Buffer.concat([data, Buffer.from([0x80]), Buffer.alloc((8 - ((data.length + 1) % 8)) % 8)]);
        const single = createCipheriv("des-ede3-cbc", repeated(key.subarray(0, 8)), Buffer.alloc(8)).setAutoPadding(
          false,
        );
        const before = padded.length > 8 ? single.update(padded.subarray(0, -8)).subarray(-8) : Buffer.alloc(8);
        const last = createCipheriv("des-ede-cbc", key, before).setAutoPadding(false);

        expect(text(retailMac(macKey(key), data, "one-and-zeros"))).to.equal(text(last.update(padded.subarray(-8))));
      }),
      { numRuns: 60 },
    );
  });

  it("changes with every bit of its data", () => {
    const [key, data] = [macKey(randomBytes(16)), randomBytes(20)];
    const mac = text(retailMac(key, data, "zeros"));

    for (let bit = 0; bit < data.length * 8; bit++) {
      const changed = Buffer.from(data);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(text(retailMac(key, changed, "zeros"))).to.not.equal(mac);
    }
  });
});

describe("hsm/check-value", () => {
  it("tells a DES key by encrypted zeros, an AES key by their CMAC", () => {
    expect(checkValue(hex("3f419e1cb7079442aa37474c2efbf8b8"))).to.equal("57C409");
    expect(aesCheckValue(hex("3f419e1cb7079442aa37474c2efbf8b8"))).to.equal("08793E");
  });
});

describe("hsm/parity", () => {
  it("makes the ones of every byte odd and touches the lowest bit alone", () => {
    const key = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const odd = withOddParity(key);

    expect(hasOddParity(odd)).to.equal(true);
    expect(hasOddParity(key)).to.equal(false);
    for (const byte of key) expect((odd[byte] ?? 0) & 0xfe).to.equal(byte & 0xfe);
  });
});

describe("hsm/decimals", () => {
  it("finds codes equal only where every digit and their number are", () => {
    expect(isSameCode("123", "123")).to.equal(true);
    for (const other of ["023", "113", "124", "12", "1234", ""]) expect(isSameCode(other, "123")).to.equal(false);
  });
});

function bytesOf(minLength: number, maxLength: number): fc.Arbitrary<Uint8Array> {
  return fc.uint8Array({ minLength, maxLength });
}

function repeated(key: Uint8Array): Buffer {
  return Buffer.concat([key, key, key]);
}

function hex(digits: string): Buffer {
  return Buffer.from(digits, "hex");
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
