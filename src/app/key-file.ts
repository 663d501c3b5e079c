import { chmodSync, existsSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { createHash, randomBytes } from "node:crypto";
import { type VaultKey, newVaultKey } from "../hsm/pan-vault.ts";
import { type Result, fail, ok } from "../kernel/result.ts";

/** The secrets of a data set. Whoever has the file can read its PANs. */
export interface KeyMaterial {
  /** 16 bytes: turns places into ids. It never changes, or every id would. */
  readonly idKey: Uint8Array;
  /** Newest first; older ones open and find what they sealed and filed. */
  readonly vaultKeys: readonly VaultKey[];
}

export interface KeyFileError {
  readonly code: "key_file_unreadable" | "key_file_open_to_others" | "key_file_unwritable" | "too_many_keys";
  readonly message: string;
}

interface KeyFileJson {
  readonly format: 1;
  readonly id_key: string;
  readonly vault_keys: readonly { readonly id: number; readonly pan_key: string; readonly index_key: string }[];
}

/** Keys that only live as long as the process: for volatile data sets and tests. */
export function newKeyMaterial(): KeyMaterial {
  return { idKey: randomBytes(16), vaultKeys: [newVaultKey(1)] };
}

/** 8 hex digits that tell one id key from another and nothing about either. A rotation leaves it as it is. */
export function keyFingerprint({ idKey }: KeyMaterial): string {
  return createHash("sha256").update(idKey).digest("hex").slice(0, 8);
}

/** Reads the key file, or creates it with mode 0600. A file that others may read is refused. */
export function openKeyFile(path: string): Result<KeyMaterial, KeyFileError> {
  if (!existsSync(path)) return write(path, newKeyMaterial());
  try {
    if ((statSync(path).mode & 0o077) !== 0) {
      return fail({ code: "key_file_open_to_others", message: `${path} may be read by others: chmod 600 it` });
    }
    const keys = parse(readFileSync(path, "utf8"));
    return keys === null ? fail({ code: "key_file_unreadable", message: `${path} is not a key file` }) : ok(keys);
  } catch (error) {
    return fail({ code: "key_file_unreadable", message: `${path} cannot be read: ${messageOf(error)}` });
  }
}

/** Adds a generation of keys: new cards use it, older ones stay readable under theirs. */
export function rotateKeyFile(path: string): Result<KeyMaterial, KeyFileError> {
  const opened = openKeyFile(path);
  if (!opened.ok) return opened;
  const newest = opened.value.vaultKeys[0]?.id ?? 0;
  if (newest >= 255) return fail({ code: "too_many_keys", message: `${path} has had 255 generations of keys` });
  return write(path, { ...opened.value, vaultKeys: [newVaultKey(newest + 1), ...opened.value.vaultKeys] });
}

// Written aside and moved into place: a crash leaves the old file or the new one.
function write(path: string, keys: KeyMaterial): Result<KeyMaterial, KeyFileError> {
  const json: KeyFileJson = {
    format: 1,
    id_key: hex(keys.idKey),
    vault_keys: keys.vaultKeys.map(({ id, panKey, indexKey }) => ({
      id,
      pan_key: hex(panKey),
      index_key: hex(indexKey),
    })),
  };
  const aside = `${path}.new`;
  try {
    writeFileSync(aside, `${JSON.stringify(json, null, 2)}\n`, { mode: 0o600, flush: true });
    chmodSync(aside, 0o600);
    renameSync(aside, path);
    return ok(keys);
  } catch (error) {
    return fail({ code: "key_file_unwritable", message: `${path} cannot be written: ${messageOf(error)}` });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function parse(text: string): KeyMaterial | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isKeyFile(json)) return null;
  return {
    idKey: bytes(json.id_key),
    vaultKeys: json.vault_keys.map((key) => ({
      id: key.id,
      panKey: bytes(key.pan_key),
      indexKey: bytes(key.index_key),
    })),
  };
}

function isKeyFile(json: unknown): json is KeyFileJson {
  if (typeof json !== "object" || json === null || !("format" in json) || json.format !== 1) return false;
  if (!("id_key" in json) || !isHex(json.id_key, 16) || !("vault_keys" in json)) return false;
  const keys = json.vault_keys;
  return Array.isArray(keys) && keys.length > 0 && keys.every(isVaultKey);
}

function isVaultKey(key: unknown): boolean {
  if (typeof key !== "object" || key === null || !("id" in key) || typeof key.id !== "number") return false;
  return "pan_key" in key && isHex(key.pan_key, 32) && "index_key" in key && isHex(key.index_key, 32);
}

function isHex(value: unknown, count: number): value is string {
  return typeof value === "string" && new RegExp(`^[0-9a-f]{${count * 2}}$`).test(value);
}

function hex(value: Uint8Array): string {
  return Buffer.from(value).toString("hex");
}

function bytes(value: string): Uint8Array {
  return new Uint8Array(Buffer.from(value, "hex"));
}
