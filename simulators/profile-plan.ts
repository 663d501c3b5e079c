import {
  type MerchantProfile,
  type MerchantProfileKey,
  type VisitStep,
  merchantProfiles,
} from "../specs/merchant-profiles.ts";
import { must } from "../src/kernel/assert.ts";
import { type Random, pick, seededRandom } from "../src/kernel/random.ts";
import type { TrafficCard } from "./traffic-settings.ts";

/** One visit that traffic makes, and when. */
export interface PlannedVisit {
  /** Milliseconds after the start. */
  readonly atMs: number;
  readonly profile: MerchantProfile;
  readonly steps: readonly VisitStep[];
  readonly card: TrafficCard;
  /** Minor units of the merchant's currency. */
  readonly amount: bigint;
}

export interface ProfilePlanSettings {
  readonly seed: number;
  readonly profiles: readonly MerchantProfileKey[];
  readonly visits: number;
  readonly visitsPerSecond: number;
  readonly cards: readonly TrafficCard[];
}

/** Who comes where, when, and what they do: fixed by the seed alone. */
export function planVisits(settings: ProfilePlanSettings): PlannedVisit[] {
  const random = seededRandom(settings.seed);
  const profiles = merchantProfiles.filter(({ key }) => settings.profiles.includes(key));
  return Array.from({ length: settings.visits }, (_, index): PlannedVisit => {
    const profile = pick(random, profiles);
    const [least, most] = profile.amounts;
    return {
      atMs: (index * 1_000) / settings.visitsPerSecond,
      profile,
      steps: drawSteps(profile, random),
      card: pick(random, settings.cards),
      amount: BigInt(least + random.integer(most - least + 1)),
    };
  });
}

/** What a customer of a profile does, by the shares of its visits. */
export function drawSteps({ visits }: MerchantProfile, random: Random): readonly VisitStep[] {
  let left = random.integer(100);
  const visit = visits.find(({ share }) => {
    left -= share;
    return left < 0;
  });
  return must(visit, "the shares of a profile add up to a hundred").steps;
}
