import { ephemeralKeyCreateParams, ephemeralKeyDeleteParams } from "../../specs/api/ephemeral-keys.ts";
import { must } from "../kernel/assert.ts";
import type { IdCodec, Place } from "../kernel/ids.ts";
import type { RecordsQueries } from "../records/queries.ts";
import { ApiError } from "./api-error.ts";
import type { Call } from "./call.ts";
import type { CardBody } from "./issuing/cards.ts";
import type { ParamsOf } from "./params.ts";
import { addPlainObject, changePlainObject } from "./plain-objects.ts";
import { type Answer, type Route, objectAnswer, route } from "./route.ts";
import type { View } from "./view.ts";

type CreateParams = ParamsOf<typeof ephemeralKeyCreateParams>;

/** A key that opens one card to an app, for a quarter of an hour. Times are wall seconds. */
export interface EphemeralKeyBody {
  readonly object: "ephemeral_key";
  readonly account: number;
  /** Number of the card. */
  readonly card: number;
  /** What the app has made up, and shows again with each use. */
  readonly nonce: string;
  readonly created: number;
  readonly expires: number;
  readonly deleted: boolean;
}

/** An ephemeral key as the API tells it. */
export interface ShownEphemeralKey {
  id: string;
  object: "ephemeral_key";
  created: number;
  expires: number;
  livemode: boolean;
  secret?: string;
}

const url = "/v1/ephemeral_keys";
const lifeS = 900;
const nonceCharsMax = 255;
const secretPrefix = "ek_test_";

export const ephemeralKeyRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: url,
    operation: "ephemeralKeys.create",
    scope: "ephemeral_keys:write",
    params: ephemeralKeyCreateParams,
    answer: create,
  }),
  route({
    method: "DELETE",
    path: `${url}/{id}`,
    operation: "ephemeralKeys.del",
    scope: "ephemeral_keys:write",
    params: ephemeralKeyDeleteParams,
    answer: async (call) => {
      const { place } = call.find<EphemeralKeyBody>("ephkey", must(call.path["id"], "the path names a key"), "id");
      const name = { type: "ephemeral_key", no: place.no } as const;
      await changePlainObject<EphemeralKeyBody>(call.program, call.account.place, name, (body) => ({
        ...body,
        deleted: true,
      }));
      return objectAnswer({ type: "ephemeral_key", place });
    },
  }),
];

async function create(call: Call<CreateParams>): Promise<Answer> {
  const { customer, issuing_card, nonce, verification_session } = call.params;
  for (const [name, id] of Object.entries({ customer, verification_session })) {
    if (id !== undefined) throw new ApiError("resource_missing", `No such ${name.replaceAll("_", " ")}: '${id}'`, name);
  }
  if (issuing_card === undefined) {
    throw new ApiError("parameter_missing", "Missing required param: issuing_card.", "issuing_card");
  }
  if (nonce === undefined) throw new ApiError("parameter_missing", "Missing required param: nonce.", "nonce");
  if (nonce.length > nonceCharsMax) {
    throw new ApiError("parameter_invalid", `Must be at most ${nonceCharsMax} characters.`, "nonce");
  }
  const { body: card, place } = call.find<CardBody>("ic", issuing_card, "issuing_card");
  if (card.status === "canceled") throw new ApiError("invalid_state", "This card is canceled.", "issuing_card");
  const created = Math.floor(call.program.clock.wallNow() / 1000);
  const body: EphemeralKeyBody = {
    object: "ephemeral_key",
    account: call.account.place.no,
    card: place.no,
    nonce,
    created,
    expires: created + lifeS,
    deleted: false,
  };
  const { no, shard } = await addPlainObject(call.program, call.account.place, "ephemeral_key", body);
  return objectAnswer({ type: "ephemeral_key", place: { shard, no } });
}

export function renderEphemeralKey(view: View, place: Place): ShownEphemeralKey | null {
  const stored = view.object<EphemeralKeyBody>("ephemeral_key", place);
  if (stored === null) return null;
  const { created, deleted, expires } = stored.body;
  return {
    id: view.ids.encode("ephkey", place),
    object: "ephemeral_key",
    created,
    expires,
    livemode: false,
    ...(deleted ? {} : { secret: secretOf(view.ids, place) }),
  };
}

/** What a key opens: one card of one account. */
export interface OpenedCard {
  readonly account: Place;
  readonly card: Place;
  readonly nonce: string;
}

/**
 * The card that a secret opens at a wall time, in seconds; null: none, any more. The secret is an id of its own kind, and
 * so 128 bits under the data set's key: nothing of it is stored.
 */
export function openEphemeralKey(
  { ids, records }: { readonly ids: IdCodec; readonly records: RecordsQueries },
  secret: string,
  wallNowS: number,
): OpenedCard | null {
  if (!secret.startsWith(secretPrefix)) return null;
  const place = ids.decode("ek", `ek_${secret.slice(secretPrefix.length)}`);
  const stored = place === null ? null : records.object("ephemeral_key", place);
  if (place === null || stored === null) return null;
  // The body was written by this room.
  const { account, card, deleted, expires, nonce } = JSON.parse(stored.body) as EphemeralKeyBody;
  if (deleted || wallNowS >= expires) return null;
  const { shard } = place;
  return { account: { shard, no: account }, card: { shard, no: card }, nonce };
}

function secretOf(ids: IdCodec, place: Place): string {
  return `${secretPrefix}${ids.encode("ek", place).slice("ek_".length)}`;
}
