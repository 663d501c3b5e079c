import { ApiError } from "../resources/api-error.ts";
import { unavailableText } from "./envelope.ts";
import type { ActingAccount } from "../resources/route.ts";
import type { ApiBooks, ApiRequest } from "./api-parts.ts";

/** The platform, which every key belongs to. */
export function platformOf(books: ApiBooks): ActingAccount {
  const { ids, platform } = books;
  return { place: platform, id: ids.encode("acct", platform), isPlatform: true };
}

/**
 * Whom a request acts for: the account that `Stripe-Account` names, else the platform. From then on the records hold
 * what the account's shard held when the request came. Throws `account_invalid`, `unavailable`.
 */
export async function actingAccount(books: ApiBooks, request: ApiRequest, waitMs: number): Promise<ActingAccount> {
  const { stripeAccount } = request;
  const platform = platformOf(books);
  const place = stripeAccount === null ? books.platform : books.ids.decode("acct", stripeAccount);
  if (place === null || place.shard >= books.program.committer.keyspace.shardCount) throw invalid(request);
  if (!(await books.caughtUp(place.shard, waitMs))) throw new ApiError("unavailable", unavailableText);
  if (stripeAccount === null || stripeAccount === platform.id) return platform;
  const account = books.records.object("account", place);
  if (account === null || isDeleted(account.body)) throw invalid(request);
  return { place, id: stripeAccount, isPlatform: false };
}

/** Whether an object says of itself that it was deleted. */
export function isDeleted(body: string): boolean {
  if (!body.includes('"deleted"')) return false;
  const json: unknown = JSON.parse(body);
  return typeof json === "object" && json !== null && "deleted" in json && json.deleted === true;
}

function invalid({ key, stripeAccount }: ApiRequest): ApiError {
  return new ApiError(
    "account_invalid",
    `The provided key '${key.redacted}' does not have access to account '${stripeAccount}' (or that account does not exist). Application access may have been revoked.`,
  );
}
