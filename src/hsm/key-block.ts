import { randomBytes } from "node:crypto";
import { assert } from "../kernel/assert.ts";
import { type Result, fail, ok } from "../kernel/result.ts";
import { isSame } from "./decimals.ts";
import { type BlockProtection, protectionOf } from "./key-block-protection.ts";

/** What a key may be used for (X9.143, table 2): the ones that we know of. */
export const keyUsages = {
  B0: "base derivation key",
  C0: "card verification",
  D0: "data encryption",
  E0: "chip cryptograms",
  E1: "secure messaging, confidentiality",
  E2: "secure messaging, integrity",
  E4: "chip dynamic numbers",
  K0: "key encryption",
  K1: "key block protection",
  M3: "retail MAC",
  M6: "CMAC",
  M7: "HMAC",
  P0: "PIN encryption",
  V1: "PIN verification, IBM 3624",
  V2: "PIN verification, PVV",
} as const;
export type KeyUsage = keyof typeof keyUsages;

/** B both ways, C generate and verify, D decrypt, E encrypt, G generate, N any, V verify, X derive. */
export const keyModes = ["B", "C", "D", "E", "G", "N", "V", "X"] as const;
export type KeyMode = (typeof keyModes)[number];

/** T triple DES, A AES, H HMAC. */
export const keyAlgorithms = ["T", "A", "H"] as const;
export type KeyAlgorithm = (typeof keyAlgorithms)[number];

export interface KeyAttributes {
  readonly usage: KeyUsage;
  readonly algorithm: KeyAlgorithm;
  readonly mode: KeyMode;
  /** Two characters; "00" where keys have no versions. */
  readonly version: string;
  /** N: never leaves; E: under a trusted key; S: under any. */
  readonly exportability: "N" | "E" | "S";
  /** Printable ASCII, up to 64 characters; null: none. Bound to the key as the rest of the header is. */
  readonly label: string | null;
}

export interface WrappedKey {
  readonly attributes: KeyAttributes;
  /** Filled with zeros by whoever asked for it. */
  readonly key: Buffer;
}

export type KeyBlockError = "bad_header" | "bad_length" | "bad_authenticator" | "unknown_attribute" | "bad_key";

const headerChars = 16;
const labelCharsMax = 64;

/**
 * A key block of TR-31 (X9.143), version D under an AES key, B under one of triple DES. Version A is read and not written.
 *
 *   | version 1 | length 4 | usage 2 | algorithm 1 | mode 1 | key version 2 | export 1 | blocks 2 | 00 | LB ... PB ... |
 *   | encrypted: bits 2, key, random filling | authenticator |       hexadecimal digits
 */
export function wrapKey(version: "B" | "D", protectionKey: Uint8Array, { attributes, key }: WrappedKey): string {
  const protection = must(protectionOf(version, protectionKey));
  const optional = optionalBlocks(attributes.label, protection.blockBytes);
  const clear = payload(key, protection.blockBytes);
  const { authenticatorBytes } = protection;
  const chars = headerChars + optional.text.length + 2 * (clear.length + authenticatorBytes);
  const { usage, algorithm, mode, version: keyVersion, exportability } = attributes;
  const fixed = `${version}${digits(chars, 4)}${usage}${algorithm}${mode}${keyVersion}${exportability}`;
  const header = `${fixed}${digits(optional.count, 2)}00${optional.text}`;
  const sealed = protection.seal(Buffer.from(header, "latin1"), clear);
  clear.fill(0);
  return header + sealed.toString("hex").toUpperCase();
}

