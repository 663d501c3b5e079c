import type { PanVault } from "../../hsm/pan-vault.ts";
import type { Place } from "../../kernel/ids.ts";
import { ApiError } from "../api-error.ts";
import type { Program } from "../program.ts";

/** How often the number of one card is told within a minute of wall time. */
const revealsPerMinuteMax = 10;
const cardsMax = 10_000;
const minuteMs = 60_000;

interface Minute {
  readonly startMs: number;
  count: number;
}

// The meters of a data set live as long as its vault, without which there is nothing to reveal.
const meters = new WeakMap<PanVault, Map<string, Minute>>();

/** Counts that a card's number or code is told. Throws `rate_limit` where that was too often. */
export function meterReveal({ clock, vault }: Pick<Program, "clock" | "vault">, { shard, no }: Place): void {
  const now = clock.wallNow();
  const meter = meters.get(vault) ?? new Map<string, Minute>();
  meters.set(vault, meter);
  const key = `${shard}/${no}`;
  const known = meter.get(key);
  const minute = known === undefined || now - known.startMs >= minuteMs ? { startMs: now, count: 0 } : known;
  if (minute.count >= revealsPerMinuteMax) {
    throw new ApiError("rate_limit", "The number of this card was told too often within a minute: try again later.");
  }
  minute.count++;
  // The card that was revealed last is the last to be forgotten.
  meter.delete(key);
  meter.set(key, minute);
  const [oldest] = meter.keys();
  if (meter.size > cardsMax && oldest !== undefined) meter.delete(oldest);
}
