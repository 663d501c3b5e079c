import type { Place } from "../../kernel/ids.ts";
import type { AccountBody } from "../accounts/accounts.ts";
import { ApiError } from "../api-error.ts";
import { currencyParam } from "../balances/money-params.ts";

interface BankAddress {
  account_holder_name: string;
  bank_name: string;
}

export type FinancialAddress =
  | { type: "aba"; supported_networks: string[]; aba: BankAddress & { account_number: string; routing_number: string } }
  | {
      type: "iban";
      supported_networks: string[];
      iban: { account_holder_name: string; bic: string; country: string; iban: string };
    }
  | {
      type: "sort_code";
      supported_networks: string[];
      sort_code: { account_holder_name: string; account_number: string; sort_code: string };
    };

/** Where money has to be sent so that it arrives in an issuing balance. */
export interface ShownFundingInstructions {
  object: "funding_instructions";
  bank_transfer: { country: string; financial_addresses: FinancialAddress[]; type: string };
  currency: string;
  funding_type: "bank_transfer";
  livemode: boolean;
}

const bankName = "Cardswitch Test Bank";
// Numbers of a bank that does not exist: nobody can send money there.
const routingNumber = "999999992";
const sortCode = "000000";
const ibanBank = "99999999";

/** They follow from the account alone, so that they are the same whenever somebody asks. Throws ApiError. */
export function fundingInstructionsOf(account: Place, body: AccountBody, currency: string): ShownFundingInstructions {
  const code = currencyParam(currency).code;
  const holder = body.business_name;
  const number = accountNumberOf(account);
  return {
    object: "funding_instructions",
    bank_transfer: transferTo(code, holder, number),
    currency: code,
    funding_type: "bank_transfer",
    livemode: false,
  };
}

function transferTo(code: string, holder: string, number: string): ShownFundingInstructions["bank_transfer"] {
  switch (code) {
    case "usd": {
      const aba = {
        account_holder_name: holder,
        bank_name: bankName,
        account_number: number,
        routing_number: routingNumber,
      };
      const address: FinancialAddress = { type: "aba", supported_networks: ["ach", "us_domestic_wire"], aba };
      return { country: "US", financial_addresses: [address], type: "us_bank_transfer" };
    }
    case "gbp": {
      const bacs = { account_holder_name: holder, account_number: number.slice(-8), sort_code: sortCode };
      const address: FinancialAddress = { type: "sort_code", supported_networks: ["bacs", "fps"], sort_code: bacs };
      return { country: "GB", financial_addresses: [address], type: "gb_bank_transfer" };
    }
    case "eur": {
      const iban = { account_holder_name: holder, bic: "TESTDEFF", country: "DE", iban: germanIban(number.slice(-10)) };
      const address: FinancialAddress = { type: "iban", supported_networks: ["sepa"], iban };
      return { country: "DE", financial_addresses: [address], type: "eu_bank_transfer" };
    }
    default:
      throw new ApiError("parameter_invalid", `An issuing balance cannot be funded in ${code}.`, "currency");
  }
}

function accountNumberOf({ shard, no }: Place): string {
  return `${String(shard).padStart(3, "0")}${String(no).padStart(9, "0")}`;
}

/** ISO 13616: the check digits make the whole, its first four characters moved to the end, 1 modulo 97. */
function germanIban(number: string): string {
  const basic = `${ibanBank}${number}`;
  const check = 98n - (BigInt(`${basic}131400`) % 97n);
  return `DE${String(check).padStart(2, "0")}${basic}`;
}
