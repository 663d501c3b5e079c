import { accountSteps, eventSteps, fundingSteps } from "./sdk-account-steps.ts";
import { issuingSteps, moneySteps } from "./sdk-issuing-steps.ts";
import type { Step } from "./sdk-walk.ts";

/** Every method of the SDK that is served, in an order in which each finds what it needs. */
export const sdkSteps: readonly Step[] = [
  ...accountSteps,
  ...fundingSteps,
  ...issuingSteps,
  ...moneySteps,
  ...eventSteps,
];
