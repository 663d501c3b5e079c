import type { SpendingControls } from "../../ledger/limits.ts";
import { luaConstants } from "../../store/library.ts";
import { ProgramError } from "../program.ts";

/** What a function can compare: 2^47 minor units, far beyond all money. */
const limitAmountMax = luaConstants.MOST_MINOR;

/**
 * The controls as the hot path reads them: only what is set, "" for none. Throws `invalid` for a limit that the hot path
 * could not read: it would end the switch with the first message of the card.
 */
export function controlsText(controls: SpendingControls): string {
  for (const { amount } of controls.spending_limits ?? []) {
    if (Number.isSafeInteger(amount) && amount >= 0 && amount <= limitAmountMax) continue;
    throw new ProgramError("invalid", `a spending limit is a whole number from 0 to ${limitAmountMax}, not ${amount}`);
  }
  const set = Object.entries(controls).filter(([, list]) => Array.isArray(list) && list.length > 0);
  return set.length === 0 ? "" : JSON.stringify(Object.fromEntries(set));
}
