import { networks } from "../../specs/networks.ts";
import { messageFunctions, type MessageFunction, type MessageIdentity } from "./request.ts";

/** The 8-byte names of a message (rules: Identity of a message, and of a chain). */
export interface MessageKeys {
  readonly messageKey: Uint8Array;
  readonly chainKey: Uint8Array;
  readonly fingerprint: Uint8Array;
}

/**
 * `panIndex` stands for the PAN: it is the keyed index, so that a stolen data set cannot be searched for a PAN through
 * its message keys.
 */
export function keysOf(message: MessageIdentity, function_: MessageFunction, panIndex: string): MessageKeys {
  return {
    messageKey: keyOf(message, function_, panIndex, message.stan),
    chainKey: chainKeyOf(message, panIndex),
    fingerprint: fingerprintOf(message),
  };
}

/** The key of the message that another refers to: the same tuple with the original's function and DE11. */
export function originalKeyOf(
  message: MessageIdentity,
  panIndex: string,
  original: { readonly function: MessageFunction; readonly stan: string },
): Uint8Array {
  return keyOf(message, original.function, panIndex, original.stan);
}

/**
 * Functions under whose keys the original of a reversal (`of` "any") or of a 0220 is looked for, in order. DE90 tells
 * one; a 0120 bears the key of the 0100 that it stands in for. Without DE90 it is whichever is known first.
 */
export function originalFunctions(
  told: MessageFunction | null | undefined,
  of: "any" | "financial_advice",
): readonly MessageFunction[] {
  if (told === null || told === undefined) return of === "any" ? anyOriginal : ofFinancialAdvice;
  return [told === "advice" ? "authorization" : told];
}

const anyOriginal = ["authorization", "financial", "financial_advice"] as const;
const ofFinancialAdvice = ["authorization", "financial"] as const;

/** 64 bits of one text. */
export function hash64(text: string): Uint8Array {
  begin(0);
  add(text);
  return end();
}

function keyOf(message: MessageIdentity, function_: MessageFunction, panIndex: string, stan: string): Uint8Array {
  begin(networks[message.network] * 16 + messageFunctions[function_]);
  add(panIndex);
  add(stan);
  add(message.acquirer);
  add(message.rrn);
  return end();
}

// A network's own transaction id names the chain; plain ISO 87 has only PAN, DE32 and DE37.
function chainKeyOf(message: MessageIdentity, panIndex: string): Uint8Array {
  const own = message.networkChain;
  begin(networks[message.network] * 16 + (own === null ? chainByCard : chainByNetwork));
  if (own === null) {
    add(panIndex);
    add(message.acquirer);
    add(message.rrn);
  } else {
    add(own);
  }
  return end();
}

function fingerprintOf(message: MessageIdentity): Uint8Array {
  begin(fingerprint);
  add(message.localTime);
  add(message.localDate);
  add(message.merchant.terminal);
  add(message.merchant.id);
  add(message.processingCode);
  addNumber(Number(message.transactionAmount));
  addNumber(message.transactionCurrency);
  return end();
}

// What a hash is about, beside the functions' numbers 1 to 6: no two kinds of hash meet.
const chainByCard = 8;
const chainByNetwork = 9;
const fingerprint = 255;

/*
 * 64 bits from two interleaved multiplicative hashes with a final avalanche, fed piece by piece: 0.86 µs → 0.45 µs for
 * the three keys of a message against hashing joined texts, and SHA-1 would take 1.3 µs for each. A key only has to
 * differ among the messages of one chain of cards, and the fingerprint guards it a second time.
 */
let a = 0;
let b = 0;

function begin(about: number): void {
  a = 0x9e3779b1 ^ about;
  b = 0x85ebca77;
}

function add(text: string): void {
  const { length } = text;
  // Two characters a step, which have at most sixteen bits each.
  let i = 0;
  for (; i + 1 < length; i += 2) mix(text.charCodeAt(i) | (text.charCodeAt(i + 1) << 16));
  if (i < length) mix(text.charCodeAt(i));
  // The end of a piece counts, so that "1","23" and "12","3" differ.
  mix(0x7fff0000 + length);
}

function addNumber(value: number): void {
  mix(value | 0);
  mix(Math.floor(value / 0x1_0000_0000) | 0);
}

function mix(word: number): void {
  a = Math.imul(a ^ word, 0x9e3779b1);
  b = Math.imul(b ^ word, 0x5f356495) ^ (a >>> 15);
}

function end(): Uint8Array {
  const c = Math.imul(a ^ (a >>> 16), 0x85ebca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2ae35);
  const d = Math.imul(b ^ (b >>> 16), 0x85ebca6b) ^ Math.imul(c ^ (c >>> 13), 0xc2b2ae35);
  const bytes = new Uint8Array(8);
  for (let i = 0; i < 4; i++) {
    bytes[i] = c >>> (24 - i * 8);
    bytes[i + 4] = d >>> (24 - i * 8);
  }
  return bytes;
}
