import type { Minor } from "../kernel/money.ts";
import type { CardView, ControlsView, LimitView } from "./card-view.ts";
import type { DeclineCheck } from "./decision.ts";

/** What the static checks look at. */
export interface CheckedMessage {
  /** The category of the merchant, as the API writes it. */
  readonly category: string;
  /** Alpha-2, or "" where the message does not tell. */
  readonly country: string;
  readonly presence: "present" | "not_present";
  /** Card amount that a limit per authorization looks at; 0 where the message moves no money. */
  readonly cardAmount: Minor;
  /** A credit: only the card has to be valid (rules: Holds, Refund authorization). */
  readonly isCredit: boolean;
  /** Business month as YYMM. */
  readonly month: number;
  /** The check of code, PIN, cryptogram or, behind them, of fraud that failed; null: none did. */
  readonly verification: DeclineCheck | null;
}

/**
 * The checks that need no counter, in the order of the decision (specs/decision-table.ts): the first hit has the
 * lowest rank. Counted limits and funds are the function's.
 */
export function firstRefusal(view: CardView, message: CheckedMessage): DeclineCheck | null {
  if (view.statusRefusal !== null) return view.statusRefusal;
  // A card is good to the end of its month, UTC.
  if (message.month > view.expiry) return "card_expired";
  if (message.isCredit) return null;
  if (view.holderRefusal !== null) return view.holderRefusal;
  if (message.verification !== null) return message.verification;
  for (const controls of view.controls) if (isRefused(controls.categories, message.category)) return "category";
  for (const controls of view.controls) if (isRefused(controls.countries, message.country)) return "country";
  for (const controls of view.controls) if (isRefused(controls.presences, message.presence)) return "presence";
  for (const limit of view.perAuthorization) {
    const counts = limit.categories === null || limit.categories.has(message.category);
    if (counts && message.cardAmount > limit.amount) return "limit";
  }
  return null;
}

/** Appends the limits whose counters an amount spent in this category moves. */
export function addLimits(limits: readonly LimitView[], category: string, argv: (string | Uint8Array)[]): void {
  for (const limit of limits) {
    if (limit.categories === null || limit.categories.has(category)) argv.push(limit.argument);
  }
}

function isRefused(rule: ControlsView["categories"], value: string): boolean {
  return (rule.allowed !== null && !rule.allowed.has(value)) || (rule.blocked?.has(value) ?? false);
}
