import { type Result, fail, ok } from "../kernel/result.ts";
import { type EncryptedPin, type PinBlockError, type PinBlockFormat, decryptPin, encryptPin } from "./pin-block.ts";

export type TranslationError = PinBlockError | "weaker_format" | "another_pan";

/** Which formats a PIN may move on to: never back to format 1 (PCI PIN, 3-3), nor from AES to triple DES. */
const onward: Readonly<Record<PinBlockFormat, readonly PinBlockFormat[]>> = {
  0: [0, 3, 4],
  1: [0, 1, 3, 4],
  3: [0, 3, 4],
  4: [4],
};

/**
 * A PIN block under another key or in another format. The PIN is never seen outside. What would loosen its tie to the
 * card is refused: a weaker format, and another PAN, except from format 1, which was tied to none.
 */
export function translatePin(
  from: EncryptedPin,
  to: EncryptedPin,
  block: Uint8Array,
): Result<Buffer, TranslationError> {
  if (!onward[from.format].includes(to.format)) return fail("weaker_format");
  if (from.format !== 1 && from.pan !== to.pan) return fail("another_pan");
  const pin = decryptPin(from, block);
  if (!pin.ok) return pin;
  const translated = encryptPin(to, pin.value);
  pin.value.fill(0);
  return ok(translated);
}
