import type { Place } from "./scenario.ts";

/** Why a step is not as it should be: where, what was expected, and what was found instead. */
export interface StepFailure extends Place {
  readonly expected: string;
  readonly found: string;
}

/** A step that cannot be taken at all. */
export class StepFault extends Error {
  readonly failure: StepFailure;

  constructor({ line, path }: Place, expected: string, found: string) {
    super(`${path}: expected ${expected}, found ${found}`);
    this.failure = { line, path, expected, found };
  }
}
