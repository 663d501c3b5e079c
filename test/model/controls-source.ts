import { type Minor, minor } from "../../src/kernel/money.ts";
import { type Random, pick } from "../../src/kernel/random.ts";
import { type SpendingControls, type SpendingLimit, noControls } from "../../simulators/model/program.ts";

/** Merchant category codes with their category names; the last one stands in no table. */
export const merchantCodes = ["5812", "5411", "4111", "7995", "0001"] as const;
export const countries = [840, 276, 826, 0] as const;
const categories = [
  "eating_places_restaurants",
  "grocery_stores_supermarkets",
  "commuter_transport_and_ferries",
  "betting_casino_gambling",
] as const;
const limitIntervals = ["per_authorization", "daily", "weekly", "monthly", "yearly", "all_time"] as const;

/** Controls that leave most purchases a chance. `spent` is what the owner has spent already, in minor units. */
export function drawControls(random: Random, spent: bigint): SpendingControls {
  const kind = random.integer(100);
  if (kind < 35) return noControls;
  if (kind < 80) return { ...noControls, limits: drawLimits(random, spent) };
  if (kind < 85) return { ...noControls, blockedCategories: drawCategories(random), limits: drawLimits(random, spent) };
  if (kind < 88) return { ...noControls, allowedCategories: drawCategories(random) };
  if (kind < 91) return { ...noControls, blockedCountries: [pick(random, countries.slice(0, 3))] };
  if (kind < 94) return { ...noControls, allowedCountries: [840, pick(random, countries.slice(1, 3))] };
  const presence = pick(random, ["present", "not_present"]);
  if (kind < 97) return { ...noControls, blockedPresences: [presence] };
  return { ...noControls, allowedPresences: [presence], blockedCategories: drawCategories(random) };
}

function drawLimits(random: Random, spent: bigint): SpendingLimit[] {
  const limits = new Map<string, SpendingLimit>();
  for (let i = 1 + random.integer(3); i > 0; i--) {
    const interval = pick(random, limitIntervals);
    const counted = random.integer(2) === 0 ? [] : drawCategories(random);
    const base = interval === "per_authorization" ? 0n : spent;
    limits.set(`${interval} ${counted.join(" ")}`, { interval, categories: counted, amount: drawAmount(random, base) });
  }
  return [...limits.values()];
}

/** A little more than what is spent, so that the limit is soon met; sometimes far away. */
function drawAmount(random: Random, spent: bigint): Minor {
  const kind = random.integer(10);
  if (kind === 0) return minor(2_000_000n);
  if (kind === 1) return minor(BigInt(1 + random.integer(20_000)));
  return minor(spent + BigInt(1 + random.integer(120_000)));
}

function drawCategories(random: Random): string[] {
  const chosen = categories.filter(() => random.integer(3) === 0);
  return chosen.length > 0 ? chosen : [pick(random, categories)];
}
