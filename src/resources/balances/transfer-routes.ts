import {
  transferCreateParams,
  transferListParams,
  transferRetrieveParams,
  transferUpdateParams,
} from "../../../specs/api/transfers.ts";
import type { Place } from "../../kernel/ids.ts";
import type { AccountBody } from "../accounts/accounts.ts";
import { ApiError } from "../api-error.ts";
import type { Call } from "../call.ts";
import type { ListParams } from "../list.ts";
import { mergeMetadata } from "../metadata.ts";
import { objectListAnswer } from "../object-list.ts";
import { changePlainObject } from "../plain-objects.ts";
import { type Answer, type Route, objectAnswer, route } from "../route.ts";
import type { View } from "../view.ts";
import { amountParam, currencyParam } from "./money-params.ts";
import { type ShownReversals, reversalsOf } from "./transfer-reversal-view.ts";
import { type TransferBody, transferTo } from "./transfers.ts";

const url = "/v1/transfers";

/** Money from the platform to its connected accounts. It arrives at once. */
export const transferRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: url,
    operation: "transfers.create",
    scope: "transfers:write",
    params: transferCreateParams,
    answer: async ({ params, program, account, find }) => {
      if (!account.isPlatform) {
        throw new ApiError("platform_account_required", "Only a platform can transfer to connected accounts.");
      }
      if (params.amount === undefined)
        throw new ApiError("parameter_missing", "Missing required param: amount.", "amount");
      if (params.source_transaction !== undefined) {
        throw new ApiError("resource_missing", `No such charge: '${params.source_transaction}'`, "source_transaction");
      }
      const { body, place: destination } = find<AccountBody>("acct", params.destination, "destination");
      if (destination.shard === account.place.shard && destination.no === account.place.no) {
        throw new ApiError("parameter_invalid", "The destination is the account that pays.", "destination");
      }
      if (!body.capabilities.includes("transfers") || body.disabled_reason !== null) {
        throw new ApiError(
          "insufficient_capabilities_for_transfer",
          "The destination account has no active transfers capability.",
          "destination",
        );
      }
      const funds = { amount: amountParam(params.amount), currency: currencyParam(params.currency) };
      const place = await transferTo(
        program,
        account.place,
        { destination, funds },
        {
          description: params.description ?? null,
          transfer_group: params.transfer_group ?? null,
          metadata: mergeMetadata({}, params.metadata),
        },
      );
      return objectAnswer({ type: "transfer", place });
    },
  }),
  route({
    method: "GET",
    path: `${url}/{transfer}`,
    operation: "transfers.retrieve",
    scope: "transfers:read",
    params: transferRetrieveParams,
    answer: async ({ find, path }) => {
      const { place } = find("tr", path["transfer"] ?? "", "transfer");
      return objectAnswer({ type: "transfer", place });
    },
  }),
  route({
    method: "POST",
    path: `${url}/{transfer}`,
    operation: "transfers.update",
    scope: "transfers:write",
    params: transferUpdateParams,
    answer: async ({ params, find, path, program, account }) => {
      const { place } = find("tr", path["transfer"] ?? "", "transfer");
      await changePlainObject<TransferBody>(program, account.place, { type: "transfer", no: place.no }, (body) => ({
        ...body,
        description: params.description ?? body.description,
        metadata: mergeMetadata(body.metadata, params.metadata),
        events: ["transfer.updated"],
      }));
      return objectAnswer({ type: "transfer", place });
    },
  }),
  route({
    method: "GET",
    path: url,
    operation: "transfers.list",
    scope: "transfers:read",
    params: transferListParams,
    answer: async (call) => list(call, call.params),
  }),
];

interface Filter extends ListParams {
  readonly destination?: string | undefined;
  readonly transfer_group?: string | undefined;
}

function list<Params extends Filter>(call: Call<Params>, params: Filter): Answer {
  const { destination, transfer_group: group } = params;
  const wanted = destination === undefined ? null : call.find<AccountBody>("acct", destination, "destination").place;
  return objectListAnswer<TransferBody, Params>(call, {
    url,
    type: "transfer",
    prefix: "tr",
    params,
    matches: (body) =>
      (wanted === null || (body.destination.shard === wanted.shard && body.destination.no === wanted.no)) &&
      (group === undefined || group === body.transfer_group),
  });
}

export interface ShownTransfer {
  id: string;
  object: "transfer";
  amount: number;
  amount_reversed: number;
  balance_transaction: string | null;
  created: number;
  currency: string;
  description: string | null;
  destination: string;
  livemode: boolean;
  metadata: Record<string, string>;
  reversals: ShownReversals;
  reversed: boolean;
  source_transaction: null;
  source_type: string;
  transfer_group: string | null;
}

export function renderTransfer(view: View, place: Place): ShownTransfer | null {
  const found = view.object<TransferBody>("transfer", place);
  if (found === null) return null;
  const { body } = found;
  const reversed = body.amount_reversed ?? 0;
  return {
    id: view.ids.encode("tr", place),
    object: "transfer",
    amount: body.amount,
    amount_reversed: reversed,
    balance_transaction: view.balanceTransaction("transfer", place),
    created: body.created,
    currency: body.currency,
    description: body.description,
    destination: view.ids.encode("acct", body.destination),
    livemode: false,
    metadata: { ...body.metadata },
    reversals: reversalsOf(view, place, body.reversals ?? 0),
    reversed: reversed === body.amount,
    source_transaction: null,
    source_type: "card",
    transfer_group: body.transfer_group,
  };
}
