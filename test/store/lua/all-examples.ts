import { authorizeExamples } from "./authorize-examples.ts";
import { backfillExamples } from "./backfill-examples.ts";
import { calendarExamples } from "./calendar-examples.ts";
import { commitExamples } from "./commit-examples.ts";
import type { FunctionExample } from "./example.ts";
import { limitExamples } from "./limit-examples.ts";
import { purgeExamples } from "./purge-examples.ts";
import { reverseExamples } from "./reverse-examples.ts";

/** By the file or the part of it that they are about. */
export const exampleGroups: Readonly<Record<string, readonly FunctionExample[]>> = {
  authorize: authorizeExamples,
  charge: limitExamples,
  reverse: reverseExamples,
  commit: commitExamples,
  prelude: calendarExamples,
  backfill: backfillExamples,
  purge: purgeExamples,
};

export const allExamples: readonly FunctionExample[] = Object.values(exampleGroups).flat();
