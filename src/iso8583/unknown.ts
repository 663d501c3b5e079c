import type { Element } from "./element.ts";

export interface UnknownParts {
  readonly count: number;
  /** In the order of the wire: "48.77", "55.9F7C", "62.rest". */
  readonly paths: readonly string[];
}

/** Every part that the dialect does not describe. */
export function unknownParts(elements: readonly (Element | undefined)[]): UnknownParts {
  const paths: string[] = [];
  for (const element of elements) if (element !== undefined) addUnknown(paths, element, element.plan.path);
  return { count: paths.length, paths };
}

function addUnknown(paths: string[], element: Element, path: string): void {
  if (element.plan.isUnknown) paths.push(path);
  if (element.parts === null) return;
  const seen = new Map<string, number>();
  for (const part of element.parts) {
    const count = (seen.get(part.key) ?? 0) + 1;
    seen.set(part.key, count);
    addUnknown(paths, part, count === 1 ? `${path}.${part.key}` : `${path}.${part.key}#${count}`);
  }
}
