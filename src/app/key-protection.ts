import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { randomBytes, scryptSync } from "node:crypto";
import { type Result, fail, ok } from "../kernel/result.ts";

/** How the key file says that its keys are encrypted. */
export type Protection =
  /** Under a key of its own, in the file beside it. */
  | { readonly kind: "master_key_file" }
  /** Under a key that follows from CARDSWITCH_KEY_PASSPHRASE, by scrypt with this salt (16 bytes in hexadecimal digits). */
  | { readonly kind: "passphrase"; readonly salt: string };

export interface Protected {
  readonly protection: Protection;
  /** 32 bytes of AES: what the key blocks are wrapped in. */
  readonly key: Buffer;
}

/** scrypt's work: 2^15 rounds of 8 blocks take 32 MiB and about a tenth of a second. */
const scryptWork = { N: 32_768, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };
const masterKeyBytes = 32;

export function passphraseFrom(env: Readonly<Record<string, string | undefined>>): string | null {
  const passphrase = env["CARDSWITCH_KEY_PASSPHRASE"] ?? "";
  return passphrase === "" ? null : passphrase;
}

/** Whoever copies the key file alone has nothing. */
export function masterKeyPath(keyFile: string): string {
  return `${keyFile}.master`;
}

/** What a new or rewritten key file is encrypted under: the passphrase where there is one, else the master key file. */
export function newProtection(keyFile: string, passphrase: string | null): Protected {
  if (passphrase !== null) {
    const salt = randomBytes(16).toString("hex");
    return { protection: { kind: "passphrase", salt }, key: keyOf(passphrase, salt) };
  }
  const path = masterKeyPath(keyFile);
  const present = existsSync(path) ? readMasterKey(path) : null;
  if (present?.ok === true) return { protection: { kind: "master_key_file" }, key: present.value };
  const key = randomBytes(masterKeyBytes);
  writeFileSync(path, `${key.toString("hex")}\n`, { mode: 0o600, flush: true });
  return { protection: { kind: "master_key_file" }, key };
}

/** The key that a key file was encrypted under, or why there is none. */
export function openProtection(
  keyFile: string,
  protection: Protection,
  passphrase: string | null,
): Result<Buffer, string> {
  if (protection.kind === "master_key_file") return readMasterKey(masterKeyPath(keyFile));
  if (passphrase === null) return fail(`${keyFile} is encrypted under a passphrase: set CARDSWITCH_KEY_PASSPHRASE`);
  return ok(keyOf(passphrase, protection.salt));
}

/** A key file that has gone over to a passphrase needs no master key any more. */
export function forgetMasterKey(keyFile: string): void {
  rmSync(masterKeyPath(keyFile), { force: true });
}

function keyOf(passphrase: string, salt: string): Buffer {
  return scryptSync(passphrase, Buffer.from(salt, "hex"), masterKeyBytes, scryptWork);
}

function readMasterKey(path: string): Result<Buffer, string> {
  try {
    if ((statSync(path).mode & 0o077) !== 0) return fail(`${path} may be read by others: chmod 600 it`);
    const text = readFileSync(path, "latin1").trim();
    return /^[0-9a-f]{64}$/.test(text) ? ok(Buffer.from(text, "hex")) : fail(`${path} is no master key`);
  } catch (error) {
    return fail(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
