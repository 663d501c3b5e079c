import { adviseExamples } from "./advise-examples.ts";
import { adviseHoldExamples } from "./advise-hold-examples.ts";
import { authorizeExamples } from "./authorize-examples.ts";
import { backfillExamples } from "./backfill-examples.ts";
import { calendarExamples } from "./calendar-examples.ts";
import { captureExamples } from "./capture-examples.ts";
import { clearExamples } from "./clear-examples.ts";
import { commitExamples } from "./commit-examples.ts";
import type { FunctionExample } from "./example.ts";
import { incrementExamples } from "./increment-examples.ts";
import { limitExamples } from "./limit-examples.ts";
import { expireExamples } from "./expire-examples.ts";
import { pinExamples } from "./pin-examples.ts";
import { postAdviceExamples } from "./post-advice-examples.ts";
import { postExamples } from "./post-examples.ts";
import { purgeExamples } from "./purge-examples.ts";
import { purposeExamples } from "./purpose-examples.ts";
import { pendingExamples } from "./pending-examples.ts";
import { reserveExamples } from "./reserve-examples.ts";
import { reverseMoneyExamples } from "./reverse-money-examples.ts";
import { reverseExamples } from "./reverse-examples.ts";
import { settledExamples } from "./settled-examples.ts";

/** By the file or the part of it that they are about. */
export const exampleGroups: Readonly<Record<string, readonly FunctionExample[]>> = {
  authorize: [...authorizeExamples, ...purposeExamples],
  increment: incrementExamples,
  advise: [...adviseExamples, ...adviseHoldExamples],
  charge: limitExamples,
  pin: pinExamples,
  post: postExamples,
  post_advice: [...captureExamples, ...postAdviceExamples],
  reverse: [...reverseExamples, ...reverseMoneyExamples],
  expire: expireExamples,
  clear: clearExamples,
  resolve: reserveExamples,
  reserve: pendingExamples,
  commit: commitExamples,
  prelude: calendarExamples,
  backfill: backfillExamples,
  purge: purgeExamples,
  effect: settledExamples,
};

export const allExamples: readonly FunctionExample[] = Object.values(exampleGroups).flat();
