import { createHash } from "node:crypto";
import { must } from "../kernel/assert.ts";

/** How long a spending limit counts. `per_authorization` has no counter. */
export type LimitInterval = "per_authorization" | "daily" | "weekly" | "monthly" | "yearly" | "all_time";
export type WindowInterval = Exclude<LimitInterval, "per_authorization">;

/** One limit as the API writes it: `categories` null counts everything. Amounts are minor units. */
export interface SpendingLimit {
  readonly amount: number;
  readonly interval: LimitInterval;
  readonly categories: readonly string[] | null;
}

/** What a card or a cardholder may be used for. Empty lists allow everything. */
export interface SpendingControls {
  readonly allowed_categories: readonly string[] | null;
  readonly blocked_categories: readonly string[] | null;
  readonly allowed_merchant_countries: readonly string[] | null;
  readonly blocked_merchant_countries: readonly string[] | null;
  readonly allowed_card_presences: readonly ("present" | "not_present")[] | null;
  readonly blocked_card_presences: readonly ("present" | "not_present")[] | null;
  readonly spending_limits: readonly SpendingLimit[] | null;
}

export const noControls: SpendingControls = {
  allowed_categories: null,
  blocked_categories: null,
  allowed_merchant_countries: null,
  blocked_merchant_countries: null,
  allowed_card_presences: null,
  blocked_card_presences: null,
  spending_limits: null,
};

/** The letter of an interval in keys and in the function's arguments. */
export const intervalLetters = {
  daily: "d",
  weekly: "w",
  monthly: "m",
  yearly: "y",
  all_time: "a",
} as const satisfies Record<WindowInterval, string>;

/** The interval of a letter that was stored. */
export function intervalOf(letter: string): WindowInterval {
  return must(intervalsByLetter.get(letter), `no interval ${letter}`);
}

const intervalsByLetter = new Map<string, WindowInterval>();
for (const interval of Object.keys(intervalLetters) as WindowInterval[])
  intervalsByLetter.set(intervalLetters[interval], interval);

/**
 * A counter belongs to (chain or cardholder, interval, category set): limits that differ only in their amount share
 * what was spent (rules: Limits).
 */
export interface CounterName {
  readonly interval: WindowInterval;
  /** 0: everything counts; else a number for the set of categories. */
  readonly setNumber: number;
  readonly categories: readonly string[] | null;
}

/** 32 bits of a hash over the sorted categories; 0 stands for "all". */
export function setNumberOf(categories: readonly string[] | null): number {
  if (categories === null || categories.length === 0) return 0;
  const sorted = [...new Set(categories)].sort().join(",");
  return Math.max(1, createHash("sha256").update(sorted).digest().readUInt32BE(0));
}

/** The counters that a list of limits needs, each once. */
export function countersOf(limits: readonly SpendingLimit[]): CounterName[] {
  const counters = new Map<string, CounterName>();
  for (const limit of limits) {
    if (limit.interval === "per_authorization") continue;
    const setNumber = setNumberOf(limit.categories);
    const categories = setNumber === 0 ? null : limit.categories;
    counters.set(`${limit.interval} ${setNumber}`, {
      interval: limit.interval,
      setNumber,
      categories,
    });
  }
  return [...counters.values()];
}

/** The number of the window that holds a business second: from 00:00 UTC, the week from Monday, calendar months. */
export function windowOf(interval: WindowInterval, seconds: number): number {
  const days = Math.floor(seconds / 86_400);
  switch (interval) {
    case "daily":
      return days;
    case "weekly":
      // Day 0 was a Thursday.
      return Math.floor((days + 3) / 7);
    case "all_time":
      return 0;
    default: {
      const { year, month } = civilOf(days);
      return interval === "monthly" ? year * 12 + month - 1 : year;
    }
  }
}

/** First business second of a window. */
export function windowStart(interval: WindowInterval, window: number): number {
  switch (interval) {
    case "daily":
      return window * 86_400;
    case "weekly":
      return (window * 7 - 3) * 86_400;
    case "all_time":
      return 0;
    case "monthly":
      return daysOf(Math.floor(window / 12), (window % 12) + 1) * 86_400;
    case "yearly":
      return daysOf(window, 1) * 86_400;
  }
}

// Days since 1970 → year and month, by eras of 400 years that begin on 1 March.
function civilOf(days: number): { year: number; month: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month };
}

// The first of a month as days since 1970.
function daysOf(year: number, month: number): number {
  const shiftedYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(shiftedYear / 400);
  const yearOfEra = shiftedYear - era * 400;
  const shiftedMonth = month > 2 ? month - 3 : month + 9;
  const dayOfYear = Math.floor((153 * shiftedMonth + 2) / 5);
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}
