import type { BankRefusal } from "../../../specs/refusing-banks.ts";
import type { Place } from "../../kernel/ids.ts";
import type { Metadata } from "../metadata.ts";
import type { View } from "../view.ts";

/** Where an account's payouts go. Of the number of the bank account only its last four digits are kept. */
export interface BankAccountBody {
  readonly object: "external_account";
  readonly account: number;
  readonly account_holder_name: string | null;
  readonly account_holder_type: "company" | "individual" | null;
  readonly account_type: "checking" | "futsu" | "savings" | "toza" | null;
  readonly country: string;
  readonly currency: string;
  readonly routing_number: string | null;
  readonly last4: string;
  /** Equal for equal bank accounts. */
  readonly fingerprint: string;
  readonly default_for_currency: boolean;
  /** Why its bank sends every payout back; absent: it does not. */
  readonly refuses?: BankRefusal;
  readonly deleted: boolean;
  readonly metadata: Metadata;
  readonly created: number;
  /** Types of the events that the present version is; absent: the usual ones. */
  readonly events?: readonly string[];
}

/** A bank account as the API tells it. */
export interface ShownBankAccount {
  id: string;
  object: "bank_account";
  account: string;
  account_holder_name: string | null;
  account_holder_type: string | null;
  account_type: string | null;
  available_payout_methods: ("instant" | "standard")[];
  bank_name: string | null;
  country: string;
  currency: string;
  default_for_currency: boolean;
  fingerprint: string;
  last4: string;
  metadata: Record<string, string>;
  routing_number: string | null;
  status: string;
}

/** Bank accounts of an account, those included that were deleted. */
export const bankAccountsMax = 100;

export function renderBankAccount(view: View, place: Place): ShownBankAccount | null {
  const stored = view.object<BankAccountBody>("external_account", place);
  if (stored === null) return null;
  const { body } = stored;
  return {
    id: view.ids.encode("ba", place),
    object: "bank_account",
    account: view.ids.encode("acct", { shard: place.shard, no: body.account }),
    account_holder_name: body.account_holder_name,
    account_holder_type: body.account_holder_type,
    account_type: body.account_type,
    available_payout_methods: ["standard"],
    bank_name: "TEST BANK",
    country: body.country,
    currency: body.currency,
    default_for_currency: body.default_for_currency,
    fingerprint: body.fingerprint,
    last4: body.last4,
    metadata: { ...body.metadata },
    routing_number: body.routing_number,
    status: "new",
  };
}

/** Those that an account has at the moment, newest first. */
export function bankAccountsOf(view: View, account: Place): ShownBankAccount[] {
  const shown: ShownBankAccount[] = [];
  const rows = view.records.objectsOfAccount("external_account", account, { before: null, rowsMax: bankAccountsMax });
  for (const { place } of rows) {
    const stored = view.object<BankAccountBody>("external_account", place);
    const bank = stored === null || stored.body.deleted ? null : renderBankAccount(view, place);
    if (bank !== null) shown.push(bank);
  }
  return shown;
}
