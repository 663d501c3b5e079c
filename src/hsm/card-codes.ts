import type { Pan } from "../kernel/pan.ts";
import type { BlockCipher } from "./block-cipher.ts";
import { type CardVerificationKey, cardVerificationCode, serviceCodes } from "./card-verification.ts";
import { isSameCode } from "./decimals.ts";
import type { KeyStore } from "./key-store.ts";
import { dynamicCvv } from "./dynamic-codes.ts";

/** Sequence number of the application in every chip that we issue (tag 5F34). */
export const sequenceNumber = "00";

export type CodeVerdict = "match" | "mismatch";

/**
 * The codes of a card. All follow from keys, PAN and expiry: none is ever stored, and a card that is replaced under the
 * same PAN gets new ones with its new expiry. Expiries are years and months as one number: 2912 for December 2029.
 */
export class CardCodes {
  readonly #cvk: CardVerificationKey;
  readonly #dynamicKey: BlockCipher;

  constructor(keys: KeyStore) {
    this.#cvk = keys.cardVerification("cvk");
    this.#dynamicKey = keys.issuer("imk-dn", "E4");
  }

  /** CVV2 or CVC2, the three digits on the back. */
  cvc2(pan: Pan, expiry: number): string {
    return this.#code(pan, expiry, serviceCodes.cvv2);
  }

  /** iCVV: what a chip gives in place of the stripe's. */
  icvv(pan: Pan, expiry: number): string {
    return this.#code(pan, expiry, serviceCodes.icvv);
  }

  /** CVV of the stripe; `serviceCode` as on the track. */
  cvv(pan: Pan, expiry: number, serviceCode: string): string {
    return this.#code(pan, expiry, serviceCode);
  }

  /** dCVV of a contactless stripe at a counter (two bytes). */
  dcvv(pan: Pan, expiry: number, { serviceCode, atc }: { serviceCode: string; atc: Uint8Array }): string {
    const card = { pan, expiry: expiryDigits(expiry), serviceCode, sequence: sequenceNumber };
    return dynamicCvv(this.#dynamicKey, card, atc);
  }

  verifyCvc2(card: { readonly pan: Pan; readonly expiry: number }, given: string): CodeVerdict {
    return isSameCode(given, this.cvc2(card.pan, card.expiry)) ? "match" : "mismatch";
  }

  #code(pan: Pan, expiry: number, serviceCode: string): string {
    return cardVerificationCode(this.#cvk, { pan, expiry: expiryDigits(expiry), serviceCode });
  }
}

function expiryDigits(expiry: number): string {
  return String(expiry).padStart(4, "0");
}
