import { createCipheriv, createDecipheriv, createHmac, randomBytes } from "node:crypto";
import { assert, must } from "../kernel/assert.ts";
import type { Pan } from "../kernel/pan.ts";

/** One generation of keys. The index key and the encryption key are never the same. */
export interface VaultKey {
  readonly id: number;
  /** 32 bytes: AES-256-GCM over the PAN. */
  readonly panKey: Uint8Array;
  /** 32 bytes: HMAC-SHA-256, the blind index. A plain hash of a PAN falls within minutes. */
  readonly indexKey: Uint8Array;
}

/** What a record keeps of a PAN, as base64 of | key id 1 | iv 12 | tag 16 | ciphertext |. */
export type SealedPan = string;

export const blindIndexBytes = 16;

/** PANs at rest: encrypted under the newest key, found by a keyed index, readable under every key that is left. */
export class PanVault {
  readonly #keys: readonly VaultKey[];

  /** Newest key first. */
  constructor(keys: readonly VaultKey[]) {
    assert(keys.length > 0, "a vault needs a key");
    this.#keys = keys;
  }

  /** `owner` is bound to the ciphertext: a sealed PAN moved to another card does not open. */
  seal(pan: Pan, owner: string): SealedPan {
    const key = must(this.#keys[0], "a vault needs a key");
    const iv = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", key.panKey, iv).setAAD(Buffer.from(owner));
    const ciphertext = Buffer.concat([cipher.update(pan, "latin1"), cipher.final()]);
    return Buffer.concat([Buffer.from([key.id]), iv, cipher.getAuthTag(), ciphertext]).toString("base64");
  }

  /** Throws where the PAN was sealed for another owner, was altered, or its key is gone. */
  open(sealed: SealedPan, owner: string): Pan {
    const bytes = Buffer.from(sealed, "base64");
    const key = must(
      this.#keys.find((candidate) => candidate.id === bytes[0]),
      "the key of a sealed PAN is gone",
    );
    const decipher = createDecipheriv("aes-256-gcm", key.panKey, bytes.subarray(1, 13))
      .setAAD(Buffer.from(owner))
      .setAuthTag(bytes.subarray(13, 29));
    return Buffer.concat([decipher.update(bytes.subarray(29)), decipher.final()]).toString("latin1") as Pan;
  }

  /** The index under which a new card is filed. */
  indexOf(pan: Pan): Uint8Array {
    return blindIndex(must(this.#keys[0], "a vault needs a key"), pan);
  }

  /** Every index under which a PAN may have been filed, newest key first. */
  indexesOf(pan: Pan): Uint8Array[] {
    return this.#keys.map((key) => blindIndex(key, pan));
  }
}

/** A fresh generation of keys. */
export function newVaultKey(id: number): VaultKey {
  assert(id >= 1 && id <= 255, "key ids run from 1 to 255");
  return { id, panKey: randomBytes(32), indexKey: randomBytes(32) };
}

function blindIndex(key: VaultKey, pan: Pan): Uint8Array {
  return createHmac("sha256", key.indexKey).update(pan).digest().subarray(0, blindIndexBytes);
}
