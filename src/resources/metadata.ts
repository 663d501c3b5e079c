import { metadata as metadataSchema } from "../../specs/api/forms.ts";
import { ApiError } from "./api-error.ts";

export type Metadata = Readonly<Record<string, string>>;

const { maxProperties: keysMax } = metadataSchema;

/**
 * Metadata after a change: keys are added or replaced, "" takes a key away, and "" for all of it clears it. Undefined
 * leaves it as it is. Throws ApiError where more keys than an object may have would be left: what is added may be within
 * the limit by itself.
 */
export function mergeMetadata(before: Metadata, change: Metadata | "" | null | undefined): Metadata {
  if (change === undefined) return before;
  if (change === "" || change === null) return {};
  const after = Object.entries({ ...before, ...change }).filter(([, value]) => value !== "");
  if (after.length > keysMax) {
    throw new ApiError("parameter_invalid", `metadata can have at most ${keysMax} keys`, "metadata");
  }
  return Object.fromEntries(after);
}
