import { convert } from "../src/kernel/conversion.ts";
import type { Minor } from "../src/kernel/money.ts";
import { decimalsOf } from "./known-program.ts";
import type { Purchase, Undo } from "./purchase.ts";

/** What a reversal leaves of a purchase, in the places of each network: mastercard-style in the card's currency too. */
export function replacementOf(
  { acceptor, billing, network }: Purchase,
  amount: Minor,
): NonNullable<Undo["replacement"]> {
  if (network !== "mastercard" || billing === null) return { amount, billing: null };
  const decimals = { from: decimalsOf(acceptor.currency), to: decimalsOf(billing.currency) };
  return { amount, billing: convert(amount, billing.rate, decimals) };
}
