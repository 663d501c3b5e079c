import {
  issuingPersonalizationDesignCreateParams,
  issuingPersonalizationDesignListParams,
  issuingPersonalizationDesignRetrieveParams,
  issuingPersonalizationDesignUpdateParams,
} from "../../../specs/api/issuing-personalization-designs.ts";
import { must } from "../../kernel/assert.ts";
import { ApiError } from "../api-error.ts";
import type { Call, Found } from "../call.ts";
import { mergeMetadata } from "../metadata.ts";
import { objectListAnswer } from "../object-list.ts";
import type { ParamsOf } from "../params.ts";
import { addPlainObject, changePlainObject } from "../plain-objects.ts";
import { aside } from "../program.ts";
import { type Answer, type Route, objectAnswer, route } from "../route.ts";
import { bundleOf } from "./design-use.ts";
import { type CarrierText, type DesignBody, afterDesignEvent, designsOf } from "./personalization-designs.ts";
import { findBundle } from "./physical-bundle-routes.ts";

type CreateParams = ParamsOf<typeof issuingPersonalizationDesignCreateParams>;
type ListParams = ParamsOf<typeof issuingPersonalizationDesignListParams>;
type UpdateParams = ParamsOf<typeof issuingPersonalizationDesignUpdateParams>;

const url = "/v1/issuing/personalization_designs";
const lookupKeyCharsMax = 200;

export const personalizationDesignRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: url,
    operation: "issuing.personalizationDesigns.create",
    scope: "issuing_personalization_designs:write",
    params: issuingPersonalizationDesignCreateParams,
    answer: create,
  }),
  route({
    method: "GET",
    path: url,
    operation: "issuing.personalizationDesigns.list",
    scope: "issuing_personalization_designs:read",
    params: issuingPersonalizationDesignListParams,
    answer: async (call) => {
      const { lookup_keys, preferences, status } = call.params;
      return objectListAnswer<DesignBody, ListParams>(call, {
        url,
        type: "personalization_design",
        prefix: "ipd",
        params: call.params,
        matches: (body) =>
          (lookup_keys === undefined || (body.lookup_key !== null && lookup_keys.includes(body.lookup_key))) &&
          (preferences?.is_default === undefined || body.is_default === preferences.is_default) &&
          (preferences?.is_platform_default === undefined ||
            (body.is_platform_default ?? false) === preferences.is_platform_default) &&
          (status === undefined || body.status === status),
      });
    },
  }),
  route({
    method: "GET",
    path: `${url}/{id}`,
    operation: "issuing.personalizationDesigns.retrieve",
    scope: "issuing_personalization_designs:read",
    params: issuingPersonalizationDesignRetrieveParams,
    answer: async (call) => objectAnswer({ type: "personalization_design", place: foundDesign(call).place }),
  }),
  route({
    method: "POST",
    path: `${url}/{id}`,
    operation: "issuing.personalizationDesigns.update",
    scope: "issuing_personalization_designs:write",
    params: issuingPersonalizationDesignUpdateParams,
    answer: update,
  }),
];

/** The design that the path of a request names. */
export function foundDesign<Params>(call: Call<Params>): Found<DesignBody> {
  return call.find<DesignBody>("ipd", must(call.path["id"], "the path names a design"), "id");
}

async function create(call: Call<CreateParams>): Promise<Answer> {
  const { params } = call;
  const isDefault = params.preferences?.is_default ?? false;
  const body: DesignBody = {
    object: "issuing.personalization_design",
    account: call.account.place.no,
    name: params.name ?? null,
    lookup_key: params.lookup_key === undefined ? null : lookupKeyOf(params.lookup_key),
    physical_bundle: findBundle(call, params.physical_bundle, "physical_bundle").no,
    card_logo: params.card_logo === undefined ? null : logoOf(call, params.card_logo),
    carrier_text: params.carrier_text === undefined ? null : carrierTextOf(null, params.carrier_text),
    is_default: isDefault,
    is_platform_default: call.account.isPlatform ? isDefault : null,
    status: "active",
    rejection_reasons: { card_logo: [], carrier_text: [] },
    events: [],
    metadata: mergeMetadata({}, params.metadata),
    created: call.nowS,
  };
  checkPrint(body);
  await giveWay(call, { ...body, no: 0 });
  const status = body.card_logo === null && body.carrier_text === null ? "active" : "review";
  const account = call.account.place;
  const { no, shard } = await addPlainObject(call.program, account, "personalization_design", { ...body, status });
  return objectAnswer({ type: "personalization_design", place: { shard, no } });
}

async function update(call: Call<UpdateParams>): Promise<Answer> {
  const { body, place } = foundDesign(call);
  const after = changed(call, body);
  await giveWay(call, { ...after, no: place.no });
  await changePlainObject<DesignBody>(
    call.program,
    call.account.place,
    { type: "personalization_design", no: place.no },
    (design) => changed(call, design),
  );
  return objectAnswer({ type: "personalization_design", place });
}

