import { assert } from "../src/kernel/assert.ts";
import type { Trace } from "./purchase.ts";

const base36 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const runMax = 36 ** 3;
const sequenceMax = 1_000_000_000;

/**
 * Numbers of a run, all from one counter. A repeat in a load test is answered from memory and makes a switch look half
 * again as fast, so no two runs and no two messages may share an RRN: three characters name the run, nine the message.
 * A STAN has six digits and comes round again after a million.
 */
export class TraceNumbers {
  readonly #run: string;
  #sequence: number;

  /** `run` is any number; runs that are 46,656 apart share their RRNs. */
  constructor(run: number, firstSequence = 1) {
    this.#run = runName(run);
    this.#sequence = firstSequence;
  }

  get run(): string {
    return this.#run;
  }

  nextSequence(): number {
    assert(this.#sequence < sequenceMax, "a run has at most 999,999,999 messages");
    return this.#sequence++;
  }

  next(): Trace {
    const sequence = this.nextSequence();
    return traceOf(this.#run, sequence);
  }

  nextStan(): string {
    return stanOf(this.nextSequence());
  }
}

export function traceOf(run: string, sequence: number): Trace {
  return {
    stan: stanOf(sequence),
    rrn: rrnOf(run, sequence),
    transactionId: transactionIdOf(run, sequence),
    reference: referenceOf(run, sequence),
  };
}

function runName(run: number): string {
  const number = run % runMax;
  const digit = (place: number): string => base36[Math.floor(number / 36 ** place) % 36] ?? "0";
  return digit(2) + digit(1) + digit(0);
}

/** DE11 is never 000000. */
export function stanOf(sequence: number): string {
  return String((sequence % 999_999) + 1).padStart(6, "0");
}

export function rrnOf(run: string, sequence: number): string {
  return run + String(sequence).padStart(9, "0");
}

/** A 3, five digits for the run, nine for the message. */
function transactionIdOf(run: string, sequence: number): string {
  const number = Number.parseInt(run, 36);
  return `3${String(number).padStart(5, "0")}${String(sequence).padStart(9, "0")}`;
}

/** The run and five characters, which come round again after sixty million messages. */
export function referenceOf(run: string, sequence: number): string {
  return run + (sequence % 36 ** 5).toString(36).toUpperCase().padStart(5, "0");
}
