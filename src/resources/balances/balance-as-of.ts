import type { Place } from "../../kernel/ids.ts";
import type { BalanceRow } from "../../records/rows.ts";
import type { AccountBody } from "../accounts/accounts.ts";
import { unpacked } from "../recorded-entries.ts";
import type { View } from "../view.ts";
import { type ShownBalance, renderBalance } from "./balance-routes.ts";

/** The balances of an account as they stood after an entry: every entry tells what its own balance came to. */
export function renderBalanceAsOf({ records }: View, account: Place, upTo: number): ShownBalance | null {
  const owner = records.object("account", account);
  if (owner === null) return null;
  const rows = records.balances(account).flatMap((row): BalanceRow[] => {
    const last = records.history.lastEntryOfBalance(account, row.currency, upTo);
    if (last === null) return [];
    const entry = unpacked(last);
    return entry.kind === "backfill" ? [] : [{ ...row, available: entry.available, held: entry.held }];
  });
  // The home currency of an account never changes.
  return renderBalance(rows, (JSON.parse(owner.body) as AccountBody).default_currency);
}
