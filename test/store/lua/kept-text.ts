import type { PackedMessage, PackedMoney } from "../../../src/store/packed-state.ts";

/** "open fuel hold, 70 of 100, 20 on 20362": what remains, what it was approved for, and the days after its first. */
export function keptText(kept: PackedMessage | PackedMoney): string {
  if (kept.kind === "message") {
    const { named, told } = kept;
    const names =
      named === null ? "" : `, names ${nameOf(named.messageKey)}${named.left > 0n ? ` for ${named.left}` : ""}`;
    const balances = told === null ? "" : `, told ${told.available} and ${told.held}`;
    return `outcome ${kept.outcome}, reason ${kept.reason}, ${kept.amount}${names}${balances}`;
  }
  const fuel = ["", "fuel ", "completed fuel "][kept.fuel] ?? "?";
  const later = kept.laterDays.map(({ day, amount }) => `, ${amount} on ${day}`).join("");
  const asked = kept.asked === kept.amount ? "" : `, asked ${kept.asked}`;
  return `${states[kept.state]} ${fuel}${kept.kind === "hold" ? "hold" : "posting"}, ${kept.remaining} of ${kept.amount}${asked}${later}`;
}

const states = ["?", "open", "reversed", "captured", "expired", "debit", "credit", "pending"];

/** A message key as an example names it. */
export function nameOf(messageKey: Uint8Array): string {
  return Buffer.from(messageKey).toString("latin1").replace(/-+$/, "");
}
