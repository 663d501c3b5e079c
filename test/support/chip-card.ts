import { createCipheriv, createDecipheriv } from "node:crypto";

/** Tags that terminal and chip agree on, with the values that a test does not care about. */
const terminalTags = {
  "9F02": "000000001000",
  "9F03": "000000000000",
  "9F1A": "0840",
  "95": "0000008000",
  "5F2A": "0840",
  "9A": "261122",
  "9C": "00",
  "9F37": "1a2b3c4d",
  "82": "3900",
  "9F36": "0007",
} as const;

/** What a cryptogram signs, in its order (EMV book 2, 8.1.1): an object would put the tags that are numbers in front. */
export const signedTags = ["9F02", "9F03", "9F1A", "95", "5F2A", "9A", "9C", "9F37", "82", "9F36"] as const;

type Derivation = "card key" | "common session key" | "mchip session key";

/** How one version of cryptogram works, as a chip sees it: its 9F10, what of it is signed, the key, the filling. */
export const chipVersions = {
  "visa-style 10": { data: "06010a03a0a000", signs: [[6, 14]], key: "card key", filling: "" },
  "visa-style 18": { data: "06011203a0a000", signs: [[0, 14]], key: "common session key", filling: "80" },
  "visa-style 22": { data: `1f2201${"a0".repeat(29)}`, signs: [[0, 64]], key: "common session key", filling: "80" },
  "M/Chip 16": {
    data: `0110${"a1".repeat(6)}0000${"00".repeat(8)}`,
    signs: [[4, 16]],
    key: "mchip session key",
    filling: "80",
  },
  "M/Chip 17": {
    data: `0111${"a1".repeat(6)}0000${"c3".repeat(8)}`,
    signs: [
      [4, 16],
      [20, 36],
    ],
    key: "mchip session key",
    filling: "80",
  },
  "M/Chip 20": {
    data: `0114${"a1".repeat(6)}0000${"00".repeat(8)}`,
    signs: [[4, 16]],
    key: "common session key",
    filling: "80",
  },
  "M/Chip 21": {
    data: `0115${"a1".repeat(6)}0000${"c3".repeat(8)}`,
    signs: [
      [4, 16],
      [20, 36],
    ],
    key: "common session key",
    filling: "80",
  },
} as const satisfies Readonly<
  Record<string, { data: string; signs: readonly (readonly [number, number])[]; key: Derivation; filling: string }>
>;
export type ChipVersion = keyof typeof chipVersions;

/**
 * A chip card with keys of its own, written from EMV book 2 on hexadecimal texts: it shares nothing with what verifies
 * it. The sequence number is 00.
 */
export class ChipCard {
  readonly #cardKey: string;

  constructor(issuerKey: Uint8Array, pan: string) {
    const digits = `${pan}00`.slice(-16);
    const other = digits.replaceAll(/\d/g, (digit) => (15 - Number(digit)).toString(16));
    const key = Buffer.from(issuerKey).toString("hex");
    this.#cardKey = oddly(triple(key, digits) + triple(key, other));
  }

  /** The tags of a purchase, its cryptogram among them. */
  tags(version: ChipVersion, changes: Readonly<Record<string, string>> = {}): Record<string, string> {
    const { data, signs, filling } = chipVersions[version];
    const tags = { ...terminalTags, ...changes };
    const issuers = signs.map(([from, to]) => data.slice(from, to)).join("");
    const signed = `${signedTags.map((tag) => tags[tag]).join("")}${issuers}${filling}`;
    const key = this.#key(chipVersions[version].key, tags);
    return { ...tags, "9F10": data, "9F26": mac(key, signed), "9F27": "80" };
  }

  /** Whether tag 91 is what this card wants to hear about its cryptogram. */
  accepts(version: ChipVersion, tags: Readonly<Record<string, string>>, tag91: string): boolean {
    const cryptogram = tags["9F26"] ?? "";
    const isMethod2 = version === "visa-style 18" || version === "visa-style 22";
    if (isMethod2) {
      const update = tag91.slice(8);
      return mac(this.#key("common session key", tags), `${cryptogram}${update}80`).slice(0, 8) === tag91.slice(0, 8);
    }
    const code = tag91.slice(16);
    const key = this.#key(chipVersions[version].key === "common session key" ? "common session key" : "card key", tags);
    return triple(key, added(cryptogram, code.padEnd(16, "0"))) === tag91.slice(0, 16);
  }

  #key(derivation: Derivation, tags: Readonly<Record<string, string>>): string {
    if (derivation === "card key") return this.#cardKey;
    const rest = derivation === "common session key" ? "0000000000" : `00${tags["9F37"]}`;
    const counter = tags["9F36"] ?? "";
    return oddly(triple(this.#cardKey, `${counter}f0${rest}`) + triple(this.#cardKey, `${counter}0f${rest}`));
  }
}

/** A DE52 of format 0 under a key of 16 bytes. */
export function pinBlock(zoneKey: Uint8Array, pan: string, pin: string): string {
  const field = `0${pin.length}${pin}`.padEnd(16, "f");
  return triple(Buffer.from(zoneKey).toString("hex"), added(field, `0000${pan.slice(-13, -1)}`));
}

function mac(key: string, data: string): string {
  const padded = data.padEnd(Math.ceil(data.length / 16) * 16, "0");
  const left = key.slice(0, 16);
  const single = createCipheriv("des-ede3-cbc", Buffer.from(left.repeat(3), "hex"), Buffer.alloc(8)).setAutoPadding(
    false,
  );
  const last = single.update(Buffer.from(padded, "hex")).subarray(-8);
  const right = Buffer.from(key.slice(16).repeat(3), "hex");
  const opened = createDecipheriv("des-ede3-cbc", right, Buffer.alloc(8)).setAutoPadding(false).update(last);
  const closing = createCipheriv("des-ede3-cbc", Buffer.from(left.repeat(3), "hex"), Buffer.alloc(8));
  return closing.setAutoPadding(false).update(opened).toString("hex");
}

function triple(key: string, block: string): string {
  const cipher = createCipheriv("des-ede-cbc", Buffer.from(key, "hex"), Buffer.alloc(8)).setAutoPadding(false);
  return cipher.update(Buffer.from(block, "hex")).toString("hex");
}

function added(a: string, b: string): string {
  return (BigInt(`0x${a}`) ^ BigInt(`0x${b}`)).toString(16).padStart(16, "0");
}

function oddly(key: string): string {
  const bytes = [...Buffer.from(key, "hex")].map((byte) => {
    const ones = byte.toString(2).replaceAll("0", "").length;
    return ones % 2 === 1 ? byte : byte ^ 1;
  });
  return Buffer.from(bytes).toString("hex");
}
