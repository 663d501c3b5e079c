import { accountRanges } from "../../specs/account-ranges.ts";
import { minor } from "../../src/kernel/money.ts";
import { type Pan, randomPan } from "../../src/kernel/pan.ts";
import type { Random } from "../../src/kernel/random.ts";
import { noControls } from "../../simulators/model/program.ts";
import type { ProgramChange } from "./operations.ts";

export const currencies = { usd: 840, eur: 978, gbp: 826 } as const;

/** Four accounts; the last one is of a load program, so that nothing but its balance limits it. */
export const accounts = [
  { account: "A", currency: "usd", program: "standard" },
  { account: "B", currency: "eur", program: "standard" },
  { account: "C", currency: "gbp", program: "standard" },
  { account: "D", currency: "usd", program: "load" },
] as const;
export type AccountName = (typeof accounts)[number]["account"];

/** Never expires within a run. */
export const farExpiry = "9912";

/** Four accounts, two cardholders each, twelve cards: two of the first cardholder, one of the second. */
export function firstProgram(random: Random): ProgramChange[] {
  return accounts.flatMap(({ account, currency }): ProgramChange[] => [
    {
      kind: "add_account",
      account: {
        account,
        currency: currencies[currency],
        isEnabled: true,
        allowsPartial: account !== "B",
        asksEndpoint: false,
      },
    },
    // One account begins without having had any money.
    ...(account === "C" ? [] : [{ kind: "fund", account, amount: minor(300_000n) } as const]),
    addCardholder(account, 1),
    addCardholder(account, 2),
    addCard(random, account, { no: 1, cardholder: 1, network: "visa" }),
    addCard(random, account, { no: 2, cardholder: 1, network: "mastercard" }),
    addCard(random, account, { no: 3, cardholder: 2, network: "visa" }),
  ]);
}

/** A PAN that no card has yet, from the range of an account. */
export function newPan(random: Random, account: string, network: "visa" | "mastercard"): Pan {
  const wanted = accounts.find((candidate) => candidate.account === account);
  const range = accountRanges.find(
    (candidate) =>
      candidate.network === network && candidate.currency === wanted?.currency && candidate.program === wanted.program,
  );
  return randomPan(random, range?.prefix ?? "", range?.panDigits);
}

function addCardholder(account: AccountName, no: number): ProgramChange {
  const cardholder = { cardholder: `${account}-holder-${no}`, account, status: "active" } as const;
  return { kind: "add_cardholder", cardholder: { ...cardholder, isVerificationDue: false, controls: noControls } };
}

function addCard(
  random: Random,
  account: AccountName,
  { no, cardholder, network }: { no: number; cardholder: number; network: "visa" | "mastercard" },
): ProgramChange {
  const program = account === "D" ? "load" : "standard";
  const card = { card: `${account}-card-${no}`, cardholder: `${account}-holder-${cardholder}`, program } as const;
  const fresh = { status: "active", controls: noControls, replacement: null } as const;
  return { kind: "add_card", card: { ...card, ...fresh, pan: newPan(random, account, network), expiry: farExpiry } };
}
