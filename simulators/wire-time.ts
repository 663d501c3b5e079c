import { isoTime } from "../src/kernel/clock.ts";

/** DE7: MMDDhhmmss in UTC. */
export function transmissionTime(ms: number): string {
  const iso = isoTime(ms);
  return iso.slice(5, 7) + iso.slice(8, 10) + iso.slice(11, 13) + iso.slice(14, 16) + iso.slice(17, 19);
}

/** DE12: hhmmss. */
export function localTime(ms: number): string {
  return transmissionTime(ms).slice(4);
}

/** DE13, DE15: MMDD. */
export function monthDay(ms: number): string {
  return transmissionTime(ms).slice(0, 4);
}

/** YYMMDD, as chip data writes a day. */
export function yearMonthDay(ms: number): string {
  const iso = isoTime(ms);
  return iso.slice(2, 4) + iso.slice(5, 7) + iso.slice(8, 10);
}
