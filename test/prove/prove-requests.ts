import type { Progress } from "./progress.ts";
import { fuzzRequests } from "./request-fuzz.ts";

export interface RequestsProof {
  readonly seed: number;
  readonly requests: number;
  readonly say: (line: string) => void;
}

/** A switch of its own for each, so that lists stay as long as people's are. */
const requestsPerBatch = 50_000;

/** Mutated requests of every operation of the API over HTTP, in batches: each is done, or refused as Stripe refuses. */
export async function proveRequests(progress: Progress, { seed, requests, say }: RequestsProof): Promise<boolean> {
  const batches = Math.ceil(requests / requestsPerBatch);
  let wrong = 0;
  for (let batch = 0; batch < batches; batch++) {
    const step = `requests ${seed} ${batch}`;
    if (progress.get(step) === true) continue;
    const { done, faults, operations } = await fuzzRequests({
      seed: seed * 1_000_003 + batch,
      requests: requestsPerBatch,
    });
    for (const fault of faults) say(`requests: ${fault}`);
    wrong += faults.length;
    if (faults.length > 0) continue;
    progress.set(step, true);
    say(
      `requests: ${(batch + 1) * requestsPerBatch}, of the last ${done} done, of ${operations} operations; the books hold`,
    );
  }
  const verdict = wrong === 0 ? "each done or refused, and verify holds" : "SEE ABOVE";
  say(`requests: ${batches * requestsPerBatch} of seed ${seed}, ${verdict}`);
  return wrong === 0;
}
