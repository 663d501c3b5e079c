import type { Pan } from "../kernel/pan.ts";
import type { BlockCipher } from "./block-cipher.ts";
import type { KeyStore } from "./key-store.ts";
import { type Ibm3624, isIbm3624Right, naturalPin, standardDecimalization } from "./pin-verification.ts";
import type { ClearPin } from "./pin.ts";

const pinDigits = 4;
const naturalOffset = "0".repeat(pinDigits);

/** The PINs of cards: each has the one that follows from its PAN (IBM 3624, offset 0000), so that none is stored. */
export class PinCheck {
  readonly #key: BlockCipher;

  constructor(keys: KeyStore) {
    this.#key = keys.pinVerification("pvk");
  }

  isRight(pan: Pan, pin: ClearPin): boolean {
    return isIbm3624Right(this.#key, dataOf(pan), { pin, offset: naturalOffset });
  }

  /** What is printed in the letter to the cardholder. Filled with zeros by whoever asked for it. */
  initialPin(pan: Pan): ClearPin {
    return naturalPin(this.#key, dataOf(pan), pinDigits);
  }
}

function dataOf(pan: Pan): Ibm3624 {
  return { decimalization: standardDecimalization, validationData: pan.slice(-16).padStart(16, "0") };
}
