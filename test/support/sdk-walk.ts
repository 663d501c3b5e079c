import type Stripe from "stripe";
import type { operations } from "../../specs/api/operations.ts";
import { must } from "../../src/kernel/assert.ts";
import { type CardProgram, openCardProgram } from "./card-program.ts";

/** A walk through the methods of the SDK: each finds what the ones before have made. */
export interface Walk {
  readonly stripe: Stripe;
  readonly program: CardProgram;
  readonly as: CardProgram["as"];
  /** Keeps an id under a name, and gives what has it back. */
  readonly keep: <T extends { readonly id: string }>(name: string, made: T) => T;
  readonly id: (name: string) => string;
  /** Where the switch is served. */
  readonly url: string;
}

export interface Step {
  readonly name: (typeof operations)[number]["name"];
  readonly call: (walk: Walk) => Promise<unknown>;
}

export async function openWalk(stripe: Stripe, url: string): Promise<Walk> {
  const program = await openCardProgram({ stripe });
  const ids = new Map<string, string>();
  return {
    stripe,
    url,
    program,
    as: program.as,
    keep: (name, made) => {
      ids.set(name, made.id);
      return made;
    },
    id: (name) => must(ids.get(name) ?? null, `an earlier step has made: ${name}`),
  };
}
