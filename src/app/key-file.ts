import { chmodSync, existsSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { createHash, randomBytes } from "node:crypto";
import type { WrappedKey } from "../hsm/key-block.ts";
import { missingCardKeys } from "../hsm/new-card-keys.ts";
import { type VaultKey, newVaultKey } from "../hsm/pan-vault.ts";
import { type Result, fail, ok } from "../kernel/result.ts";
import { fromKeyBlocks, toKeyBlocks } from "./key-blocks.ts";
import {
  type Protected,
  type Protection,
  forgetMasterKey,
  newProtection,
  openProtection,
  passphraseFrom,
} from "./key-protection.ts";

/** The secrets of a data set. Whoever has the file and what it is encrypted under can read its PANs. */
export interface KeyMaterial {
  /** 16 bytes: turns places into ids. It never changes, or every id would. */
  readonly idKey: Uint8Array;
  /** Newest first; older ones open and find what they sealed and filed. */
  readonly vaultKeys: readonly VaultKey[];
  /** The issuer's keys by label: of card codes, PINs, chips and links. */
  readonly cardKeys: readonly WrappedKey[];
}

export interface KeyFileError {
  readonly code: "key_file_unreadable" | "key_file_open_to_others" | "key_file_unwritable" | "too_many_keys";
  readonly message: string;
}

interface KeyFileJson {
  readonly format: 2;
  readonly protection: Protection;
  /** Key blocks of version D. */
  readonly keys: readonly string[];
}

/** Keys that only live as long as the process: for volatile data sets and tests. */
export function newKeyMaterial(): KeyMaterial {
  return { idKey: randomBytes(16), vaultKeys: [newVaultKey(1)], cardKeys: missingCardKeys([]) };
}

/** 8 hex digits that tell one id key from another and nothing about either. A rotation leaves it as it is. */
export function keyFingerprint({ idKey }: KeyMaterial): string {
  return createHash("sha256").update(idKey).digest("hex").slice(0, 8);
}

/** Reads the key file, or creates it with mode 0600. A file that others may read is refused. */
export function openKeyFile(path: string, passphrase = passphraseFrom(process.env)): Result<KeyMaterial, KeyFileError> {
  if (!existsSync(path)) return write(path, newKeyMaterial(), passphrase);
  const read = readKeyFile(path, passphrase);
  if (!read.ok) return read;
  const missing = missingCardKeys(read.value.cardKeys);
  return missing.length === 0
    ? read
    : write(path, { ...read.value, cardKeys: [...read.value.cardKeys, ...missing] }, passphrase);
}

/** Reads the key file and leaves it as it is. */
export function readKeyFile(path: string, passphrase = passphraseFrom(process.env)): Result<KeyMaterial, KeyFileError> {
  let text: string;
  try {
    if ((statSync(path).mode & 0o077) !== 0) {
      return fail({ code: "key_file_open_to_others", message: `${path} may be read by others: chmod 600 it` });
    }
    text = readFileSync(path, "utf8");
  } catch (error) {
    return unreadable(`${path} cannot be read: ${messageOf(error)}`);
  }
  const json = parse(text);
  if (json === null) return unreadable(`${path} is not a key file of this version`);
  const key = openProtection(path, json.protection, passphrase);
  if (!key.ok) return unreadable(key.error);
  const keys = fromKeyBlocks(key.value, json.keys);
  key.value.fill(0);
  if (keys === null) return unreadable(`${path} does not open: its keys were encrypted under something else`);
  return ok(keys);
}

/** Adds a generation of keys: new cards use it, older ones stay readable under theirs. The rest is encrypted anew. */
export function rotateKeyFile(
  path: string,
  passphrase = passphraseFrom(process.env),
): Result<KeyMaterial, KeyFileError> {
  const opened = openKeyFile(path, passphrase);
  if (!opened.ok) return opened;
  const newest = opened.value.vaultKeys[0]?.id ?? 0;
  if (newest >= 255) return fail({ code: "too_many_keys", message: `${path} has had 255 generations of keys` });
  return write(path, { ...opened.value, vaultKeys: [newVaultKey(newest + 1), ...opened.value.vaultKeys] }, passphrase);
}

/** Adds a key of the issuer's, or puts it in the place of the one that has its label. */
export function storeCardKey(
  path: string,
  key: WrappedKey,
  passphrase = passphraseFrom(process.env),
): Result<KeyMaterial, KeyFileError> {
  const opened = openKeyFile(path, passphrase);
  if (!opened.ok) return opened;
  const others = opened.value.cardKeys.filter(({ attributes }) => attributes.label !== key.attributes.label);
  return write(path, { ...opened.value, cardKeys: [...others, key] }, passphrase);
}

/** Writes the same keys elsewhere, or in the same place, encrypted under another passphrase or under a master key. */
export function copyKeyFile(
  from: string,
  to: { readonly path: string; readonly passphrase?: string | null },
  passphrase = passphraseFrom(process.env),
): Result<KeyMaterial, KeyFileError> {
  const read = readKeyFile(from, passphrase);
  return read.ok ? write(to.path, read.value, to.passphrase ?? passphraseFrom(process.env)) : read;
}

// Written aside and moved into place: a crash leaves the old file or the new one.
function write(path: string, keys: KeyMaterial, passphrase: string | null): Result<KeyMaterial, KeyFileError> {
  const aside = `${path}.new`;
  try {
    const protection = newProtection(path, passphrase);
    writeFileSync(aside, jsonOf(keys, protection), { mode: 0o600, flush: true });
    chmodSync(aside, 0o600);
    renameSync(aside, path);
    if (passphrase !== null) forgetMasterKey(path);
    return ok(keys);
  } catch (error) {
    return fail({ code: "key_file_unwritable", message: `${path} cannot be written: ${messageOf(error)}` });
  }
}

function jsonOf(keys: KeyMaterial, { protection, key }: Protected): string {
  const json: KeyFileJson = { format: 2, protection, keys: toKeyBlocks(key, keys) };
  key.fill(0);
  return `${JSON.stringify(json, null, 2)}\n`;
}

function unreadable(message: string): Result<KeyMaterial, KeyFileError> {
  return fail({ code: "key_file_unreadable", message });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function parse(text: string): KeyFileJson | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  return isKeyFile(json) ? json : null;
}

function isKeyFile(json: unknown): json is KeyFileJson {
  if (typeof json !== "object" || json === null || !("format" in json) || json.format !== 2) return false;
  if (!("protection" in json) || !isProtection(json.protection) || !("keys" in json)) return false;
  return Array.isArray(json.keys) && json.keys.every((key) => typeof key === "string");
}

function isProtection(value: unknown): value is Protection {
  if (typeof value !== "object" || value === null || !("kind" in value)) return false;
  if (value.kind === "master_key_file") return true;
  return value.kind === "passphrase" && "salt" in value && typeof value.salt === "string";
}
