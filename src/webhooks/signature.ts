import { createHmac } from "node:crypto";

/**
 * The `Stripe-Signature` header: `t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.payload">`, one v1 for each secret that is
 * valid, so that a secret can be rolled without a gap (reference: webhook signature).
 */
export function signatureOf(payload: string, signing: { secrets: readonly string[]; timestampS: number }): string {
  const { secrets, timestampS } = signing;
  const signed = `${timestampS}.${payload}`;
  const signatures = secrets.map((secret) => `v1=${createHmac("sha256", secret).update(signed).digest("hex")}`);
  return [`t=${timestampS}`, ...signatures].join(",");
}
