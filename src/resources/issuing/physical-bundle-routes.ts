import {
  issuingPhysicalBundleListParams,
  issuingPhysicalBundleRetrieveParams,
} from "../../../specs/api/issuing-physical-bundles.ts";
import { type BundleFeature, type PhysicalBundle, physicalBundles } from "../../../specs/physical-bundles.ts";
import { must } from "../../kernel/assert.ts";
import type { Place } from "../../kernel/ids.ts";
import { ApiError } from "../api-error.ts";
import type { Call } from "../call.ts";
import { type ListParams, listAnswer } from "../list.ts";
import { type Route, objectAnswer, route } from "../route.ts";
import type { View } from "../view.ts";
import { bundleOf } from "./design-use.ts";

/** A bundle as the API tells it. */
export interface ShownBundle {
  id: string;
  object: "issuing.physical_bundle";
  features: { card_logo: BundleFeature; carrier_text: BundleFeature; second_line: BundleFeature };
  livemode: boolean;
  name: string;
  status: "active" | "inactive" | "review";
  type: "custom" | "standard";
}

const url = "/v1/issuing/physical_bundles";

export const physicalBundleRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: url,
    operation: "issuing.physicalBundles.list",
    scope: "issuing_personalization_designs:read",
    params: issuingPhysicalBundleListParams,
    answer: async (call) => {
      const { status, type } = call.params;
      return listAnswer<PhysicalBundle, ListParams>(
        { ...call, account: { ...call.account, place: catalogue } },
        {
          url,
          prefix: "ics",
          params: call.params,
          rows: ({ after, before, order, rowsMax }) => {
            const rows = bundles.filter(({ no }) => no < (before ?? bundlesMax) && no > (after ?? 0));
            return (order === "newest_first" ? rows.toReversed() : rows).slice(0, rowsMax);
          },
          refOf: ({ no }) => ({ type: "physical_bundle", place: { shard: 0, no } }),
          matches: (row) =>
            (status === undefined || row.status === status) && (type === undefined || row.type === type),
        },
      );
    },
  }),
  route({
    method: "GET",
    path: `${url}/{id}`,
    operation: "issuing.physicalBundles.retrieve",
    scope: "issuing_personalization_designs:read",
    params: issuingPhysicalBundleRetrieveParams,
    answer: async (call) =>
      objectAnswer({ type: "physical_bundle", place: findBundle(call, must(call.path["id"], "a bundle"), "id") }),
  }),
];

const bundles: readonly PhysicalBundle[] = physicalBundles;
const bundlesMax = 1_000;
/** The catalogue belongs to no account: its ids name shard 0. */
const catalogue: Place = { shard: 0, no: 0 };

/** The place of a bundle of the catalogue. Throws `resource_missing`. */
export function findBundle<Params>(call: Call<Params>, id: string, param: string): Place {
  const place = call.ids.decode("ics", id);
  if (place !== null && place.shard === catalogue.shard && bundleOf(place.no) !== null) return place;
  throw new ApiError("resource_missing", `No such physical bundle: '${id}'`, param);
}

export function renderBundle(view: View, place: Place): ShownBundle | null {
  const bundle = bundleOf(place.no);
  if (bundle === null) return null;
  return {
    id: view.ids.encode("ics", place),
    object: "issuing.physical_bundle",
    features: { card_logo: bundle.cardLogo, carrier_text: bundle.carrierText, second_line: bundle.secondLine },
    livemode: false,
    name: bundle.name,
    status: bundle.status,
    type: bundle.type,
  };
}
