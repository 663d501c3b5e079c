import { type KeyAttributes, type WrappedKey, unwrapKey, wrapKey } from "../hsm/key-block.ts";
import type { VaultKey } from "../hsm/pan-vault.ts";
import type { KeyMaterial } from "./key-file.ts";

/*
 * How the secrets of a data set lie in its key file: each is a key block of version D with its label.
 *
 *   id          turns places into ids
 *   pan:<n>     encrypts PANs, generation n
 *   index:<n>   finds them
 *   others      the issuer's keys (src/hsm/new-card-keys.ts)
 */
const idLabel = "id";
const panLabel = /^pan:(\d{1,3})$/;
const indexLabel = /^index:(\d{1,3})$/;

export function toKeyBlocks(protectionKey: Uint8Array, material: KeyMaterial): string[] {
  const vault = material.vaultKeys.flatMap(({ id, panKey, indexKey }) => [
    wrapped(`pan:${id}`, dataKey, panKey),
    wrapped(`index:${id}`, hashKey, indexKey),
  ]);
  const keys = [wrapped(idLabel, dataKey, material.idKey), ...vault, ...material.cardKeys];
  return keys.map((key) => wrapKey("D", protectionKey, key));
}

/** null where a block does not open, or a key that has to be there is missing. */
export function fromKeyBlocks(protectionKey: Uint8Array, blocks: readonly string[]): KeyMaterial | null {
  let idKey: Uint8Array | null = null;
  const panKeys = new Map<number, Uint8Array>();
  const indexKeys = new Map<number, Uint8Array>();
  const cardKeys: WrappedKey[] = [];
  for (const block of blocks) {
    const opened = unwrapKey(protectionKey, block);
    if (!opened.ok || opened.value.attributes.label === null) return null;
    const { key, attributes } = opened.value;
    const label = attributes.label ?? "";
    const [, panId] = panLabel.exec(label) ?? [];
    const [, indexId] = indexLabel.exec(label) ?? [];
    if (label === idLabel) idKey = new Uint8Array(key);
    else if (panId !== undefined) panKeys.set(Number(panId), new Uint8Array(key));
    else if (indexId !== undefined) indexKeys.set(Number(indexId), new Uint8Array(key));
    else cardKeys.push(opened.value);
  }
  const vaultKeys: VaultKey[] = [];
  for (const [id, panKey] of panKeys) {
    const indexKey = indexKeys.get(id);
    if (indexKey === undefined || panKey.length !== 32 || indexKey.length !== 32) return null;
    vaultKeys.push({ id, panKey, indexKey });
  }
  if (idKey?.length !== 16 || vaultKeys.length === 0) return null;
  return { idKey, vaultKeys: vaultKeys.toSorted((a, b) => b.id - a.id), cardKeys };
}

const shared = { version: "00", exportability: "N" } as const;
const dataKey = { ...shared, usage: "D0", algorithm: "A", mode: "B" } as const;
const hashKey = { ...shared, usage: "M7", algorithm: "H", mode: "C" } as const;

function wrapped(label: string, attributes: Omit<KeyAttributes, "label">, key: Uint8Array): WrappedKey {
  return { attributes: { ...attributes, label }, key: Buffer.from(key) };
}
