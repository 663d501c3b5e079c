import { type BlockCipher, aes, decryptCbc, encryptCbc, tripleDes } from "./block-cipher.ts";
import { cmac } from "./cmac.ts";

/** What was found in a key block; its caller compares the two authenticators. */
export interface OpenedBlock {
  readonly clear: Buffer;
  readonly authenticator: Uint8Array;
  readonly expected: Uint8Array;
}

/** How a version of key block encrypts and authenticates. */
export interface BlockProtection {
  readonly blockBytes: number;
  readonly authenticatorBytes: number;
  /** Ciphertext and authenticator. */
  seal(header: Buffer, clear: Buffer): Buffer;
  open(header: Buffer, sealed: Buffer): OpenedBlock;
}

/** null where the version is unknown, or the key of another length than it wants. */
export function protectionOf(version: string, key: Uint8Array): BlockProtection | null {
  if (version === "D") return key.length === 16 || key.length === 24 || key.length === 32 ? derived(key, aes) : null;
  if (key.length !== 16 && key.length !== 24) return null;
  if (version === "B") return derived(key, tripleDes);
  return version === "A" ? variant(key) : null;
}

/** Versions B and D: both keys are derived by CMAC; the authenticator covers the clear text and is the vector of its CBC. */
function derived(key: Uint8Array, cipherOf: (key: Uint8Array) => BlockCipher): BlockProtection {
  const base = cipherOf(key);
  const encryption = cipherFrom(derivedKey(base, key.length, 0), cipherOf);
  const authentication = cipherFrom(derivedKey(base, key.length, 1), cipherOf);
  const { blockBytes } = base;
  return {
    blockBytes,
    authenticatorBytes: blockBytes,
    seal: (header, clear) => {
      const authenticator = cmac(authentication, Buffer.concat([header, clear]));
      return Buffer.concat([encryptCbc(encryption, authenticator, clear), authenticator]);
    },
    open: (header, sealed) => {
      const authenticator = sealed.subarray(-blockBytes);
      const clear = decryptCbc(encryption, authenticator, sealed.subarray(0, -blockBytes));
      return { clear, authenticator, expected: cmac(authentication, Buffer.concat([header, clear])) };
    },
  };
}

/**
 *   | counter 1 | 0000 encryption, 0001 authentication | 00 | algorithm 2 | bits 2 |  → CMAC, block after block
 */
function derivedKey(base: BlockCipher, keyBytes: number, use: 0 | 1): Buffer {
  const algorithm = base.blockBytes === 16 ? keyBytes / 8 : keyBytes / 8 - 2;
  const blocks: Buffer[] = [];
  for (let counter = 1; (counter - 1) * base.blockBytes < keyBytes; counter++) {
    const data = Buffer.from([counter, 0, use, 0, 0, algorithm, 0, 0]);
    data.writeUInt16BE(keyBytes * 8, 6);
    blocks.push(cmac(base, data));
  }
  return Buffer.concat(blocks).subarray(0, keyBytes);
}

/** Version A: the keys are the protection key plus 45 or 4D in each byte; four bytes of a CBC-MAC cover the ciphertext. */
function variant(key: Uint8Array): BlockProtection {
  const encryption = cipherFrom(Buffer.from(key.map((byte) => byte ^ 0x45)), tripleDes);
  const authentication = cipherFrom(Buffer.from(key.map((byte) => byte ^ 0x4d)), tripleDes);
  const authenticate = (data: Uint8Array): Buffer =>
    encryptCbc(authentication, Buffer.alloc(8), data).subarray(-8).subarray(0, 4);
  return {
    blockBytes: 8,
    authenticatorBytes: 4,
    seal: (header, clear) => {
      const encrypted = encryptCbc(encryption, header.subarray(0, 8), clear);
      return Buffer.concat([encrypted, authenticate(Buffer.concat([header, encrypted]))]);
    },
    open: (header, sealed) => {
      const encrypted = sealed.subarray(0, -4);
      return {
        clear: decryptCbc(encryption, header.subarray(0, 8), encrypted),
        authenticator: sealed.subarray(-4),
        expected: authenticate(Buffer.concat([header, encrypted])),
      };
    },
  };
}

function cipherFrom(key: Buffer, cipherOf: (key: Uint8Array) => BlockCipher): BlockCipher {
  const cipher = cipherOf(key);
  key.fill(0);
  return cipher;
}
