import { readFileSync } from "node:fs";
import { isFile } from "./is-file.ts";

/** The bytes that a person names: hexadecimal digits, a file with them or with the bytes themselves, or "-" for stdin. */
export function readMessageSource(source: string): Uint8Array | null {
  if (source === "-") return bytesOf(readFileSync(0));
  const typed = fromHex(source);
  if (typed !== null) return typed;
  return isFile(source) ? bytesOf(readFileSync(source)) : null;
}

/** Hex digits as text, or the bytes as they are. */
function bytesOf(content: Buffer): Uint8Array {
  return fromHex(content.toString("latin1")) ?? content;
}

function fromHex(text: string): Uint8Array | null {
  const digits = text.replaceAll(/\s/g, "");
  return digits !== "" && digits.length % 2 === 0 && /^[0-9a-fA-F]+$/.test(digits) ? Buffer.from(digits, "hex") : null;
}
