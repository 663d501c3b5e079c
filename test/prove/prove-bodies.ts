import { everySchema } from "../resources/contract/every-schema.ts";
import { fuzzBodies } from "../resources/contract/fuzzed-bodies.ts";
import type { Progress } from "./progress.ts";

export interface BodiesProof {
  readonly seed: number;
  readonly bodies: number;
  readonly say: (line: string) => void;
}

const bodiesPerBatch = 50_000;

/** Damaged bodies of every operation of the API, in batches: each is read, or refused with a code. */
export async function proveBodies(progress: Progress, { seed, bodies, say }: BodiesProof): Promise<boolean> {
  const schemas = [...(await everySchema()).values()];
  const batches = Math.ceil(bodies / bodiesPerBatch);
  let wrong = 0;
  for (let batch = 0; batch < batches; batch++) {
    const step = `bodies ${seed} ${batch}`;
    if (progress.get(step) === true) continue;
    const { faults } = fuzzBodies(schemas, seed * 1_000_003 + batch, bodiesPerBatch);
    for (const fault of faults) say(`bodies: ${fault}`);
    wrong += faults.length;
    if (faults.length === 0) progress.set(step, true);
  }
  const verdict = wrong === 0 ? "each read or refused with a code" : "SEE ABOVE";
  say(`bodies: ${batches * bodiesPerBatch} of seed ${seed}, ${verdict}`);
  return wrong === 0;
}
