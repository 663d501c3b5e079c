import {
  accountCreateParams,
  accountDeleteParams,
  accountListParams,
  accountRetrieveCurrentParams,
  accountRetrieveParams,
  accountUpdateParams,
} from "../../../specs/api/accounts.ts";
import { asksForConnected } from "../webhook-endpoints/webhook-endpoints.ts";
import { text, texts } from "../../../specs/api/forms.ts";
import { must } from "../../kernel/assert.ts";
import type { Place } from "../../kernel/ids.ts";
import type { RecordedObject } from "../../records/object-search.ts";
import { ApiError } from "../api-error.ts";
import type { Call } from "../call.ts";
import { createdOf } from "../list.ts";
import { mergeMetadata } from "../metadata.ts";
import type { ParamsOf } from "../params.ts";
import { aside } from "../program.ts";
import { type Answer, type Route, objectAnswer, route } from "../route.ts";
import {
  type AccountCreateParams,
  type AccountUpdateParams,
  detailsAfter,
  emptyDetails,
  typeOf,
} from "./account-details.ts";
import { issuingCountryOf } from "./account-home.ts";
import { type AccountBody, type AccountChange, createAccount, updateAccount } from "./accounts.ts";
import { capabilitiesAfter } from "./capabilities.ts";
import { addBankAccount, knownBankAccounts } from "./external-accounts.ts";
import { foundAccount, shardInPath } from "./found-account.ts";
import { bankAccountOf } from "./read-bank-account.ts";

type ListParams = ParamsOf<typeof accountListParams>;

const url = "/v1/accounts";
const scopes = { read: "accounts:read", write: "accounts:write" } as const;

const accountRejectParams = {
  type: "object",
  properties: {
    reason: text,
    expand: texts,
    payouts_action: { type: "string", enum: ["none", "pause"] },
  },
  required: ["reason"],
  additionalProperties: false,
} as const;

export const accountRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/v1/account",
    operation: "accounts.retrieveCurrent",
    scope: scopes.read,
    params: accountRetrieveCurrentParams,
    answer: async (call) => objectAnswer({ type: "account", place: call.account.place }),
  }),
  route({
    method: "POST",
    path: url,
    operation: "accounts.create",
    scope: scopes.write,
    params: accountCreateParams,
    answer: create,
    shardOf: shardOfNew,
  }),
  route({
    method: "GET",
    path: url,
    operation: "accounts.list",
    scope: scopes.read,
    params: accountListParams,
    answer: list,
  }),
  route({
    method: "GET",
    path: `${url}/{id}`,
    operation: "accounts.retrieve",
    scope: scopes.read,
    params: accountRetrieveParams,
    answer: async (call) => objectAnswer({ type: "account", place: foundAccount(call).place }),
  }),
  route({
    method: "POST",
    path: `${url}/{id}`,
    operation: "accounts.update",
    scope: scopes.write,
    params: accountUpdateParams,
    answer: update,
    shardOf: shardInPath,
  }),
  route({
    method: "DELETE",
    path: `${url}/{id}`,
    operation: "accounts.del",
    scope: scopes.write,
    params: accountDeleteParams,
    answer: remove,
  }),
  route({
    method: "POST",
    path: `${url}/{id}/reject`,
    operation: "accounts.reject",
    scope: scopes.write,
    params: accountRejectParams,
    answer: async (call) => {
      requirePlatform(call);
      const { body, place } = foundAccount(call);
      if (body.is_platform) throw new ApiError("invalid_state", "A platform does not reject itself.");
      const kind = call.params.reason.startsWith("fraud") ? "rejected.fraud" : "rejected.other";
      const reason = call.params.reason === "terms_of_service" ? "rejected.terms_of_service" : kind;
      await updateAccount(call.program, place, { disabled_reason: reason, is_enabled: false });
      return objectAnswer({ type: "account", place });
    },
    shardOf: shardInPath,
  }),
  route({
    method: "POST",
    path: `${url}/{id}/unreject`,
    operation: "accounts.unreject",
    scope: scopes.write,
    params: accountRetrieveParams,
    answer: async (call) => {
      requirePlatform(call);
      const { body, place } = foundAccount(call);
      if (body.disabled_reason === null) throw new ApiError("invalid_state", "This account is not rejected.");
      await updateAccount(call.program, place, { disabled_reason: null, is_enabled: true });
      return objectAnswer({ type: "account", place });
    },
    shardOf: shardInPath,
  }),
];

// A repeat comes to the same shard, where the first attempt's key is found; others spread over all.
function shardOfNew({ identity, program }: Call<AccountCreateParams>): number {
  return ((identity[0] ?? 0) * 256 + (identity[1] ?? 0)) % program.committer.keyspace.shardCount;
}

