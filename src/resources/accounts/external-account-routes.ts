import {
  accountCreateExternalAccountParams,
  accountDeleteExternalAccountParams,
  accountListExternalAccountsParams,
  accountRetrieveExternalAccountParams,
  accountUpdateExternalAccountParams,
} from "../../../specs/api/accounts.ts";
import { must } from "../../kernel/assert.ts";
import type { Place } from "../../kernel/ids.ts";
import { ApiError } from "../api-error.ts";
import type { Call, Found } from "../call.ts";
import { mergeMetadata } from "../metadata.ts";
import { objectListAnswer } from "../object-list.ts";
import type { ParamsOf } from "../params.ts";
import { changePlainObject } from "../plain-objects.ts";
import { type Answer, type Route, objectAnswer, route } from "../route.ts";
import { foundAccount, shardInPath } from "./found-account.ts";
import { bankAccountOf } from "./read-bank-account.ts";
import type { BankAccountBody } from "./external-account-view.ts";
import { addBankAccount, knownBankAccounts, yieldDefault } from "./external-accounts.ts";

type CreateParams = ParamsOf<typeof accountCreateExternalAccountParams>;
type ListParams = ParamsOf<typeof accountListExternalAccountsParams>;
type UpdateParams = ParamsOf<typeof accountUpdateExternalAccountParams>;

const url = "/v1/accounts/{account_id}/external_accounts/{id}";

export const externalAccountRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/v1/accounts/{id}/external_accounts",
    operation: "accounts.createExternalAccount",
    scope: "accounts:write",
    params: accountCreateExternalAccountParams,
    answer: create,
    shardOf: shardInPath,
  }),
  route({
    method: "GET",
    path: "/v1/accounts/{id}/external_accounts",
    operation: "accounts.listExternalAccounts",
    scope: "accounts:read",
    params: accountListExternalAccountsParams,
    answer: async (call) => {
      const { place } = foundAccount(call);
      const account = { ...call.account, place };
      return objectListAnswer<BankAccountBody, ListParams>(
        { ...call, account },
        {
          url: `/v1/accounts/${call.path["id"]}/external_accounts`,
          type: "external_account",
          prefix: "ba",
          params: call.params,
          matches: () => call.params.object !== "card",
        },
      );
    },
  }),
  route({
    method: "GET",
    path: url,
    operation: "accounts.retrieveExternalAccount",
    scope: "accounts:read",
    params: accountRetrieveExternalAccountParams,
    answer: async (call) => objectAnswer({ type: "external_account", place: foundBank(call).place }),
  }),
  route({
    method: "POST",
    path: url,
    operation: "accounts.updateExternalAccount",
    scope: "accounts:write",
    params: accountUpdateExternalAccountParams,
    answer: update,
    shardOf: shardInPath,
  }),
  route({
    method: "DELETE",
    path: url,
    operation: "accounts.deleteExternalAccount",
    scope: "accounts:write",
    params: accountDeleteExternalAccountParams,
    answer: remove,
  }),
];

async function create(call: Call<CreateParams>): Promise<Answer> {
  const { place: account } = foundAccount(call);
  const { default_for_currency, external_account, metadata } = call.params;
  const bank = {
    ...bankAccountOf(external_account),
    default_for_currency: default_for_currency ?? false,
    metadata: mergeMetadata({}, metadata),
  };
  const known = knownBankAccounts(call.records, account);
  const { no, shard } = await addBankAccount(call.program, { account, known }, bank);
  return objectAnswer({ type: "external_account", place: { shard, no } });
}

async function update(call: Call<UpdateParams>): Promise<Answer> {
  const { body: current, place } = foundBank(call);
  const account = accountOf(place, current);
  const { account_holder_name, account_holder_type, account_type, default_for_currency, metadata } = call.params;
  if (default_for_currency === true) {
    await yieldDefault(call.program, account, knownBankAccounts(call.records, account), place.no);
  }
  await changePlainObject<BankAccountBody>(
    call.program,
    account,
    { type: "external_account", no: place.no },
    (body) => ({
      ...body,
      account_holder_name: account_holder_name ?? body.account_holder_name,
      account_holder_type:
        account_holder_type === undefined
          ? body.account_holder_type
          : account_holder_type === ""
            ? null
            : account_holder_type,
      account_type: account_type ?? body.account_type,
      default_for_currency: default_for_currency ?? body.default_for_currency,
      metadata: mergeMetadata(body.metadata, metadata),
    }),
  );
  return objectAnswer({ type: "external_account", place });
}

async function remove<Params>(call: Call<Params>): Promise<Answer> {
  const { body, place } = foundBank(call);
  const account = accountOf(place, body);
  const others = knownBankAccounts(call.records, account).filter((bank) => bank.no !== place.no && !bank.body.deleted);
  if (body.default_for_currency && others.length > 0) {
    throw new ApiError("invalid_state", "Payouts go to this bank account: make another one the default first.");
  }
  await changePlainObject<BankAccountBody>(
    call.program,
    account,
    { type: "external_account", no: place.no },
    (bank) => ({
      ...bank,
      deleted: true,
      events: ["account.external_account.deleted"],
    }),
  );
  const { currency } = body;
  return { kind: "body", body: { id: call.path["id"], object: "bank_account", currency, deleted: true } };
}

// Found as the account in the path would find it, which the caller was allowed to name.
function foundBank<Params>(call: Call<Params>): Found<BankAccountBody> {
  const { place: account } = foundAccount(call, "account_id");
  const id = must(call.path["id"], "the path names a bank account");
  const place = call.ids.decode("ba", id);
  const stored = place === null ? null : call.records.object("external_account", place);
  if (place !== null && stored !== null && place.shard === account.shard && stored.account === account.no) {
    // The body was written by this room.
    const body = JSON.parse(stored.body) as BankAccountBody;
    if (!body.deleted) return { place, type: "external_account", version: stored.version, body };
  }
  throw new ApiError("resource_missing", `No such external account: '${id}'`, "id");
}

function accountOf({ shard }: Place, { account }: BankAccountBody): Place {
  return { shard, no: account };
}
