const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** "31d", "90m", "1d12h", "250ms" in milliseconds; null where the text is no duration. */
export function parseDuration(text: string): number | null {
  if (!/^(\d{1,9}(ms|[smhdw]))+$/.test(text)) return null;
  let total = 0;
  for (const [, count = "", unit = ""] of text.matchAll(/(\d+)(ms|[smhdw])/g)) {
    total += Number(count) * (isUnit(unit) ? units[unit] : 0);
  }
  return total;
}

function isUnit(text: string): text is keyof typeof units {
  return text in units;
}
