import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { aes, tripleDes } from "../../src/hsm/block-cipher.ts";
import { cardVerificationCode, cardVerificationKey } from "../../src/hsm/card-verification.ts";
import { checkValue } from "../../src/hsm/check-value.ts";
import { responseCryptogram1 } from "../../src/hsm/cryptogram.ts";
import { cvc3, dynamicCvv } from "../../src/hsm/dynamic-codes.ts";
import { commonSessionKey, iccKeyA, iccKeyB, mchipSessionKey, sessionKey } from "../../src/hsm/icc-keys.ts";
import { bound, decryptPin, pinField } from "../../src/hsm/pin-block.ts";
import { naturalPin, pvv } from "../../src/hsm/pin-verification.ts";
import { type ClearPin, clearPinOfText } from "../../src/hsm/pin.ts";
import { macKey, retailMac } from "../../src/hsm/retail-mac.ts";
import { must } from "../../src/kernel/assert.ts";

interface Row {
  readonly id: string;
  readonly kind: string;
  readonly spec: string;
  readonly fields: Readonly<Record<string, string>>;
}

// Published vectors are under other licences: they are read from beside the repository where they exist.
const file = fileURLToPath(new URL("../../../../shared/vectors/wire.json", import.meta.url));
const rows = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Row[]) : [];

/** By what a row says of its function, what we make of its fields. */
const functions: Readonly<Record<string, (field: (name: string) => string) => string>> = {
  CVV: (field) => codeOf(field),
  "Visa PVV": (field) =>
    pvv(tripleDes(hex(field("pvk"))), { pan: field("pan"), keyIndex: field("pvki"), pin: pinOf(field("pin")) }),
  "Visa dCVV (ATC overwrites first 4 PAN digits; UDK option A)": (field) =>
    dynamicCvv(
      tripleDes(hex(field("imk"))),
      { pan: field("pan"), sequence: "00", expiry: field("exp"), serviceCode: field("svc") },
      hex(field("atc")),
    ),
  "Mastercard CVC3 from IVCVC3": (field) =>
    cvc3(
      tripleDes(hex(field("imk"))),
      { pan: field("pan"), sequence: field("psn") },
      { iv: hex(field("ivcvc3")), unpredictable: hex(field("un")), atc: hex(field("atc")) },
    ),
  "ARQC (MAC alg 3)": arqcOf,
  "ARPC method 1": (field) =>
    text(responseCryptogram1(tripleDes(iccKeyA(issuer(field), card(field))), hex(field("arqc")), hex(field("arc")))),
  "Visa CVN18 ARQC": (field) => {
    const key = commonSessionKey(tripleDes(iccKeyB(issuer(field), card(field))), hex(field("atc")));
    return text(retailMac(macKey(key), hex(field("data")), "one-and-zeros"));
  },
  "ICC master key option A (odd parity forced)": (field) => text(iccKeyA(issuer(field), card(field))),
  "EMV common session key": (field) => text(sessionKey(tripleDes(hex(field("mk"))), hex(field("r")))),
  "IBM 3624 natural PIN": (field) => {
    const data = { decimalization: field("decTable"), validationData: field("pan") };
    return naturalPin(tripleDes(hex(field("pvk"))), data, 4).join("");
  },
  "PIN block ISO-0": (field) => text(bound(0, field("pan"), pinField(0, pinOf(field("pin"))))),
  "PIN block ISO-4 decipher (AES)": (field) => {
    const pin = decryptPin({ key: aes(hex(field("key"))), format: 4, pan: field("pan") }, hex(field("block")));
    return pin.ok ? pin.value.join("") : pin.error;
  },
  "Retail MAC (ISO 9797-1 alg 3, pad 2)": (field) => {
    const key = { first: tripleDes(hex(field("key1"))), second: tripleDes(hex(field("key2"))) };
    return text(retailMac(key, hex(field("data")), "one-and-zeros"));
  },
  "KCV (3DES of zeros)": (field) => checkValue(hex(field("key"))),
};

describe("hsm: published values", () => {
  const published = rows.filter(({ kind }) => kind === "crypto");

  if (published.length === 0) it("are not beside this repository: skipped", (done) => done());
  for (const { id, spec, fields } of published) {
    it(`${id}: ${spec}`, () => {
      const compute = must(functions[spec], `nobody computes ${spec}`);

      expect(compute((name) => must(fields[name], name))).to.equal(fields["expected"]);
    });
  }
});

function codeOf(field: (name: string) => string): string {
  const data = { pan: field("pan"), expiry: field("exp"), serviceCode: field("svc") };
  return cardVerificationCode(cardVerificationKey(hex(field("cvk"))), data);
}

function arqcOf(field: (name: string) => string): string {
  const cardKey = iccKeyA(issuer(field), card(field));
  const isPlain = field("skd").startsWith("none");
  const key = isPlain ? cardKey : mchipSessionKey(tripleDes(cardKey), hex(field("atc")), hex(field("un")));
  return text(retailMac(macKey(key), hex(field("data")), field("pad") === "80" ? "one-and-zeros" : "zeros"));
}

function issuer(field: (name: string) => string): ReturnType<typeof tripleDes> {
  return tripleDes(hex(field("imk")));
}

function card(field: (name: string) => string): { readonly pan: string; readonly sequence: string } {
  return { pan: field("pan"), sequence: field("psn") };
}

function pinOf(digits: string): ClearPin {
  return must(clearPinOfText(Buffer.from(digits)), "a PIN");
}

function hex(digits: string): Buffer {
  return Buffer.from(digits, "hex");
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex").toUpperCase();
}
