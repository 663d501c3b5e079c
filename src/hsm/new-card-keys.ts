import { randomBytes } from "node:crypto";
import type { KeyAlgorithm, KeyMode, KeyUsage, WrappedKey } from "./key-block.ts";
import { zonePinLabel } from "./key-store.ts";
import { withOddParity } from "./parity.ts";

interface CardKey {
  readonly usage: KeyUsage;
  readonly algorithm: KeyAlgorithm;
  readonly mode: KeyMode;
}

/** The keys that every issuer has here, by label. All have 16 bytes. */
export const cardKeys = {
  cvk: { usage: "C0", algorithm: "T", mode: "C" },
  pvk: { usage: "V1", algorithm: "T", mode: "C" },
  "imk-ac": { usage: "E0", algorithm: "T", mode: "X" },
  "imk-dn": { usage: "E4", algorithm: "T", mode: "X" },
  [zonePinLabel]: { usage: "B0", algorithm: "A", mode: "X" },
} as const satisfies Readonly<Record<string, CardKey>>;

/** Fresh keys for every label that is not there yet. None may leave. */
export function missingCardKeys(present: readonly WrappedKey[]): WrappedKey[] {
  const labels = new Set(present.map(({ attributes }) => attributes.label));
  return Object.entries(cardKeys)
    .filter(([label]) => !labels.has(label))
    .map(([label, { usage, algorithm, mode }]) => {
      const random = randomBytes(16);
      const key = algorithm === "T" ? withOddParity(random) : random;
      return { attributes: { usage, algorithm, mode, version: "00", exportability: "N", label }, key };
    });
}
