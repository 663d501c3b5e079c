import type { SpendingControls } from "../../ledger/limits.ts";

/** The controls as the hot path reads them: only what is set, "" for none. */
export function controlsText(controls: SpendingControls): string {
  const set = Object.entries(controls).filter(([, list]) => Array.isArray(list) && list.length > 0);
  return set.length === 0 ? "" : JSON.stringify(Object.fromEntries(set));
}
