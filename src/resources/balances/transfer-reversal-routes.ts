import {
  transferCreateReversalParams,
  transferListReversalsParams,
  transferRetrieveReversalParams,
  transferUpdateReversalParams,
} from "../../../specs/api/transfers.ts";
import type { Place } from "../../kernel/ids.ts";
import type { CommitEntry } from "../../store/entry.ts";
import { ApiError } from "../api-error.ts";
import type { Call, Found } from "../call.ts";
import { mergeMetadata } from "../metadata.ts";
import { objectListAnswer } from "../object-list.ts";
import type { ParamsOf } from "../params.ts";
import { changePlainObject } from "../plain-objects.ts";
import { aside } from "../program.ts";
import { type Answer, type Route, objectAnswer, route } from "../route.ts";
import { amountParam } from "./money-params.ts";
import { type TransferReversalBody, bringBack, reversalPlace, reverseTransfer } from "./transfer-reversals.ts";
import type { ArrivalBody, TransferBody } from "./transfers.ts";

type CreateParams = ParamsOf<typeof transferCreateReversalParams>;

const url = "/v1/transfers/{transfer}/reversals";

/** Money that comes back from a connected account. It is there at once. */
export const transferReversalRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: url,
    operation: "transfers.createReversal",
    scope: "transfers:write",
    params: transferCreateReversalParams,
    answer: create,
    // The account that pays commits first, and that commit is the one that takes the request's key along.
    shardOf: (call) => foundTransfer(call).body.destination.shard,
    repeated,
  }),
  route({
    method: "GET",
    path: url,
    operation: "transfers.listReversals",
    scope: "transfers:read",
    params: transferListReversalsParams,
    answer: async (call) => {
      const { no } = foundTransfer(call).place;
      return objectListAnswer<TransferReversalBody, unknown>(call, {
        url: `/v1/transfers/${call.path["transfer"]}/reversals`,
        type: "transfer_reversal",
        prefix: "trr",
        params: call.params,
        fields: { transfer: no },
      });
    },
  }),
  route({
    method: "GET",
    path: `${url}/{id}`,
    operation: "transfers.retrieveReversal",
    scope: "transfers:read",
    params: transferRetrieveReversalParams,
    answer: async (call) => objectAnswer({ type: "transfer_reversal", place: foundReversal(call).place }),
  }),
  route({
    method: "POST",
    path: `${url}/{id}`,
    operation: "transfers.updateReversal",
    scope: "transfers:write",
    params: transferUpdateReversalParams,
    answer: async (call) => {
      const { place } = foundReversal(call);
      const name = { type: "transfer_reversal", no: place.no } as const;
      await changePlainObject<TransferReversalBody>(call.program, call.account.place, name, (body) => ({
        ...body,
        metadata: mergeMetadata(body.metadata, call.params.metadata),
      }));
      return objectAnswer({ type: "transfer_reversal", place });
    },
  }),
];

async function create(call: Call<CreateParams>): Promise<Answer> {
  const { amount, metadata, refund_application_fee: refundsFee } = call.params;
  const { place } = foundTransfer(call);
  if (refundsFee === true) {
    throw new ApiError("parameter_invalid", "This transfer has no application fee.", "refund_application_fee");
  }
  const reversal = await reverseTransfer(call.program, place, {
    amount: amount === undefined ? null : Number(amountParam(amount)),
    metadata: mergeMetadata({}, metadata),
  });
  return asMade(call, reversal);
}

// A crash may have come between the two halves: then the repeat does what is missing.
async function repeated(call: Call<CreateParams>, first: CommitEntry): Promise<Answer> {
  await bringBack(aside(call.program), { shard: foundTransfer(call).body.destination.shard, no: first.objectNo });
  // Written by reverseTransfer: the version that carries a request's key tells which reversal it asked for.
  const { reversals = 0 } = JSON.parse(first.body) as ArrivalBody;
  return asMade(call, reversalPlace(foundTransfer(call).place, reversals));
}

async function asMade<Params>(call: Call<Params>, place: Place): Promise<Answer> {
  await call.caughtUp(place.shard);
  return objectAnswer(
    { type: "transfer_reversal", place },
    call.records.history.firstEntryOf("transfer_reversal", place),
  );
}

function foundTransfer<Params>(call: Call<Params>): Found<TransferBody> {
  return call.find<TransferBody>("tr", call.path["transfer"] ?? "", "id");
}

function foundReversal<Params>(call: Call<Params>): Found<TransferReversalBody> {
  const transfer = foundTransfer(call);
  const id = call.path["id"] ?? "";
  const found = call.find<TransferReversalBody>("trr", id, "id");
  if (found.body.transfer === transfer.place.no) return found;
  throw new ApiError("resource_missing", `No such transfer reversal: '${id}'`, "id");
}
