import { type HoldExpiryProfile, type HoldKind, holdLivesMs, lateClearingCategories } from "../../specs/hold-expiry.ts";
import { networks } from "../../specs/networks.ts";
import { luaConstants } from "../store/library.ts";

/** What the life of a hold depends on, as its first message says it. */
export interface HoldFacts {
  /** Number of the network. */
  readonly network: number;
  readonly purpose: number;
  readonly mcc: number;
  readonly isPresent: boolean;
}

/**
 * How long a hold lives by itself, in milliseconds of business time from its first message (rules: Holds, Expiry). A fuel
 * hold of which nobody says what was pumped ends early; once that is told, it lives as any other.
 */
export function holdLifeMs(facts: HoldFacts, profile: HoldExpiryProfile, isPumped = false): number {
  const { visa, mastercard, generic } = holdLivesMs[profile];
  const lives = facts.network === networks.visa ? visa : facts.network === networks.mastercard ? mastercard : generic;
  return lives[holdKindOf(facts, isPumped)];
}

/** Whether a hold that lives so long is one of a pump that has not told yet what it gave: no other is as short. */
export function isFuelLife(lifeMs: number): boolean {
  return Object.values(holdLivesMs).some(({ generic }) => generic.fuel === lifeMs);
}

function holdKindOf({ purpose, mcc, isPresent }: HoldFacts, isPumped: boolean): HoldKind {
  if (purpose === luaConstants.PURPOSE_FUEL && !isPumped) return "fuel";
  const late = lateClearingCategories.find(({ from, to }) => mcc >= from && mcc <= to);
  if (late !== undefined) return late.kind;
  return isPresent ? "card_present" : "card_not_present";
}