/** Opens a key block. A changed header, another protection key and a damaged block all are `bad_authenticator`. */
export function unwrapKey(protectionKey: Uint8Array, block: string): Result<WrappedKey, KeyBlockError> {
  const version = block.charAt(0);
  const protection = protectionOf(version, protectionKey);
  const headed = readHeader(block);
  if (protection === null || headed === null) return fail("bad_header");
  const sealed = Buffer.from(block.slice(headed.chars), "hex");
  const { authenticatorBytes, blockBytes } = protection;
  const clearBytes = sealed.length - authenticatorBytes;
  if (sealed.length * 2 !== block.length - headed.chars) return fail("bad_length");
  if (clearBytes < blockBytes || clearBytes % blockBytes !== 0) return fail("bad_length");
  const opened = protection.open(Buffer.from(block.slice(0, headed.chars), "latin1"), sealed);
  try {
    if (!isSame(opened.authenticator, opened.expected)) return fail("bad_authenticator");
    if (headed.attributes === null) return fail("unknown_attribute");
    const key = keyIn(opened.clear);
    return key === null ? fail("bad_key") : ok({ attributes: headed.attributes, key });
  } finally {
    opened.clear.fill(0);
  }
}

interface Header {
  readonly chars: number;
  /** null: well formed, with an attribute that we do not know. */
  readonly attributes: KeyAttributes | null;
}

function readHeader(block: string): Header | null {
  const match = /^[ABD](\d{4})([A-Z]\d)([A-Z])([A-Z])([0-9A-Za-z]{2})([ENS])(\d\d)00/.exec(block);
  if (match === null || Number(match[1]) !== block.length) return null;
  let at = headerChars;
  let label: string | null = null;
  for (let left = Number(match[7]); left > 0; left--) {
    const chars = Number.parseInt(block.slice(at + 2, at + 4), 16);
    if (!(chars >= 4) || at + chars > block.length) return null;
    if (block.slice(at, at + 2) === "LB") label = block.slice(at + 4, at + chars);
    at += chars;
  }
  const usage = memberOf(Object.keys(keyUsages) as KeyUsage[], match[2]);
  const algorithm = memberOf(keyAlgorithms, match[3]);
  const mode = memberOf(keyModes, match[4]);
  const exportability = memberOf(["N", "E", "S"] as const, match[6]);
  if (usage === null || algorithm === null || mode === null || exportability === null) {
    return { chars: at, attributes: null };
  }
  return { chars: at, attributes: { usage, algorithm, mode, version: match[5] ?? "00", exportability, label } };
}

// The header is a whole number of cipher blocks long, so that a label is followed by filling.
function optionalBlocks(label: string | null, blockBytes: number): { readonly count: number; readonly text: string } {
  if (label === null) return { count: 0, text: "" };
  assert(/^[\x20-\x7e]+$/.test(label) && label.length <= labelCharsMax, "a label is printable ASCII, up to 64 of it");
  const text = `LB${hexLength(label.length + 4)}${label}`;
  const over = text.length % blockBytes;
  if (over === 0) return { count: 1, text };
  const room = blockBytes - over;
  const filling = room >= 4 ? room : room + blockBytes;
  return { count: 2, text: `${text}PB${hexLength(filling)}${"0".repeat(filling - 4)}` };
}

function payload(key: Uint8Array, blockBytes: number): Buffer {
  const size = Math.ceil((key.length + 2) / blockBytes) * blockBytes;
  const clear = Buffer.concat([Buffer.alloc(2), key, randomBytes(size - key.length - 2)]);
  clear.writeUInt16BE(key.length * 8, 0);
  return clear;
}

function keyIn(clear: Buffer): Buffer | null {
  const bits = clear.readUInt16BE(0);
  const bytes = bits / 8;
  const isFit = Number.isInteger(bytes) && bytes > 0 && bytes + 2 <= clear.length;
  return isFit ? Buffer.from(clear.subarray(2, 2 + bytes)) : null;
}

function must(protection: BlockProtection | null): BlockProtection {
  assert(protection !== null, "the protection key does not fit the version of the key block");
  return protection;
}

function memberOf<T extends string>(list: readonly T[], value: string | undefined): T | null {
  return list.find((member) => member === value) ?? null;
}

function digits(value: number, count: number): string {
  return String(value).padStart(count, "0");
}

function hexLength(value: number): string {
  return value.toString(16).toUpperCase().padStart(2, "0");
}
