import { isoTime } from "../src/kernel/clock.ts";

/** YYMM of the month that lies `months` after the one of `ms`. */
export function addMonths(ms: number, months: number): string {
  const iso = isoTime(ms);
  const count = Number(iso.slice(0, 4)) * 12 + Number(iso.slice(5, 7)) - 1 + months;
  return `${String(Math.floor(count / 12) % 100).padStart(2, "0")}${String((count % 12) + 1).padStart(2, "0")}`;
}
