import {
  issuingCardholderCreateParams,
  issuingCardholderListParams,
  issuingCardholderRetrieveParams,
  issuingCardholderUpdateParams,
} from "../../../specs/api/issuing-cardholders.ts";
import { must } from "../../kernel/assert.ts";
import { homeOf } from "../accounts/account-home.ts";
import { ApiError } from "../api-error.ts";
import type { Call } from "../call.ts";
import { mergeMetadata } from "../metadata.ts";
import { objectListAnswer } from "../object-list.ts";
import type { ParamsOf } from "../params.ts";
import { type Answer, type Route, objectAnswer, route } from "../route.ts";
import {
  checkAcceptance,
  checkBirthday,
  checkEmail,
  checkIp,
  checkName,
  checkPhone,
  readAddress,
  requirementsAtStart,
  stillDue,
} from "./cardholder-rules.ts";
import {
  type CardholderBody,
  type CardholderChange,
  type Individual,
  createCardholder,
  updateCardholder,
} from "./cardholders.ts";
import { type ControlsParams, readControls } from "./spending-controls.ts";
import { noControls } from "../../ledger/limits.ts";

type CreateParams = ParamsOf<typeof issuingCardholderCreateParams>;
type UpdateParams = ParamsOf<typeof issuingCardholderUpdateParams>;

const url = "/v1/issuing/cardholders";

export const cardholderRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: url,
    operation: "issuing.cardholders.create",
    scope: "issuing_cardholders:write",
    params: issuingCardholderCreateParams,
    answer: create,
  }),
  route({
    method: "GET",
    path: url,
    operation: "issuing.cardholders.list",
    scope: "issuing_cardholders:read",
    params: issuingCardholderListParams,
    answer: async (call) => {
      const { email, phone_number, status, type } = call.params;
      return objectListAnswer<CardholderBody, ListParams>(call, {
        url,
        type: "cardholder",
        prefix: "ich",
        params: call.params,
        fields: { email, phone_number, status, type },
      });
    },
  }),
  route({
    method: "GET",
    path: `${url}/{id}`,
    operation: "issuing.cardholders.retrieve",
    scope: "issuing_cardholders:read",
    params: issuingCardholderRetrieveParams,
    answer: async (call) => objectAnswer({ type: "cardholder", place: placeOf(call) }),
  }),
  route({
    method: "POST",
    path: `${url}/{id}`,
    operation: "issuing.cardholders.update",
    scope: "issuing_cardholders:write",
    params: issuingCardholderUpdateParams,
    answer: update,
  }),
];

type ListParams = ParamsOf<typeof issuingCardholderListParams>;

async function create(call: Call<CreateParams>): Promise<Answer> {
  const { params } = call;
  const home = homeOf(call);
  const individual = individualOf(call, null, params.individual);
  const type = params.type ?? (params.company === undefined ? "individual" : "company");
  const place = await createCardholder(call.program, call.account.place, {
    name: checkName(params.name),
    email: params.email === undefined ? null : checkEmail(params.email),
    phone_number: params.phone_number === undefined ? null : checkPhone(params.phone_number),
    type,
    status: params.status ?? "active",
    billing: { address: readAddress(params.billing.address, "billing[address]") },
    requirements: requirementsAtStart({ type, individual }, home.country),
    metadata: mergeMetadata({}, params.metadata),
    individual,
    company: params.company === undefined ? null : { tax_id_provided: params.company.tax_id !== undefined },
    preferred_locales: localesOf(params.preferred_locales),
    ...controlsOf(params.spending_controls, home.currency.code),
  });
  return objectAnswer({ type: "cardholder", place });
}

async function update(call: Call<UpdateParams>): Promise<Answer> {
  const place = placeOf(call);
  const home = homeOf(call);
  await updateCardholder(call.program, call.account.place, place.no, (body) =>
    changeOf(call, body, home.currency.code),
  );
  return objectAnswer({ type: "cardholder", place });
}

