import { assert, must } from "../kernel/assert.ts";
import { type BlockCipher, aes, tripleDes } from "./block-cipher.ts";
import { type CardVerificationKey, cardVerificationKey } from "./card-verification.ts";
import { aesCheckValue, checkValue } from "./check-value.ts";
import { cmac } from "./cmac.ts";
import { type CardApplication, iccKeyB } from "./icc-keys.ts";
import { type KeyAttributes, type KeyMode, type KeyUsage, type WrappedKey, wrapKey } from "./key-block.ts";
import { withOddParity } from "./parity.ts";

/** What a key list shows of a key. */
export interface KeyDescription extends KeyAttributes {
  readonly label: string;
  readonly bits: number;
  /** Six hexadecimal digits; "" for keys that have none (HMAC). */
  readonly checkValue: string;
}

/**
 * Keys by label. A key serves what its usage and mode say and nothing else: a card verification key computes no PIN
 * block, whoever asks. Asking for one in another use is our own error and stops the process.
 */
export class KeyStore {
  readonly #keys: ReadonlyMap<string, WrappedKey>;

  constructor(keys: readonly WrappedKey[]) {
    this.#keys = new Map(keys.map((key) => [must(key.attributes.label, "a stored key has a label"), key]));
    assert(this.#keys.size === keys.length, "two keys have one label");
  }

  cardVerification(label: string): CardVerificationKey {
    return cardVerificationKey(this.#key(label, "C0", ["C", "N"]));
  }

  /** Computes natural PINs and offsets (IBM 3624). */
  pinVerification(label: string): BlockCipher {
    return tripleDes(this.#key(label, "V1", ["C", "N"]));
  }

  /** Derives the keys of cards, for cryptograms (E0) or for dynamic codes (E4). */
  issuer(label: string, usage: "E0" | "E4"): BlockCipher {
    return tripleDes(this.#key(label, usage, ["X", "N"]));
  }

  /** The key of PIN blocks between us and a link: its own where one is stored, else one derived from the base key. */
  zonePin(link: string): BlockCipher {
    const own = `${zonePinLabel}:${link}`;
    if (this.#keys.has(own)) return tripleDes(this.#key(own, "P0", ["B", "D", "N"]));
    const key = this.#derivedZonePin(link);
    const cipher = tripleDes(key);
    key.fill(0);
    return cipher;
  }

  /** A key of PIN blocks as it is stored for a link; null where the key block holds anything else. */
  static zoneKeyOf({ attributes, key }: WrappedKey, link: string): WrappedKey | null {
    const { usage, mode, algorithm } = attributes;
    const isFit = usage === "P0" && algorithm === "T" && (mode === "B" || mode === "D" || mode === "N");
    if (!isFit || (key.length !== 16 && key.length !== 24)) return null;
    return { attributes: { ...attributes, exportability: "N", label: `${zonePinLabel}:${link}` }, key };
  }

  /** What the other end of a link has to load. */
  zonePinCheckValue(link: string): string {
    const own = this.#keys.get(`${zonePinLabel}:${link}`);
    const key = own === undefined ? this.#derivedZonePin(link) : Buffer.from(own.key);
    const value = checkValue(key);
    key.fill(0);
    return value;
  }

  /** The same key as a key block of version D under an AES key of the other end. */
  exportZonePin(link: string, protectionKey: Uint8Array): string {
    const own = this.#keys.get(`${zonePinLabel}:${link}`);
    const key = own === undefined ? this.#derivedZonePin(link) : Buffer.from(own.key);
    return exported(protectionKey, { usage: "P0", mode: "B", label: `${zonePinLabel}:${link}` }, key);
  }

  /** What a chip is personalized with: the key of one card's cryptograms, as a key block of version D. */
  exportCardKey(card: CardApplication, protectionKey: Uint8Array): string {
    const key = iccKeyB(this.issuer("imk-ac", "E0"), card);
    return exported(protectionKey, { usage: "E0", mode: "X", label: `card ${card.pan.slice(-4)}` }, key);
  }

  describe(): KeyDescription[] {
    return [...this.#keys].map(([label, { attributes, key }]) => ({
      ...attributes,
      label,
      bits: key.length * 8,
      checkValue: attributes.algorithm === "H" ? "" : (attributes.algorithm === "A" ? aesCheckValue : checkValue)(key),
    }));
  }

  #derivedZonePin(link: string): Buffer {
    const base = aes(this.#key(zonePinLabel, "B0", ["X"]));
    return withOddParity(cmac(base, Buffer.from(`P0T ${link}`, "utf8")));
  }

  #key(label: string, usage: KeyUsage, modes: readonly KeyMode[]): Buffer {
    const { attributes, key } = must(this.#keys.get(label), `there is no key ${label}`);
    assert(attributes.usage === usage, `key ${label} is for ${attributes.usage}, not for ${usage}`);
    assert(modes.includes(attributes.mode), `key ${label} may not be used in this way`);
    return key;
  }
}

export const zonePinLabel = "zone-pin";

function exported(
  protectionKey: Uint8Array,
  { usage, mode, label }: { readonly usage: KeyUsage; readonly mode: KeyMode; readonly label: string },
  key: Buffer,
): string {
  const attributes = { usage, mode, label, algorithm: "T", version: "00", exportability: "N" } as const;
  const block = wrapKey("D", protectionKey, { attributes, key });
  key.fill(0);
  return block;
}
