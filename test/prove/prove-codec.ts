import type { DialectSpec } from "../../specs/dialect.ts";
import { dialects } from "../../src/iso8583/public.ts";
import { must } from "../../src/kernel/assert.ts";
import { seededRandom } from "../../src/kernel/random.ts";
import { compareDecoders } from "../iso8583/differential.ts";
import { localDialects } from "../iso8583/local-dialects.ts";
import { randomDialect } from "../iso8583/slow/random-dialect.ts";
import { fuzzWithHeap, renderFuzzFault } from "./fuzz.ts";
import { fuzzSubjects } from "./fuzz-subjects.ts";
import type { Progress } from "./progress.ts";

export interface CodecProof {
  readonly seed: number;
  /** Mutated frames, over all dialects and framings. */
  readonly frames: number;
  readonly say: (line: string) => void;
}

const framesPerBatch = 50_000;

/** Mutated frames in batches, each of one dialect or framing; stopped and started again, it goes on with the next. */
export function proveFuzz(progress: Progress, { seed, frames, say }: CodecProof): boolean {
  const subjects = fuzzSubjects();
  const batches = Math.ceil(frames / framesPerBatch);
  let wrong = 0;
  for (let batch = 0; batch < batches; batch++) {
    const step = `fuzz ${seed} ${batch}`;
    if (progress.get(step) === true) continue;
    const subject = must(subjects[batch % subjects.length], "as many subjects as there are");
    const faults = fuzzWithHeap(subject, { seed: seed * 1_000_003 + batch, frames: framesPerBatch });
    for (const fault of faults) say(renderFuzzFault(fault));
    wrong += faults.length;
    if (faults.length === 0) progress.set(step, true);
    if (batch % 20 === 19) say(`fuzz: ${(batch + 1) * framesPerBatch} of ${batches * framesPerBatch} frames`);
  }
  say(
    `fuzz: ${batches * framesPerBatch} frames of seed ${seed}, ${wrong === 0 ? "none that the codec could not bear" : "SEE ABOVE"}`,
  );
  return wrong === 0;
}

const messagesPerDialect = 40_000;
const randomDialectsMax = 3_000;
const messagesPerRandomDialect = 60;
const randomDialectsPerStep = 100;

/** The codec against the slow decoder: shipped dialects, those of the tests, and thousands by chance. */
export function proveDecoders(progress: Progress, { seed, say }: Omit<CodecProof, "frames">): boolean {
  let isSound = true;
  for (const spec of [...Object.values<DialectSpec>(dialects), ...localDialects]) {
    const step = `decoders ${seed} ${spec.name} ${spec.title}`;
    if (progress.get(step) === true) continue;
    const isEqual = areEqual(spec, { seed, count: messagesPerDialect, say });
    progress.set(step, isEqual);
    isSound &&= isEqual;
  }
  for (let from = 0; from < randomDialectsMax; from += randomDialectsPerStep) {
    const step = `decoders ${seed} random ${from}`;
    if (progress.get(step) === true) continue;
    let areAllEqual = true;
    for (let index = from; index < from + randomDialectsPerStep; index++) {
      const own = seed * 1_000_003 + index;
      const spec = randomDialect(seededRandom(own), `random-${own}`);
      areAllEqual = areEqual(spec, { seed: own, count: messagesPerRandomDialect, say }) && areAllEqual;
    }
    progress.set(step, areAllEqual);
    isSound &&= areAllEqual;
  }
  say(`decoders: ${isSound ? "the codec and the slow decoder read the same" : "SEE ABOVE"}`);
  return isSound;
}

interface Comparing {
  readonly seed: number;
  readonly count: number;
  readonly say: (line: string) => void;
}

function areEqual(spec: DialectSpec, { seed, count, say }: Comparing): boolean {
  const { difference } = compareDecoders(spec, seed, count);
  if (difference === null) return true;
  const { dialect, hex, codec, slow } = difference;
  say(`${dialect}, seed ${seed}: ${hex}\n  codec: ${codec}\n  slow:  ${slow}`);
  return false;
}
