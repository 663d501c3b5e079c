const dayMs = 86_400_000;
const daysBeforeMonth = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334] as const;
const daysOfMonth = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/**
 * The moment that DE7 (MMDDhhmmss in UTC) names, in milliseconds since 1970, or null where it names none. It has no
 * year: of all years the one is meant that brings it nearest to now.
 */
export function transmissionMoment(text: string, nowMs: number): number | null {
  const month = twoDigits(text, 0) - 1;
  const day = twoDigits(text, 2);
  const hours = twoDigits(text, 4);
  const minutes = twoDigits(text, 6);
  const seconds = twoDigits(text, 8);
  const lastDay = daysOfMonth[month];
  if (lastDay === undefined || day < 1 || day > lastDay) return null;
  // Some senders write midnight as 24, and a leap second as 60.
  if (!(hours <= 24 && minutes <= 59 && seconds <= 60)) return null;
  const ofDay = ((hours * 60 + minutes) * 60 + seconds) * 1000;

  const thisYear = yearOf(nowMs);
  let nearest = Number.POSITIVE_INFINITY;
  for (let year = thisYear - 1; year <= thisYear + 1; year++) {
    const moment = startOfDay(year, month, day) + ofDay;
    if (Math.abs(moment - nowMs) < Math.abs(nearest - nowMs)) nearest = moment;
  }
  return nearest;
}

/** DE7 of a moment: MMDDhhmmss in UTC. */
export function transmissionText(ms: number): string {
  const year = yearOf(ms);
  const dayOfYear = Math.floor((ms - startOfDay(year, 0, 1)) / dayMs);
  let month = 11;
  while (dayOfYear < Math.floor((startOfDay(year, month, 1) - startOfDay(year, 0, 1)) / dayMs)) month--;
  const day = Math.floor((ms - startOfDay(year, month, 1)) / dayMs) + 1;
  const seconds = Math.floor((((ms % dayMs) + dayMs) % dayMs) / 1000);
  const parts = [month + 1, day, Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, "0")).join("");
}

function twoDigits(text: string, at: number): number {
  return (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;
}

/** 29 February of a year without one is the first of March: a wire date is never refused for that. */
function startOfDay(year: number, month: number, day: number): number {
  const before = year - 1;
  const daysBefore =
    before * 365 + Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400) - 719_162;
  const leap = month > 1 && isLeap(year) ? 1 : 0;
  return (daysBefore + (daysBeforeMonth[month] ?? 0) + leap + day - 1) * dayMs;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function yearOf(ms: number): number {
  let year = 1970 + Math.floor(ms / (365.2425 * dayMs));
  if (startOfDay(year, 0, 1) > ms) year--;
  else if (startOfDay(year + 1, 0, 1) <= ms) year++;
  return year;
}
