import type { Hold } from "./hold.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

const lodging = ["7011"];
const vehicle = ["7512", "7513", "7519"];
const cruise = ["4411"];

/** Business time from which a hold no longer keeps money back, in the profile `stripe` (rules: Holds). */
export function expiresAtMs({ heldSinceMs, isFuel, isCompleted, mcc }: Hold): number {
  if (isFuel && !isCompleted) return heldSinceMs + 2 * hourMs;
  return heldSinceMs + (isTravel(mcc) ? 31 : 7) * dayMs;
}

/** Hotels, car rental companies and cruise lines clear late. */
function isTravel(mcc: string): boolean {
  if ([...lodging, ...vehicle, ...cruise].includes(mcc)) return true;
  // 3351 to 3500 are car rental companies and 3501 to 3999 hotels, one code for each of them.
  return mcc >= "3351" && mcc <= "3999";
}
