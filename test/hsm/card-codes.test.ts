import { randomBytes } from "node:crypto";
import { expect } from "chai";
import fc from "fast-check";
import { aes, tripleDes } from "../../src/hsm/block-cipher.ts";
import { CardCodes } from "../../src/hsm/card-codes.ts";
import { cardVerificationCode, cardVerificationKey } from "../../src/hsm/card-verification.ts";
import { cvc3, cvc3Iv } from "../../src/hsm/dynamic-codes.ts";
import { iccKeyA, iccKeyB } from "../../src/hsm/icc-keys.ts";
import { KeyStore } from "../../src/hsm/key-store.ts";
import { missingCardKeys } from "../../src/hsm/new-card-keys.ts";
import { hasOddParity } from "../../src/hsm/parity.ts";
import { wirePan } from "../../src/kernel/pan.ts";

const pan = wirePan("4000008412345678");

describe("hsm/card-codes", () => {
  it("gives a card the same codes always, another one in each place, and others under another expiry", () => {
    const codes = new CardCodes(new KeyStore(missingCardKeys([])));
    const places = new Set<string>();

    for (let expiry = 2601; expiry <= 2612; expiry++) {
      const atc = Uint8Array.of(0, 1);
      const all = [codes.cvc2(pan, expiry), codes.icvv(pan, expiry), codes.cvv(pan, expiry, "201")];
      for (const code of [...all, codes.dcvv(pan, expiry, { serviceCode: "201", atc })]) {
        expect(code).to.match(/^\d{3}$/);
        places.add(code);
      }
      expect(codes.cvc2(pan, expiry)).to.equal(all[0]);
    }

    expect(places.size).to.be.above(30);
  });

  it("tells the three digits on the back from all others", () => {
    const codes = new CardCodes(new KeyStore(missingCardKeys([])));
    const right = codes.cvc2(pan, 2912);

    for (let code = 0; code < 1000; code++) {
      const given = String(code).padStart(3, "0");
      expect(codes.verifyCvc2({ pan, expiry: 2912 }, given)).to.equal(given === right ? "match" : "mismatch");
    }
    expect(codes.verifyCvc2({ pan, expiry: 2912 }, "")).to.equal("mismatch");
  });

  it("computes a code anew for each digit that changes in a card's data", () => {
    const key = cardVerificationKey(randomBytes(16));
    let same = 0;

    for (let at = 0; at < 16; at++) {
      for (let step = 1; step < 10; step++) {
        const other = `${pan.slice(0, at)}${(Number(pan[at]) + step) % 10}${pan.slice(at + 1)}`;
        if (cardVerificationCode(key, dataOf(other)) === cardVerificationCode(key, dataOf(pan))) same++;
      }
    }

    expect(same).to.be.below(5);
  });
});

describe("hsm/icc-keys", () => {
  it("derives by options A and B the same key up to 16 digits of PAN, and another beyond", () => {
    const issuer = tripleDes(randomBytes(16));

    fc.assert(
      fc.property(fc.integer({ min: 13, max: 19 }), fc.integer({ min: 0, max: 99 }), (length, number) => {
        const card = { pan: "4000001234567890123".slice(0, length), sequence: String(number).padStart(2, "0") };
        const [a, b] = [iccKeyA(issuer, card), iccKeyB(issuer, card)];

        expect(a.equals(b)).to.equal(length <= 16);
        expect([a, b].every(hasOddParity)).to.equal(true);
      }),
    );
  });

  it("takes no AES key for a card of triple DES", () => {
    expect(() => iccKeyA(aes(randomBytes(16)), { pan, sequence: "00" })).to.throw("whole blocks");
  });
});

describe("hsm/dynamic-codes", () => {
  it("gives another CVC3 for another counter, number or track", () => {
    const issuer = tripleDes(randomBytes(16));
    const card = { pan, sequence: "00" };
    const track = Buffer.from("5413330089020011d1412201000000000000", "hex");
    const code = (atc: number, un: number, iv = cvc3Iv(issuer, card, { track, padding: "one-and-zeros" })) =>
      cvc3(issuer, card, { iv, unpredictable: Uint8Array.of(0, 0, 0, un), atc: Uint8Array.of(0, atc) });

    expect(code(1, 1)).to.match(/^\d{5}$/);
    expect(new Set([code(1, 1), code(2, 1), code(1, 2), code(1, 1, Buffer.of(9, 9))]).size).to.be.above(2);
  });
});

function dataOf(number: string): { readonly pan: string; readonly expiry: string; readonly serviceCode: string } {
  return { pan: number, expiry: "2912", serviceCode: "000" };
}
