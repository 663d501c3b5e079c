import { currencies } from "../../specs/currencies.ts";
import { type ProcessingCode, processingCodes, unlistedCodes } from "../../specs/processing-codes.ts";
import type { Purpose } from "../authorizer/request.ts";
import { currenciesByNumber } from "../kernel/currency.ts";
import type { Minor } from "../kernel/money.ts";

/** What the purpose of a message follows from, beside its processing code. */
export interface PurposeSigns {
  /** A 0100, or a 0120 that stands in for one and names no other message: only these unlock a pump. */
  readonly mayUnlock: boolean;
  /** A 0120 or a 0220, which tells of what has happened: it cannot be refused. */
  readonly isAdvice: boolean;
  readonly isIncrement: boolean;
  /** DE18. */
  readonly mcc: string;
  /** DE4, in minor units of `currency`. */
  readonly amount: Minor;
  /** DE49, ISO 4217 numeric. */
  readonly currency: number;
}

/** What a message is for; null: nobody serves that, and a request is answered "not supported". */
export function purposeOf(processingCode: string, signs: PurposeSigns): Purpose | null {
  const code = twoDigits(processingCode);
  const found = signs.isAdvice ? toldByCode[code] : askedByCode[code];
  const purpose = found === undefined ? "purchase" : found;
  if (purpose !== "purchase") return purpose;
  // Nothing adds nothing to a hold, whoever says so; an advice of nothing may still end a fuelling.
  if (signs.amount === 0n && (signs.isIncrement || !signs.isAdvice)) return "verification";
  if (signs.isIncrement) return "increment";
  return signs.mayUnlock && isPumpStart(signs) ? "fuel" : "purchase";
}

const codesMax = 100;
const askedByCode: (Purpose | null)[] = [];
const toldByCode: (Purpose | null)[] = [];
const listed: Readonly<Record<string, ProcessingCode>> = processingCodes;
const unlisted: Readonly<Record<string, ProcessingCode>> = unlistedCodes;
for (let code = 0; code < codesMax; code++) {
  const text = String(code).padStart(2, "0");
  const entry = listed[text] ?? unlisted[text.charAt(0)];
  askedByCode[code] = entry === undefined ? "purchase" : entry.purpose;
  toldByCode[code] = entry === undefined ? "purchase" : (entry.told ?? entry.purpose);
}

// rules: Holds, Fuel. One whole unit at a pump asks how much the card can be filled up for.
function isPumpStart({ mcc, amount, currency }: PurposeSigns): boolean {
  return mcc === automatedFuelDispenser && amount === wholeUnits.get(currency);
}

const automatedFuelDispenser = "5542";
const wholeUnits: ReadonlyMap<number, bigint> = new Map(
  Array.from(currenciesByNumber(currencies), ([number, { decimals }]) => [number, 10n ** BigInt(decimals)]),
);

function twoDigits(text: string): number {
  return (text.charCodeAt(0) - 48) * 10 + text.charCodeAt(1) - 48;
}
