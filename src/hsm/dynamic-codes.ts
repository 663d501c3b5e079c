import { assert } from "../kernel/assert.ts";
import { type BlockCipher, tripleDes } from "./block-cipher.ts";
import { type CardVerificationData, cardVerificationCode, cardVerificationKey } from "./card-verification.ts";
import { type CardApplication, iccKeyA } from "./icc-keys.ts";
import { type Padding, macKey, retailMac } from "./retail-mac.ts";

/**
 * Visa-style dCVV of a contactless stripe: a CVV under the card's own key, with the four hexadecimal digits of the ATC in
 * place of the PAN's first four. Three digits.
 */
export function dynamicCvv(
  issuerKey: BlockCipher,
  card: CardVerificationData & CardApplication,
  atc: Uint8Array,
): string {
  assert(atc.length === 2, "an ATC has 2 bytes");
  const cardKey = iccKeyA(issuerKey, card);
  const pan = Buffer.from(atc).toString("hex") + card.pan.slice(4);
  const code = cardVerificationCode(cardVerificationKey(cardKey), { ...card, pan });
  cardKey.fill(0);
  return code;
}

export interface Cvc3Data {
  /** Two bytes from the card, or from `cvc3Iv`. */
  readonly iv: Uint8Array;
  /** Four bytes. */
  readonly unpredictable: Uint8Array;
  /** Two bytes; zeros for a card that leaves the counter out. */
  readonly atc: Uint8Array;
}

/** Mastercard-style CVC3 of a contactless stripe: the last two bytes as a number, up to five digits. */
export function cvc3(issuerKey: BlockCipher, card: CardApplication, { iv, unpredictable, atc }: Cvc3Data): string {
  const block = Buffer.concat([iv, unpredictable, atc]);
  assert(block.length === 8, "CVC3 is computed over 8 bytes");
  const cardKey = iccKeyA(issuerKey, card);
  const ciphertext = tripleDes(cardKey).encrypt(block);
  cardKey.fill(0);
  return String(ciphertext.readUInt16BE(6)).padStart(5, "0");
}

/** The static part of a CVC3: the last two bytes of a MAC over the track's data. */
export function cvc3Iv(
  issuerKey: BlockCipher,
  card: CardApplication,
  { track, padding }: { track: Uint8Array; padding: Padding },
): Buffer {
  const cardKey = iccKeyA(issuerKey, card);
  const mac = retailMac(macKey(cardKey), track, padding);
  cardKey.fill(0);
  return mac.subarray(6);
}
