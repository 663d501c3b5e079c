import type { Clock } from "../kernel/clock.ts";
import type { Breaker } from "./breaker.ts";
import type { Poster } from "./post.ts";
import { signatureOf } from "./signature.ts";
import { type Verdict, verdictOf } from "./verdict.ts";

export interface Question {
  /** Names the endpoint to the breaker. */
  readonly endpoint: string;
  readonly url: URL;
  readonly secrets: readonly string[];
  /** The event `issuing_authorization.request` as JSON. */
  readonly payload: string;
  readonly timeoutMs: number;
}

/** Asks a real-time endpoint once, two seconds in all, and not at all while it rests. */
export async function ask(
  question: Question,
  parts: { readonly poster: Poster; readonly breaker: Breaker; readonly clock: Clock },
): Promise<Verdict> {
  const { endpoint, url, secrets, payload, timeoutMs } = question;
  const { poster, breaker, clock } = parts;
  if (breaker.rests(endpoint)) return { kind: "timed_out" };
  const timestampS = Math.floor(clock.wallNow() / 1000);
  const headers = { "stripe-signature": signatureOf(payload, { secrets, timestampS }) };
  const verdict = verdictOf(await poster.post({ url, body: payload, headers, timeoutMs }));
  breaker.note(endpoint, verdict.kind !== "answered");
  return verdict;
}
