import { leavesOf } from "./leaves.ts";
import { maskValue } from "./mask.ts";
import type { Message } from "./message.ts";

/** A path at which two messages do not say the same; values are masked, null where there is none. */
export interface MessageDifference {
  readonly path: string;
  readonly name: string;
  readonly left: string | null;
  readonly right: string | null;
}

/** Path by path what differs between two messages, in the order of the wire; bytes that mean the same do not. */
export function messageDifferences(left: Message, right: Message): MessageDifference[] {
  const sides = { left: shownValues(left), right: shownValues(right) };
  const differences: MessageDifference[] = [];
  for (const path of new Set([...sides.left.keys(), ...sides.right.keys()])) {
    const [mine, theirs] = [sides.left.get(path), sides.right.get(path)];
    if (mine?.value === theirs?.value) continue;
    const name = mine?.name ?? theirs?.name ?? "";
    differences.push({ path, name, left: mine?.shown ?? null, right: theirs?.shown ?? null });
  }
  return differences.sort((a, b) => order(a.path) - order(b.path));
}

/** A line a difference: "4  Amount, transaction  000000001250 → 000000001500". */
export function renderDifferences(differences: readonly MessageDifference[]): string {
  if (differences.length === 0) return "the same values at every path";
  return differences
    .map(({ path, name, left, right }) => {
      const isHidden = left === right ? " (they differ in what is not shown)" : "";
      return `${path.padEnd(14)}${name.padEnd(42)}${left ?? "absent"} → ${right ?? "absent"}${isHidden}`;
    })
    .join("\n");
}

interface Shown {
  readonly name: string;
  readonly value: string;
  readonly shown: string;
}

function shownValues(message: Message): Map<string, Shown> {
  const values = new Map<string, Shown>();
  values.set("0", { name: "Message type", value: message.mti, shown: message.mti });
  const header = message.get("header");
  if (header !== undefined) values.set("header", { name: "Header", value: header, shown: header });
  for (const { path, name, value, sensitive } of leavesOf(message.elements)) {
    if (value !== null) values.set(path, { name, value, shown: maskValue(value, sensitive) });
  }
  return values;
}

/** Data elements by their numbers; header and type before them. Parts keep the order in which they came. */
function order(path: string): number {
  return path === "header" ? -1 : Number.parseInt(path, 10);
}
