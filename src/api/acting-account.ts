import type { Place } from "../kernel/ids.ts";
import { ApiError } from "../resources/api-error.ts";
import { unavailableText } from "./envelope.ts";
import type { ActingAccount } from "../resources/route.ts";
import type { ApiBooks, ApiRequest } from "./api-parts.ts";

const platforms = new WeakMap<ApiBooks, ActingAccount>();

/** The platform, which every key belongs to. Its id is written once: 3 µs a request. */
export function platformOf(books: ApiBooks): ActingAccount {
  const known = platforms.get(books);
  if (known !== undefined) return known;
  const { ids, platform } = books;
  const account = { place: platform, id: ids.encode("acct", platform), isPlatform: true };
  platforms.set(books, account);
  return account;
}

/**
 * Where the account lives that `Stripe-Account` names, else the platform. From then on the records hold what the account's
 * shard held when the request came, or, of a request that begins at once, at least the account. Throws `account_invalid`,
 * `unavailable`.
 */
export async function actingPlace(
  books: ApiBooks,
  request: ApiRequest,
  { beginsAtOnce, waitMs }: { readonly beginsAtOnce: boolean; readonly waitMs: number },
): Promise<Place> {
  const { stripeAccount } = request;
  const place = stripeAccount === null ? books.platform : books.ids.decode("acct", stripeAccount);
  if (place === null || place.shard >= books.program.committer.keyspace.shardCount) throw invalid(request);
  // An object that an answer has told of is recorded; what is not there may be in the journal.
  if (beginsAtOnce && books.records.object("account", place) !== null) return place;
  if (!(await books.caughtUp(place.shard, waitMs))) throw new ApiError("unavailable", unavailableText);
  return place;
}

/** Whom a request acts for. Throws `account_invalid` where there is no such account. */
export function actingAccount(books: ApiBooks, request: ApiRequest, place: Place): ActingAccount {
  const { stripeAccount } = request;
  const platform = platformOf(books);
  if (stripeAccount === null || stripeAccount === platform.id) return platform;
  const account = books.records.object("account", place);
  if (account === null || isDeleted(account.body)) throw invalid(request);
  return { place, id: stripeAccount, isPlatform: false };
}

/** Whether an object says of itself that it was deleted. */
export function isDeleted(body: string): boolean {
  // As we write it. Most accounts say that they are not, and are 2 kB to read.
  if (!body.includes('"deleted":true')) return false;
  const json: unknown = JSON.parse(body);
  return typeof json === "object" && json !== null && "deleted" in json && json.deleted === true;
}

function invalid({ key, stripeAccount }: ApiRequest): ApiError {
  return new ApiError(
    "account_invalid",
    `The provided key '${key.redacted}' does not have access to account '${stripeAccount}' (or that account does not exist). Application access may have been revoked.`,
  );
}
