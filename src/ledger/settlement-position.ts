import { isoTime, parseIsoTime } from "../kernel/clock.ts";

const dayMs = 86_400_000;

/**
 * The settlement day that DE15 names, as 20261122: DE15 has no year, so the one nearest to the business day is meant.
 * Where it is absent or no date, the business day itself: what reaches us is settled with the day on which it came.
 */
export function settlementDay(mmdd: string, businessMs: number): number {
  const today = Math.floor(businessMs / dayMs) * dayMs;
  let nearest = today;
  let distance = Number.POSITIVE_INFINITY;
  const year = Number(isoTime(today).slice(0, 4));
  for (const candidate of [year - 1, year, year + 1]) {
    const ms = dateOf(candidate, mmdd);
    if (ms === null || Math.abs(ms - today) >= distance) continue;
    nearest = ms;
    distance = Math.abs(ms - today);
  }
  return Number(isoTime(nearest).slice(0, 10).replaceAll("-", ""));
}

// The engine reads 30 February as 2 March, so what comes back has to be what was asked for.
function dateOf(year: number, mmdd: string): number | null {
  if (mmdd.length !== 4) return null;
  const text = `${year}-${mmdd.slice(0, 2)}-${mmdd.slice(2)}`;
  const ms = parseIsoTime(`${text}T00:00:00Z`);
  return ms !== null && isoTime(ms).startsWith(text) ? ms : null;
}
