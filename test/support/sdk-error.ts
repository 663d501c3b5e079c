import type Stripe from "stripe";

/** What the SDK throws for a request that is refused. */
export async function errorOf(request: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  try {
    await request;
  } catch (error) {
    // The SDK throws nothing else.
    return error as Stripe.errors.StripeError;
  }
  throw new Error("the request was not refused");
}
