import type Stripe from "stripe";
import type { ApiUnderTest } from "./api.ts";
import { type CardProgram, eventTypes, openCardProgram } from "./card-program.ts";

export type Evidence = NonNullable<Stripe.Issuing.DisputeCreateParams["evidence"]>;

/** A program whose captures are disputed. */
export interface DisputedProgram extends CardProgram {
  /** Id of a capture that no authorization asked for. */
  readonly captured: (amount: number) => Promise<string>;
  /** A dispute about the whole of a new capture. */
  readonly disputed: (amount: number, evidence?: Evidence) => Promise<Stripe.Issuing.Dispute>;
  /** Types of the events of disputes, the oldest first. */
  readonly told: () => Promise<string[]>;
}

export const winning: Evidence = { reason: "fraudulent", fraudulent: { explanation: "winning_evidence" } };
export const losing: Evidence = { reason: "not_received", not_received: neverCame("losing_evidence") };
export const undecided: Evidence = { reason: "fraudulent", fraudulent: { explanation: "Jenny was not there." } };

export async function openDisputedProgram(api: ApiUnderTest): Promise<DisputedProgram> {
  const { stripe } = api;
  const program = await openCardProgram(api);
  const { as, card } = program;
  const captured = async (amount: number): Promise<string> => {
    const wish = { card: card.id, amount, currency: "usd" };
    return (await stripe.testHelpers.issuing.transactions.createForceCapture(wish, as)).id;
  };
  return {
    ...program,
    captured,
    disputed: async (amount, evidence) => {
      const transaction = await captured(amount);
      return stripe.issuing.disputes.create({ transaction, ...(evidence === undefined ? {} : { evidence }) }, as);
    },
    told: async () => (await eventTypes(api, program)).filter((type) => type.startsWith("issuing_dispute.")),
  };
}

export function neverCame(explanation: string): Stripe.Issuing.DisputeCreateParams.Evidence.NotReceived {
  return { explanation, expected_at: 1_700_000_000, product_type: "merchandise" };
}

/** The transaction that an unexpanded dispute is about. */
export function disputedId({ transaction }: Stripe.Issuing.Dispute): string {
  return typeof transaction === "string" ? transaction : transaction.id;
}