async function create(call: Call<AccountCreateParams>): Promise<Answer> {
  const { params } = call;
  requirePlatform(call);
  const country = countryOf(call);
  const home = must(issuingCountryOf(country), "the country was checked");
  checkCurrency(params.default_currency, home.currency);
  checkToken(params.account_token);
  const bank = params.external_account === undefined ? null : bankAccountOf(params.external_account);
  const details = detailsAfter({ ...emptyDetails, type: typeOf(params) }, params);
  const program = bank === null ? call.program : aside(call.program);
  const place = await createAccount(program, shardOfNew(call), {
    businessName: params.business_profile?.name ?? params.company?.name ?? "",
    country,
    currency: home.currency,
    metadata: mergeMetadata({}, params.metadata),
    capabilities: capabilitiesAfter([], params.capabilities),
    details,
    isUnfinished: bank !== null,
    asksPlatform: asksForConnected(call.records, call.platform.place),
  });
  // The commit that a repeat is answered by is the last one: a crash before it leaves an account that nobody finds.
  if (bank !== null) {
    await addBankAccount(program, { account: place, known: [] }, bank);
    await updateAccount(call.program, place, { deleted: false });
  }
  return objectAnswer({ type: "account", place });
}

function countryOf({ params, records, platform }: Call<AccountCreateParams>): string {
  const stored = records.object("account", platform.place);
  // Without a country an account is where its platform is.
  const home = stored === null ? "US" : (JSON.parse(stored.body) as AccountBody).country;
  const country = (params.country ?? home).toUpperCase();
  if (issuingCountryOf(country) !== null) return country;
  throw new ApiError("parameter_invalid", `Cards cannot be issued in '${country}'.`, "country");
}

function checkCurrency(currency: string | undefined, home: string): void {
  if (currency === undefined || currency.toLowerCase() === home) return;
  throw new ApiError("parameter_invalid", `The currency of an account there is ${home}.`, "default_currency");
}

function checkToken(token: string | undefined): void {
  if (token === undefined) return;
  throw new ApiError("resource_missing", `No such token: '${token}'`, "account_token");
}

async function update(call: Call<AccountUpdateParams>): Promise<Answer> {
  const { params } = call;
  const { body, place } = foundAccount(call);
  checkCurrency(params.default_currency, body.default_currency);
  checkToken(params.account_token);
  const bank =
    params.external_account === undefined || params.external_account === ""
      ? null
      : bankAccountOf(params.external_account);
  if (bank !== null) {
    const known = knownBankAccounts(call.records, place);
    await addBankAccount(aside(call.program), { account: place, known }, { ...bank, default_for_currency: true });
  }
  await updateAccount(call.program, place, (account) => changeOf(params, account));
  return objectAnswer({ type: "account", place });
}

function changeOf(params: AccountUpdateParams, body: AccountBody): AccountChange {
  return {
    business_name: params.business_profile?.name ?? params.company?.name ?? body.business_name,
    capabilities: capabilitiesAfter(body.capabilities, params.capabilities),
    metadata: mergeMetadata(body.metadata, params.metadata),
    details: detailsAfter(body.details, params),
  };
}

async function remove<Params>(call: Call<Params>): Promise<Answer> {
  requirePlatform(call);
  const { body, place } = foundAccount(call);
  if (body.is_platform) throw new ApiError("invalid_state", "A platform cannot be deleted.");
  if (call.records.balances(place).some(({ available, held }) => available !== 0n || held !== 0n)) {
    throw new ApiError("invalid_state", "This account cannot be deleted while there is money in it or held.");
  }
  await updateAccount(call.program, place, { deleted: true, is_enabled: false });
  return { kind: "body", body: { id: call.ids.encode("acct", place), object: "account", deleted: true } };
}

// Accounts live in every shard; the newest of all come first, whatever their numbers are.
async function list(call: Call<ListParams>): Promise<Answer> {
  requirePlatform(call);
  const { params, program } = call;
  const { shardCount } = program.committer.keyspace;
  const all: RecordedObject[] = [];
  for (let shard = 0; shard < shardCount; shard++) {
    await call.caughtUp(shard);
    all.push(...accountsIn(call, shard));
  }
  all.sort((a, b) => b.createdMs - a.createdMs || a.place.shard - b.place.shard || b.place.no - a.place.no);
  const limit = params.limit ?? 10;
  const start = positionOf(call, all, "starting_after");
  const end = positionOf(call, all, "ending_before");
  const rest = end === null ? all.slice(start === null ? 0 : start + 1) : all.slice(0, end);
  const page = end === null ? rest.slice(0, limit) : rest.slice(-limit);
  const refs = page.map(({ place }) => ({ type: "account", place }) as const);
  return { kind: "list", url, refs, hasMore: rest.length > limit };
}

const accountsMax = 10_000;

function accountsIn(call: Call<ListParams>, shard: number): RecordedObject[] {
  const { fromS, untilS } = createdOf(call.params.created);
  return call.records.objects("account", shard, { before: null, rowsMax: accountsMax }).filter((row) => {
    // The body was written by this room.
    const { created, deleted, is_platform } = JSON.parse(row.body) as AccountBody;
    return !is_platform && !deleted && created >= fromS && created < untilS;
  });
}

function positionOf(
  call: Call<ListParams>,
  all: readonly RecordedObject[],
  name: "starting_after" | "ending_before",
): number | null {
  const id = call.params[name];
  if (id === undefined) return null;
  const cursor: Place | null = call.ids.decode("acct", id);
  const at = all.findIndex(({ place }) => place.shard === cursor?.shard && place.no === cursor.no);
  if (at < 0) throw new ApiError("resource_missing", `No such account: '${id}'`, name);
  return at;
}

function requirePlatform<Params>({ account }: Call<Params>): void {
  if (account.isPlatform) return;
  throw new ApiError(
    "platform_account_required",
    "Only a platform makes, lists, rejects and deletes connected accounts.",
  );
}
