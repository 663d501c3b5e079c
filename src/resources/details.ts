/** What a caller has told and nobody but the caller reads: JSON that is kept as it was said. */
export type Detail = string | number | boolean | null | undefined | Details | readonly Detail[];
export interface Details {
  readonly [name: string]: Detail;
}

/** Details after a change: objects are merged, everything else is replaced, "" unsets. */
export function mergeDetails(before: Details, change: Details | "" | null | undefined): Details {
  if (change === undefined) return before;
  if (change === "" || change === null) return {};
  const after: Record<string, Detail> = { ...before };
  for (const [name, value] of Object.entries(change)) {
    const known = after[name];
    after[name] = isDetails(value) && isDetails(known) ? mergeDetails(known, value) : value === "" ? null : value;
  }
  return after;
}

/** Details in which it only shows that something secret was told: `tax_id` becomes `tax_id_provided`. */
export function withoutSecrets(details: Details, secrets: readonly string[]): Details {
  const kept: Record<string, Detail> = {};
  for (const [name, value] of Object.entries(details)) {
    if (secrets.includes(name)) kept[`${name}_provided`] = true;
    else kept[name] = value;
  }
  return kept;
}

export function detailsIn(details: Details, name: string): Details {
  const value = details[name];
  return isDetails(value) ? value : {};
}

export function textIn(details: Details, name: string): string | null {
  const value = details[name];
  return typeof value === "string" ? value : null;
}

export function numberIn(details: Details, name: string): number | null {
  const value = details[name];
  return typeof value === "number" ? value : null;
}

export function flagIn(details: Details, name: string): boolean {
  return details[name] === true;
}

function isDetails(value: Detail): value is Details {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
