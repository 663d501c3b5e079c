import { createHash } from "node:crypto";
import { refusingBanks } from "../../../specs/refusing-banks.ts";
import type { Place } from "../../kernel/ids.ts";
import type { RecordsQueries } from "../../records/queries.ts";
import { ApiError } from "../api-error.ts";
import type { Metadata } from "../metadata.ts";
import { addPlainObject, changePlainObject } from "../plain-objects.ts";
import { type Program, aside } from "../program.ts";
import { type BankAccountBody, bankAccountsMax } from "./external-account-view.ts";

export interface NewBankAccount {
  readonly account_holder_name: string | null;
  readonly account_holder_type: "company" | "individual" | null;
  readonly account_number: string;
  readonly country: string;
  readonly currency: string;
  readonly routing_number: string | null;
  readonly default_for_currency: boolean;
  readonly metadata: Metadata;
}

/** Numbers of bank accounts are IBANs, or digits, as test numbers are. */
const numberChars = /^[A-Z0-9]{4,34}$/;

/** Adds a bank account; the first one is where payouts go. Throws ApiError where its number is none. */
export async function addBankAccount(
  program: Program,
  { account, known }: { readonly account: Place; readonly known: readonly KnownBankAccount[] },
  bank: NewBankAccount,
): Promise<Place> {
  const number = bank.account_number.replaceAll(/[ -]/g, "").toUpperCase();
  if (!numberChars.test(number)) {
    throw new ApiError("parameter_invalid", "This is no number of a bank account.", "external_account[account_number]");
  }
  if (known.length >= bankAccountsMax) {
    throw new ApiError("invalid_state", `An account has at most ${bankAccountsMax} bank accounts.`, "external_account");
  }
  const { account_number: _number, ...told } = bank;
  const isDefault = bank.default_for_currency || !known.some(({ body }) => !body.deleted);
  const body: BankAccountBody = {
    object: "external_account",
    account: account.no,
    ...told,
    account_type: null,
    last4: number.slice(-4),
    fingerprint: fingerprintOf(number, told),
    ...refusalOf(number),
    default_for_currency: isDefault,
    deleted: false,
    created: Math.floor(program.clock.businessNow() / 1000),
  };
  if (isDefault) await yieldDefault(program, account, known);
  return addPlainObject(program, account, "external_account", body);
}

export interface KnownBankAccount {
  readonly no: number;
  readonly body: BankAccountBody;
}

/** All bank accounts that an account has had, newest first. */
export function knownBankAccounts(records: RecordsQueries, account: Place): KnownBankAccount[] {
  const rows = records.objectsOfAccount("external_account", account, { before: null, rowsMax: bankAccountsMax });
  // The bodies were written here.
  return rows.map(({ place, body }) => ({ no: place.no, body: JSON.parse(body) as BankAccountBody }));
}

/** One bank account at most is the default: the one before it gives way. */
export async function yieldDefault(
  program: Program,
  account: Place,
  known: readonly KnownBankAccount[],
  next = 0,
): Promise<void> {
  for (const { body, no } of known) {
    if (no === next || body.deleted || !body.default_for_currency) continue;
    await changePlainObject<BankAccountBody>(aside(program), account, { type: "external_account", no }, (bank) => ({
      ...bank,
      default_for_currency: false,
    }));
  }
}

function refusalOf(number: string): Pick<BankAccountBody, "refuses"> {
  const refusing = refusingBanks.find(({ ends }) => ends.some((end) => number.endsWith(end)));
  return refusing === undefined ? {} : { refuses: refusing.code };
}

/** Where payouts of a currency go unless another bank account is named; null: of such a bank nothing is known. */
export function defaultBankAccount(records: RecordsQueries, account: Place, currency: string): number | null {
  const isDefault = ({ body }: KnownBankAccount): boolean =>
    !body.deleted && body.default_for_currency && body.currency === currency;
  return knownBankAccounts(records, account).find(isDefault)?.no ?? null;
}

function fingerprintOf(
  number: string,
  { country, routing_number }: { country: string; routing_number: string | null },
) {
  return createHash("sha256")
    .update(`${country}/${routing_number ?? ""}/${number}`)
    .digest("base64url")
    .slice(0, 16);
}
