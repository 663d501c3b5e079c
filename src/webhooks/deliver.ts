import type { Clock } from "../kernel/clock.ts";
import type { Place } from "../kernel/ids.ts";
import type { Attempt, Deliveries, Delivery, DeliveryStatus } from "../records/deliveries.ts";
import type { Poster } from "./post.ts";
import { signatureOf } from "./signature.ts";

/** What is sent where: an event as it was when it happened, so that every try sends the same bytes. */
export interface Letter {
  readonly url: URL;
  readonly secret: string;
  readonly payload: string;
}

/** `gone`: nobody wants it any more. A text: it may not be sent there. */
export type LetterOf = (event: Place, endpoint: Place) => Letter | "gone" | { readonly refusal: string };

export interface DeliverParts {
  readonly deliveries: Deliveries;
  readonly poster: Poster;
  readonly clock: Clock;
  readonly letterOf: LetterOf;
  readonly timeoutMs: number;
  /** Business milliseconds from a failed try to the next; after the last one the delivery has failed. */
  readonly retriesMs: readonly number[];
}

const gone = 410;

/** Tries one delivery once, and writes down what came of it. A status from 200 to 299 takes the letter. */
export async function deliver(parts: DeliverParts, delivery: Delivery): Promise<DeliveryStatus> {
  const { deliveries, clock, letterOf } = parts;
  const wallMs = clock.wallNow();
  const letter = letterOf(delivery.event, delivery.endpoint);
  const base = { delivery: delivery.id, wallMs };
  if (letter === "gone") {
    deliveries.settle(
      { ...base, status: null, error: "the endpoint is gone", tookMs: 0 },
      { status: "failed", dueMs: 0 },
    );
    return "failed";
  }
  const attempt =
    "refusal" in letter ? { ...base, status: null, error: letter.refusal, tookMs: 0 } : await send(parts, base, letter);
  const settled = settlementOf(parts, attempt, delivery.attempts);
  deliveries.settle(attempt, settled);
  return settled.status;
}

async function send(
  { poster, clock, timeoutMs }: DeliverParts,
  base: Pick<Attempt, "delivery" | "wallMs">,
  { url, secret, payload }: Letter,
): Promise<Attempt> {
  const startMs = clock.monotonicNow();
  // The bytes stay the same, the time of the signature is that of the try (reference: W2).
  const signature = signatureOf(payload, { secrets: [secret], timestampS: Math.floor(base.wallMs / 1000) });
  const posted = await poster.post({ url, body: payload, headers: { "stripe-signature": signature }, timeoutMs });
  const tookMs = Math.round(clock.monotonicNow() - startMs);
  if (posted.ok) return { ...base, status: posted.value.status, error: null, tookMs };
  return { ...base, status: null, error: posted.error.message, tookMs };
}

function settlementOf(
  { clock, retriesMs }: DeliverParts,
  { status }: Attempt,
  attemptsBefore: number,
): { readonly status: DeliveryStatus; readonly dueMs: number } {
  if (status !== null && status >= 200 && status <= 299) return { status: "delivered", dueMs: 0 };
  const pauseMs = status === gone ? undefined : retriesMs[attemptsBefore];
  if (pauseMs === undefined) return { status: "failed", dueMs: 0 };
  return { status: "pending", dueMs: clock.businessNow() + pauseMs };
}
