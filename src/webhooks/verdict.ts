import type { Result } from "../kernel/result.ts";
import type { PostAnswer, PostFailure } from "./post.ts";

/** What a real-time endpoint has said of an authorization (rules: Real-time endpoint). */
export type Verdict =
  | {
      readonly kind: "answered";
      readonly isApproved: boolean;
      /** Minor units of the card currency; null: what was asked for. */
      readonly amount: number | null;
      readonly metadata: Readonly<Record<string, string>>;
    }
  /** It has not spoken in time, or was not asked because it never does: the account's default holds. */
  | { readonly kind: "timed_out" }
  /** It has spoken, but not so that anybody could understand it; `message` becomes `reason_message`. */
  | { readonly kind: "unusable"; readonly message: string };

/** Twelve digits of DE4. */
const amountMax = 999_999_999_999;
const metadataKeysMax = 50;
const metadataKeyCharsMax = 40;
const metadataValueCharsMax = 500;

/** Reads a direct reply: status 200, the version header, and JSON with a boolean `approved`. */
export function verdictOf(posted: Result<PostAnswer, PostFailure>): Verdict {
  if (!posted.ok) {
    return posted.error.code === "timed_out" ? { kind: "timed_out" } : unusable(posted.error.message);
  }
  const { status, headers, body } = posted.value;
  if (status !== 200) return unusable(`the endpoint answered with status ${status} instead of 200`);
  if (headers["stripe-version"] === undefined) return unusable("the answer has no Stripe-Version header");
  return verdictIn(body);
}

function verdictIn(body: string): Verdict {
  const said = parse(body);
  if (!isRecord(said)) return unusable("the answer is no JSON object");
  const { approved, amount, metadata } = said;
  if (typeof approved !== "boolean") return unusable("approved is missing, or neither true nor false");
  if (amount !== undefined && !isAmount(amount)) return unusable(`amount is no whole number from 1 to ${amountMax}`);
  const pairs = metadata === undefined || metadata === null ? {} : metadataOf(metadata);
  if (pairs === null) return unusable("metadata is no object of at most 50 short texts");
  return { kind: "answered", isApproved: approved, amount: amount ?? null, metadata: pairs };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isAmount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0 && value <= amountMax;
}

function metadataOf(value: unknown): Readonly<Record<string, string>> | null {
  if (!isRecord(value)) return null;
  const pairs = Object.entries(value);
  if (pairs.length > metadataKeysMax) return null;
  const read = new Map<string, string>();
  for (const [key, text] of pairs) {
    if (typeof text !== "string" || text.length > metadataValueCharsMax || key.length > metadataKeyCharsMax)
      return null;
    read.set(key, text);
  }
  return Object.fromEntries(read);
}

function unusable(message: string): Verdict {
  return { kind: "unusable", message };
}
