export type Interval = "daily" | "weekly" | "monthly" | "yearly" | "all_time";
export const intervals = ["daily", "weekly", "monthly", "yearly", "all_time"] as const satisfies readonly Interval[];

const dayMs = 86_400_000;

/** First millisecond of the window that `businessMs` falls into: 00:00 UTC, weeks from Monday, calendar months and years. */
export function windowStart(interval: Interval, businessMs: number): number {
  const day = Math.floor(businessMs / dayMs);
  switch (interval) {
    case "daily":
      return day * dayMs;
    case "weekly":
      // 1970-01-01 was a Thursday, so day 4 was the first Monday.
      return (day - modulo(day - 4, 7)) * dayMs;
    case "monthly":
      return (day - dateOf(day).dayOfMonth + 1) * dayMs;
    case "yearly":
      return firstDayOfYear(dateOf(day).year) * dayMs;
    case "all_time":
      return 0;
  }
}

/** First millisecond of the month after YYMM: until then a card with that expiry is good. */
export function endOfExpiryMonth(expiry: string): number {
  const year = 2000 + Number(expiry.slice(0, 2));
  const month = Number(expiry.slice(2, 4));
  let day = firstDayOfYear(year);
  for (let m = 1; m <= month; m++) day += daysInMonth(year, m);
  return day * dayMs;
}

/** YYMM of the month that lies `months` after the one of `businessMs`. */
export function expiryAfter(businessMs: number, months: number): string {
  const { year, month } = dateOf(Math.floor(businessMs / dayMs));
  const count = year * 12 + month - 1 + months;
  return `${pad(Math.floor(count / 12) % 100)}${pad((count % 12) + 1)}`;
}

function dateOf(day: number): {
  year: number;
  month: number;
  dayOfMonth: number;
} {
  let year = 1970 + Math.floor(day / 366);
  while (firstDayOfYear(year + 1) <= day) year++;
  let rest = day - firstDayOfYear(year);
  let month = 1;
  while (rest >= daysInMonth(year, month)) {
    rest -= daysInMonth(year, month);
    month++;
  }
  return { year, month, dayOfMonth: rest + 1 };
}

function firstDayOfYear(year: number): number {
  const before = year - 1;
  const leapDays = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400) - 477;
  return (year - 1970) * 365 + leapDays;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

function modulo(value: number, divisor: number): number {
  return ((value % divisor) + divisor) % divisor;
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
