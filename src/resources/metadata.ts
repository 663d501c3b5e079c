export type Metadata = Readonly<Record<string, string>>;

/**
 * Metadata after a change: keys are added or replaced, "" takes a key away, and "" for all of it clears it. Undefined
 * leaves it as it is.
 */
export function mergeMetadata(before: Metadata, change: Metadata | "" | null | undefined): Metadata {
  if (change === undefined) return before;
  if (change === "" || change === null) return {};
  const after = Object.entries({ ...before, ...change }).filter(([, value]) => value !== "");
  return Object.fromEntries(after);
}
