import {
  accountListCapabilitiesParams,
  accountRetrieveCapabilityParams,
  accountUpdateCapabilityParams,
} from "../../../specs/api/accounts.ts";
import { must } from "../../kernel/assert.ts";
import type { IdCodec, Place } from "../../kernel/ids.ts";
import { ApiError } from "../api-error.ts";
import type { Call, Found } from "../call.ts";
import { type Route, route } from "../route.ts";
import type { AccountCreateParams } from "./account-details.ts";
import { storedObject } from "../stored-object.ts";
import type { View } from "../view.ts";
import { foundAccount, shardInPath } from "./found-account.ts";
import { type ShownRequirements, requirementsOf } from "./account-view.ts";
import { type AccountBody, updateAccount } from "./accounts.ts";

/** A capability as the API tells it. Requested means active: there is nobody who would have to allow it. */
export interface ShownCapability {
  id: string;
  object: "capability";
  account: string;
  future_requirements: ShownRequirements;
  requested: boolean;
  requested_at: number | null;
  requirements: ShownRequirements;
  status: "active" | "inactive" | "unrequested";
}

const url = "/v1/accounts/{account_id}/capabilities/{id}";

export const capabilityRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/v1/accounts/{id}/capabilities",
    operation: "accounts.listCapabilities",
    scope: "accounts:read",
    params: accountListCapabilitiesParams,
    answer: async (call) => {
      const account = foundAccount(call);
      const data = account.body.capabilities.map((name) => shownCapability(call.ids, account, name));
      const path = `/v1/accounts/${call.path["id"]}/capabilities`;
      return { kind: "body", body: { object: "list", data, has_more: false, url: path } };
    },
  }),
  route({
    method: "GET",
    path: url,
    operation: "accounts.retrieveCapability",
    scope: "accounts:read",
    params: accountRetrieveCapabilityParams,
    answer: async (call) => {
      const account = foundAccount(call, "account_id");
      return { kind: "body", body: shownCapability(call.ids, account, nameOf(call)) };
    },
  }),
  route({
    method: "POST",
    path: url,
    operation: "accounts.updateCapability",
    scope: "accounts:write",
    params: accountUpdateCapabilityParams,
    answer: async (call) => {
      const { place } = foundAccount(call, "account_id");
      const { requested } = call.params;
      const change = requested === undefined ? {} : { [nameOf(call)]: { requested } };
      await updateAccount(call.program, place, ({ capabilities }) => ({
        capabilities: capabilitiesAfter(capabilities, change),
      }));
      await call.caughtUp(place.shard);
      return { kind: "body", body: shownCapability(call.ids, foundAccount(call, "account_id"), nameOf(call)) };
    },
    shardOf: shardInPath,
    repeated: (call, { no, objectNo, shard }) => {
      const shown = renderCapabilityAsOf(call, { shard, no: objectNo }, { name: nameOf(call), asOf: no });
      return { kind: "body", body: must(shown, "the entry has written the account") };
    },
  }),
];

type CapabilityParams = NonNullable<AccountCreateParams["capabilities"]>;

/** Names of what is requested after a change, in the order of the alphabet. */
export function capabilitiesAfter(
  before: readonly string[],
  params: CapabilityParams | Readonly<Record<string, { readonly requested?: boolean }>> | undefined,
): readonly string[] {
  const after = new Set(before);
  for (const [name, change] of Object.entries(params ?? {})) {
    if (change?.requested === true) after.add(name);
    if (change?.requested === false) after.delete(name);
  }
  return [...after].sort();
}

const knownNames = new Set(["card_issuing", "card_payments", "tax_reporting_us_1099_misc", "transfers", "treasury"]);

function nameOf<Params>(call: Call<Params>): string {
  const name = must(call.path["id"], "the path names a capability");
  if (knownNames.has(name)) return name;
  throw new ApiError("resource_missing", `No such capability: '${name}'`, "id");
}

/** A capability as of an entry of its account's shard, for an event about it; null: there was no account yet. */
export function renderCapabilityAsOf(
  { ids, records }: Pick<View, "ids" | "records">,
  account: Place,
  { name, asOf }: { readonly name: string; readonly asOf: number },
): ShownCapability | null {
  const stored = storedObject(records, "account", { place: account, asOf });
  // Written by accounts.
  return stored === null
    ? null
    : shownCapability(ids, { body: JSON.parse(stored.body) as AccountBody, place: account }, name);
}

function shownCapability(
  ids: IdCodec,
  { body, place }: Pick<Found<AccountBody>, "body" | "place">,
  name: string,
): ShownCapability {
  const requested = body.capabilities.includes(name);
  const open = body.disabled_reason === null ? "active" : "inactive";
  return {
    id: name,
    object: "capability",
    account: ids.encode("acct", place),
    future_requirements: requirementsOf(null),
    requested,
    requested_at: requested ? body.created : null,
    // Why an account is rejected is told of the account: a capability knows fraud as no reason of its own.
    requirements: requirementsOf(body.disabled_reason === null ? null : "rejected.other"),
    status: requested ? open : "unrequested",
  };
}
