import type { LinkSpec } from "../../specs/links.ts";
import { framedBytesMax, framingNamed } from "../iso8583/public.ts";

/** An answer carries over its request and adds no more than this: DE38, 39, 44 and 54, and what their dialects add. */
const answeredBytesMore = 512;

/** What keeps a link's framing from carrying its messages, as one line that names the key; null where nothing does. */
export function framingFault({ dialect, framing: name, imported, limits }: LinkSpec): string | null {
  const framing = framingNamed(name);
  if (framing === null) return `there is no "framing" ${name}`;
  const most = framedBytesMax(framing) - answeredBytesMore;
  if (limits.frameBytesMax > most) return `"limits.frameBytesMax" has to be at most ${most} where "framing" is ${name}`;
  if (framing.length !== "none" || imported !== undefined || dialect === "iso87-ascii") return null;
  return `"framing" ${name} is for messages of text, and those of ${dialect} have bytes`;
}
