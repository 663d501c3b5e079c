import { currencies } from "../../specs/currencies.ts";
import { isLuhnValid } from "../kernel/pan.ts";
import type { Message } from "./message.ts";

/**
 * What a message says that no sender means: signs that it was read by another layout than it was written by, where every
 * character is of its class all the same. No value is quoted.
 */
export function doubtsOf(message: Message): string[] {
  const doubts: string[] = [];
  const doubt = (isSound: boolean, why: string): void => {
    if (!isSound) doubts.push(why);
  };
  const pan = message.get("2");
  if (pan !== undefined) doubt(/^\d{12,19}$/.test(pan) && isLuhnValid(pan), "field 2 has no valid check digit");
  for (const path of ["49", "50", "51"]) {
    const code = message.get(path);
    if (code !== undefined) doubt(isCurrency(code), `field ${path} is no currency`);
  }
  const transmitted = message.get("7");
  if (transmitted?.length === 10) {
    doubt(isDate(transmitted.slice(0, 4)) && isTime(transmitted.slice(4)), "field 7 is no date and time");
  }
  const time = message.get("12");
  if (time?.length === 6) doubt(isTime(time), "field 12 is no time");
  const date = message.get("13");
  if (date?.length === 4 && message.mti.startsWith("0")) doubt(isDate(date), "field 13 is no date");
  const expiry = message.get("14");
  if (expiry?.length === 4) doubt(isMonth(expiry.slice(2)), "field 14 has no month");
  doubt(isKnownType(message.mti), "the message type is none that is in use");
  return doubts;
}

const numbers: ReadonlySet<number> = new Set(currencies.map(({ number }) => number));

function isCurrency(code: string): boolean {
  return /^\d{3}$/.test(code) ? numbers.has(Number(code)) : /^[A-Z]{3}$/.test(code);
}

function isMonth(text: string): boolean {
  return Number(text) >= 1 && Number(text) <= 12;
}

function isDate(text: string): boolean {
  return isMonth(text.slice(0, 2)) && Number(text.slice(2)) >= 1 && Number(text.slice(2)) <= 31;
}

function isTime(text: string): boolean {
  return /^([01]\d|2[0-3])[0-5]\d[0-5]\d$/.test(text);
}

/** 1987, 1993 or 2003; one of the eight classes; a function that somebody uses. */
function isKnownType(mti: string): boolean {
  return /^[012][1-8][0-4][0-5]$/.test(mti);
}