function changeOf(call: Call<UpdateParams>, body: CardholderBody, currency: string): CardholderChange {
  const { params } = call;
  if (params.status !== undefined && body.status === "blocked") {
    throw new ApiError("invalid_state", "This cardholder is blocked: its status cannot be changed.", "status");
  }
  const individual = individualOf(call, body.individual, params.individual);
  return {
    ...(params.billing === undefined
      ? {}
      : { billing: { address: readAddress(params.billing.address, "billing[address]") } }),
    ...(params.company === undefined
      ? {}
      : {
          company: { tax_id_provided: params.company.tax_id !== undefined || body.company?.tax_id_provided === true },
        }),
    ...(params.email === undefined ? {} : { email: checkEmail(params.email) }),
    ...(params.phone_number === undefined ? {} : { phone_number: checkPhone(params.phone_number) }),
    ...(params.preferred_locales === undefined ? {} : { preferred_locales: localesOf(params.preferred_locales) }),
    ...(params.spending_controls === undefined ? {} : controlsOf(params.spending_controls, currency)),
    ...(params.status === undefined ? {} : { status: params.status }),
    individual,
    requirements: stillDue(body.requirements, { individual }),
    metadata: mergeMetadata(body.metadata, params.metadata),
  };
}

function controlsOf(
  params: (ControlsParams & { readonly spending_limits_currency?: string | undefined }) | undefined,
  home: string,
): Pick<CardholderBody, "spending_controls" | "spending_limits_currency"> {
  if (params === undefined) return { spending_controls: noControls, spending_limits_currency: null };
  const currency = params.spending_limits_currency?.toLowerCase() ?? home;
  if (currency !== home) {
    throw new ApiError(
      "parameter_invalid",
      `Limits are in the currency of the account's cards, which is ${home}.`,
      "spending_controls[spending_limits_currency]",
    );
  }
  const spending_controls = readControls(params);
  const isNamed = params.spending_limits_currency !== undefined || spending_controls.spending_limits !== null;
  return { spending_controls, spending_limits_currency: isNamed ? currency : null };
}

function individualOf(
  call: Call<CreateParams> | Call<UpdateParams>,
  before: Individual | null,
  params: CreateParams["individual"],
): Individual | null {
  if (params === undefined) return before;
  const { card_issuing, dob, first_name, last_name, verification } = params;
  const front = fileOf(call, verification?.document?.front, "front");
  const back = fileOf(call, verification?.document?.back, "back");
  return {
    first_name: first_name ?? before?.first_name ?? null,
    last_name: last_name ?? before?.last_name ?? null,
    dob: dob === undefined ? (before?.dob ?? null) : checkBirthday(dob, call.nowS),
    document:
      front === null && back === null
        ? (before?.document ?? null)
        : { front: front ?? before?.document?.front ?? null, back: back ?? before?.document?.back ?? null },
    user_terms_acceptance: acceptanceOf(call.nowS, before, card_issuing?.user_terms_acceptance),
  };
}

type AcceptanceParams = NonNullable<
  NonNullable<NonNullable<CreateParams["individual"]>["card_issuing"]>["user_terms_acceptance"]
>;

function acceptanceOf(
  nowS: number,
  before: Individual | null,
  params: AcceptanceParams | undefined,
): Individual["user_terms_acceptance"] {
  const known = before?.user_terms_acceptance ?? null;
  if (params === undefined) return known;
  const { date, ip, user_agent } = params;
  return {
    date: date === undefined ? (known?.date ?? null) : checkAcceptance(date, nowS),
    ip: ip === undefined ? (known?.ip ?? null) : checkIp(ip),
    user_agent: user_agent === undefined ? (known?.user_agent ?? null) : user_agent === "" ? null : user_agent,
  };
}

function fileOf(
  call: Call<CreateParams> | Call<UpdateParams>,
  id: string | undefined,
  side: "front" | "back",
): number | null {
  return id === undefined ? null : call.find("file", id, `individual[verification][document][${side}]`).place.no;
}

function localesOf(locales: CreateParams["preferred_locales"]): CardholderBody["preferred_locales"] {
  return locales === undefined || locales.length === 0 ? null : locales;
}

function placeOf<Params>(call: Call<Params>) {
  return call.find<CardholderBody>("ich", must(call.path["id"], "the path names a cardholder"), "id").place;
}
