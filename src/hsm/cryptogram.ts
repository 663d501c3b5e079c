import { assert } from "../kernel/assert.ts";
import { type BlockCipher, tripleDes, xor } from "./block-cipher.ts";
import { type CardApplication, commonSessionKey, iccKeyA, iccKeyB, mchipSessionKey } from "./icc-keys.ts";
import { type MacKey, type Padding, macKey, retailMac } from "./retail-mac.ts";

/** What makes the cryptogram, in the order in which it is signed. Values of tags as bytes. */
export interface CryptogramData {
  /** 9F02, 9F03, 9F1A, 95, 5F2A, 9A, 9C, 9F37, 82, 9F36, one behind the other. */
  readonly signed: Uint8Array;
  /** 9F36: two bytes. */
  readonly atc: Uint8Array;
  /** 9F37: four bytes. */
  readonly unpredictable: Uint8Array;
  /** 9F10. */
  readonly issuerData: Uint8Array;
}

/** How a version of the cryptogram derives its keys, what of the issuer's data it signs, and how the issuer answers. */
interface CryptogramVersion {
  readonly option: "A" | "B";
  readonly session: "none" | "common" | "mchip";
  readonly padding: Padding;
  /** The bytes of 9F10 that are signed: from, to. */
  readonly signs: readonly (readonly [number, number])[];
  readonly response: 1 | 2;
}

const whole = [[0, 32]] as const;

/** Cryptogram versions. Visa-style 10, 18 and 22 have hexadecimal numbers 0A, 12 and 22 or 16; M/Chip's are 10 to 15. */
const versions = {
  visa: {
    10: { option: "A", session: "none", padding: "zeros", signs: [[3, 7]], response: 1 },
    18: { option: "B", session: "common", padding: "one-and-zeros", signs: whole, response: 2 },
    22: { option: "B", session: "common", padding: "one-and-zeros", signs: whole, response: 2 },
  },
  mchip: {
    // Proprietary session keys, without and with the counters of the card.
    16: { option: "A", session: "mchip", padding: "one-and-zeros", signs: [[2, 8]], response: 1 },
    17: {
      option: "A",
      session: "mchip",
      padding: "one-and-zeros",
      signs: [
        [2, 8],
        [10, 18],
      ],
      response: 1,
    },
    // Common session keys, without and with them.
    20: { option: "A", session: "common", padding: "one-and-zeros", signs: [[2, 8]], response: 1 },
    21: {
      option: "A",
      session: "common",
      padding: "one-and-zeros",
      signs: [
        [2, 8],
        [10, 18],
      ],
      response: 1,
    },
  },
} as const satisfies Readonly<Record<string, Readonly<Record<number, CryptogramVersion>>>>;

export type ChipScheme = keyof typeof versions;

/** Whose application is on the chip of a card: it goes with the card, whatever link its messages come by. */
export function schemeOf(pan: string): ChipScheme {
  return pan.startsWith("4") ? "visa" : "mchip";
}

/**
 * The version that 9F10 names, or null where we do not know it.
 *
 *   visa-style   | length | key index | version | CVR 4 ...            1F at the front: | 1F | version | key index | ...
 *   M/Chip       | key index | version | CVR 6 | DAC 2 | counters ...
 */
export function versionOf(scheme: ChipScheme, issuerData: Uint8Array): CryptogramVersion | null {
  if (scheme === "mchip") return tabled(versions.mchip, issuerData[1] ?? 0);
  const number = issuerData[0] === 0x1f ? issuerData[1] : issuerData[2];
  return tabled(versions.visa, number === 0x22 ? 22 : (number ?? 0));
}

function tabled(table: Readonly<Record<number, CryptogramVersion>>, number: number): CryptogramVersion | null {
  return table[number] ?? null;
}

/** What the issuer says to the card: the ARC as two bytes, or the four bytes of a card status update. */
export interface IssuerSays {
  readonly responseCode: Uint8Array;
  readonly statusUpdate: Uint8Array;
}

/** The keys of one transaction of one card: the chip's cryptogram and the issuer's answer to it. */
export class ChipSession {
  readonly #version: CryptogramVersion;
  readonly #data: CryptogramData;
  readonly #requestKey: MacKey;
  readonly #responseKey: ResponseKey;

  constructor(issuerKey: BlockCipher, version: CryptogramVersion, card: CardApplication, data: CryptogramData) {
    this.#version = version;
    this.#data = data;
    const cardKey = version.option === "A" ? iccKeyA(issuerKey, card) : iccKeyB(issuerKey, card);
    const key = transactionKey(cardKey, version, data);
    this.#requestKey = macKey(key);
    // M/Chip's own session key signs requests only: the answer is signed by the card's key.
    const answering = version.session === "mchip" ? cardKey : key;
    this.#responseKey = { whole: tripleDes(answering), halves: this.#requestKey };
    cardKey.fill(0);
    key.fill(0);
  }

  /** What the chip has to say (ARQC, TC or AAC): 8 bytes. */
  cryptogram(): Buffer {
    const { signs, padding } = this.#version;
    const parts = signs.map(([from, to]) => this.#data.issuerData.subarray(from, to));
    return retailMac(this.#requestKey, Buffer.concat([this.#data.signed, ...parts]), padding);
  }

  /** Tag 91: the cryptogram of the answer (ARPC) with what it signs: 10 bytes by method 1, 8 by method 2. */
  issuerAuthentication(cryptogram: Uint8Array, { responseCode, statusUpdate }: IssuerSays): Buffer {
    const { whole: pair, halves } = this.#responseKey;
    return this.#version.response === 1
      ? Buffer.concat([responseCryptogram1(pair, cryptogram, responseCode), responseCode])
      : Buffer.concat([responseCryptogram2(halves, cryptogram, statusUpdate), statusUpdate]);
  }
}

/** One key for both methods. Only common session keys answer by the second, with the key of the request. */
interface ResponseKey {
  readonly whole: BlockCipher;
  readonly halves: MacKey;
}

/** Method 1: triple DES of the cryptogram plus | ARC 2 | zeros |. 8 bytes. */
export function responseCryptogram1(key: BlockCipher, cryptogram: Uint8Array, responseCode: Uint8Array): Buffer {
  assert(cryptogram.length === 8 && responseCode.length === 2, "8 bytes of cryptogram, 2 of response code");
  return key.encrypt(xor(cryptogram, Buffer.concat([responseCode, Buffer.alloc(6)])));
}

/** Method 2: the first four bytes of a retail MAC over the cryptogram, the status update and what else is sent. */
export function responseCryptogram2(key: MacKey, cryptogram: Uint8Array, ...said: readonly Uint8Array[]): Buffer {
  return retailMac(key, Buffer.concat([cryptogram, ...said]), "one-and-zeros").subarray(0, 4);
}

function transactionKey(
  cardKey: Uint8Array,
  { session }: CryptogramVersion,
  { atc, unpredictable }: CryptogramData,
): Buffer {
  if (session === "none") return Buffer.from(cardKey);
  const cipher = tripleDes(cardKey);
  return session === "common" ? commonSessionKey(cipher, atc) : mchipSessionKey(cipher, atc, unpredictable);
}
