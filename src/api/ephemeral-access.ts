import { timingSafeEqual } from "node:crypto";
import { ApiError } from "../resources/api-error.ts";
import type { OpenedCard } from "../resources/ephemeral-keys.ts";
import type { Route } from "../resources/route.ts";
import type { ApiBooks, ApiRequest } from "./api-parts.ts";

const cardPath = "/v1/issuing/cards/{id}";
const nonceName = "ephemeral_key_private_nonce";

/**
 * A request as what its ephemeral key makes of it: the card that the key was made for, with number and code. Throws
 * `permission_denied` for anything else, and for a nonce that is not the one with which the key was made.
 */
export function ephemeralRequest(
  { ids }: ApiBooks,
  { card, account, nonce }: OpenedCard,
  { request, route }: { readonly request: ApiRequest; readonly route: Route },
): ApiRequest {
  const place = ids.decode("ic", request.path["id"] ?? "");
  const isItsCard = place !== null && place.shard === card.shard && place.no === card.no;
  if (route.method !== "GET" || route.path !== cardPath || !isItsCard) {
    throw new ApiError(
      "permission_denied",
      "An ephemeral key retrieves the card that it was made for, and nothing else.",
    );
  }
  const { [nonceName]: given, expand: _alwaysBoth, ...rest } = request.raw;
  if (typeof given !== "string" || !isSame(given, nonce)) {
    throw new ApiError("permission_denied", `The key was made with another nonce than ${nonceName}.`, nonceName);
  }
  return { ...request, raw: { ...rest, expand: ["number", "cvc"] }, stripeAccount: ids.encode("acct", account) };
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
