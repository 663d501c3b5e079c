import type { DemoAccountKey, DemoCardKey, DemoSpendingLimit } from "../specs/demo-program.ts";
import type { CarriedCard } from "./purchase.ts";

/**
 * What the day changes at the issuer without a wire message. Each call resolves when the change is in force for the
 * next message.
 */
export interface ProgramHooks {
  /** The issuer's business time in milliseconds; it may stand still. */
  businessNow(): number;
  setAccountEnabled(account: DemoAccountKey, isEnabled: boolean): Promise<void>;
  setCardStatus(card: DemoCardKey, status: "active" | "inactive"): Promise<void>;
  /** Adds to the limits that the card has. */
  addCardLimit(card: DemoCardKey, limit: DemoSpendingLimit): Promise<void>;
  /** Cancels the card as lost and resolves to an active one of the same chain with a PAN of its own. */
  replaceLostCard(card: DemoCardKey): Promise<CarriedCard>;
  advanceClock(ms: number): Promise<void>;
}
