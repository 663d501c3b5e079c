import type { Sensitivity } from "../../specs/dialect.ts";
import { maskPan } from "../kernel/pan-mask.ts";
import { leavesOf } from "./leaves.ts";
import type { Message } from "./message.ts";

/** Every value by its path, as a log may hold it: the spec says what is masked, not the caller. */
export function masked(message: Message): Record<string, string> {
  const values: Record<string, string> = { "0": message.mti };
  for (const leaf of leavesOf(message.elements)) {
    if (leaf.value !== null) values[leaf.path] = maskValue(leaf.value, leaf.sensitive);
  }
  return values;
}

/** A PAN keeps its first six and last four digits; everything else that is sensitive keeps only its length. */
export function maskValue(value: string, sensitive: Sensitivity | null): string {
  if (sensitive === null) return value;
  return sensitive === "pan" ? maskPan(value) : "*".repeat(value.startsWith("hex:") ? value.length - 4 : value.length);
}