function changed(call: Call<UpdateParams>, body: DesignBody): DesignBody {
  const { card_logo, carrier_text, lookup_key, metadata, name, physical_bundle, preferences } = call.params;
  const isDefault = preferences?.is_default ?? body.is_default;
  const isPrintedAnew = card_logo !== undefined || carrier_text !== undefined || physical_bundle !== undefined;
  const after: DesignBody = {
    ...body,
    name: name === undefined ? body.name : orNull(name),
    lookup_key: lookup_key === undefined ? body.lookup_key : lookup_key === "" ? null : lookupKeyOf(lookup_key),
    physical_bundle:
      physical_bundle === undefined ? body.physical_bundle : findBundle(call, physical_bundle, "physical_bundle").no,
    card_logo: card_logo === undefined ? body.card_logo : card_logo === "" ? null : logoOf(call, card_logo),
    carrier_text: carrier_text === undefined ? body.carrier_text : carrierTextOf(body.carrier_text, carrier_text),
    is_default: isDefault,
    is_platform_default: body.is_platform_default === null ? null : isDefault,
    status: isPrintedAnew ? (afterDesignEvent(body.status, "edit") ?? body.status) : body.status,
    rejection_reasons: isPrintedAnew ? { card_logo: [], carrier_text: [] } : body.rejection_reasons,
    events: ["issuing_personalization_design.updated"],
    metadata: mergeMetadata(body.metadata, metadata),
  };
  checkPrint(after);
  return after;
}

// A bundle says what can be printed on its cards and carriers.
function checkPrint({ card_logo, carrier_text, physical_bundle }: DesignBody): void {
  const bundle = must(bundleOf(physical_bundle), "a design has a bundle");
  if (bundle.status !== "active") {
    throw new ApiError(
      "invalid_state",
      `This bundle is ${bundle.status}: no design can be made of it.`,
      "physical_bundle",
    );
  }
  checkFeature("card_logo", bundle.cardLogo, card_logo !== null);
  checkFeature("carrier_text", bundle.carrierText, carrier_text !== null);
}

function checkFeature(param: string, feature: "optional" | "required" | "unsupported", isThere: boolean): void {
  if (feature === "required" && !isThere) {
    throw new ApiError("parameter_missing", `Missing required param: ${param}.`, param);
  }
  if (feature === "unsupported" && isThere) {
    throw new ApiError("parameter_invalid", `This bundle has no ${param.replaceAll("_", " ")}.`, param);
  }
}

/** An account has one default, and a lookup key names one design: who had it before gives it up, where that is allowed. */
async function giveWay(
  call: Call<CreateParams> | Call<UpdateParams>,
  { is_default, lookup_key, no }: DesignBody & { readonly no: number },
): Promise<void> {
  for (const { body, no: other } of designsOf(call.records, call.account.place)) {
    if (other === no) continue;
    const isSameKey = lookup_key !== null && body.lookup_key === lookup_key;
    if (isSameKey && call.params.transfer_lookup_key !== true) {
      throw new ApiError("parameter_invalid", "Another design has this lookup key.", "lookup_key");
    }
    if (!isSameKey && !(is_default && body.is_default)) continue;
    await changePlainObject<DesignBody>(
      aside(call.program),
      call.account.place,
      { type: "personalization_design", no: other },
      (design) => ({
        ...design,
        lookup_key: isSameKey ? null : design.lookup_key,
        is_default: is_default ? false : design.is_default,
        is_platform_default: design.is_platform_default === null || !is_default ? design.is_platform_default : false,
        events: ["issuing_personalization_design.updated"],
      }),
    );
  }
}

function lookupKeyOf(key: string): string {
  if (key.length <= lookupKeyCharsMax) return key;
  throw new ApiError("parameter_invalid", `Must be at most ${lookupKeyCharsMax} characters.`, "lookup_key");
}

function logoOf(call: Call<CreateParams> | Call<UpdateParams>, id: string): number {
  const { body, place } = call.find<{ readonly purpose: string }>("file", id, "card_logo");
  if (body.purpose === "issuing_logo") return place.no;
  throw new ApiError(
    "parameter_invalid",
    `The purpose of this file is ${body.purpose}, not issuing_logo.`,
    "card_logo",
  );
}

function carrierTextOf(
  before: CarrierText | null,
  params: "" | NonNullable<CreateParams["carrier_text"]>,
): CarrierText | null {
  if (params === "") return null;
  const { footer_body, footer_title, header_body, header_title } = params;
  return {
    footer_body: textOr(footer_body, before?.footer_body),
    footer_title: textOr(footer_title, before?.footer_title),
    header_body: textOr(header_body, before?.header_body),
    header_title: textOr(header_title, before?.header_title),
  };
}

function textOr(text: string | undefined, before: string | null | undefined): string | null {
  return text === undefined ? (before ?? null) : orNull(text);
}

function orNull(text: string): string | null {
  return text === "" ? null : text;
}
