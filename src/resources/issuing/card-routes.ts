import {
  issuingCardCreateParams,
  issuingCardListParams,
  issuingCardRetrieveParams,
  issuingCardUpdateParams,
} from "../../../specs/api/issuing-cards.ts";
import { must } from "../../kernel/assert.ts";
import type { Place } from "../../kernel/ids.ts";
import { ApiError } from "../api-error.ts";
import type { Call, Found } from "../call.ts";
import { mergeMetadata } from "../metadata.ts";
import { objectListAnswer } from "../object-list.ts";
import type { ParamsOf } from "../params.ts";
import { type Answer, type Route, objectAnswer, route } from "../route.ts";
import { createCardByRequest } from "./card-creation.ts";
import { afterShippingEvent, checkReaddressed, readShipping } from "./card-shipping.ts";
import { statusAfter } from "./card-states.ts";
import { activationRefusal } from "./cardholder-rules.ts";
import type { CardholderBody } from "./cardholders.ts";
import { type CardBody, type CardChange, cancelReplaced, updateCard } from "./cards.ts";
import { usableDesign } from "./design-use.ts";
import { meterReveal } from "./reveal-meter.ts";
import { readControls } from "./spending-controls.ts";

type ListParams = ParamsOf<typeof issuingCardListParams>;
type UpdateParams = ParamsOf<typeof issuingCardUpdateParams>;

const url = "/v1/issuing/cards";

export const cardRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: url,
    operation: "issuing.cards.create",
    scope: "issuing_cards:write",
    params: issuingCardCreateParams,
    answer: createCardByRequest,
  }),
  route({
    method: "GET",
    path: url,
    operation: "issuing.cards.list",
    scope: "issuing_cards:read",
    params: issuingCardListParams,
    answer: list,
  }),
  route({
    method: "GET",
    path: `${url}/{id}`,
    operation: "issuing.cards.retrieve",
    scope: "issuing_cards:read",
    params: issuingCardRetrieveParams,
    answer: async (call) => {
      const { place } = foundCard(call);
      if (call.expand.includes("number") || call.expand.includes("cvc")) meterReveal(call.program, place);
      return objectAnswer({ type: "card", place });
    },
  }),
  route({
    method: "POST",
    path: `${url}/{id}`,
    operation: "issuing.cards.update",
    scope: "issuing_cards:write",
    params: issuingCardUpdateParams,
    answer: update,
  }),
];

/** The card that the path of a request names. */
export function foundCard<Params>(call: Call<Params>): Found<CardBody> {
  return call.find<CardBody>("ic", must(call.path["id"], "the path names a card"), "id");
}

async function list(call: Call<ListParams>): Promise<Answer> {
  const { params } = call;
  const holder = noOf(call, "ich", "cardholder");
  const design = noOf(call, "ipd", "personalization_design");
  const { exp_month, exp_year, last4, status, type } = params;
  return objectListAnswer<CardBody, ListParams>(call, {
    url,
    type: "card",
    prefix: "ic",
    params,
    fields: { cardholder: holder, personalization_design: design, exp_month, exp_year, last4, status, type },
  });
}

function noOf(call: Call<ListParams>, prefix: "ich" | "ipd", name: "cardholder" | "personalization_design") {
  const id = call.params[name];
  return id === undefined ? undefined : call.find(prefix, id, name).place.no;
}

async function update(call: Call<UpdateParams>): Promise<Answer> {
  const { body, place } = foundCard(call);
  checkUnsupported(call.params);
  const design = designOf(call, body);
  const changeOf = (card: CardBody): CardChange => ({ ...design, ...cardChange(call, place, card) });
  // What is refused is refused before the card that this one replaces is canceled.
  changeOf(body);
  if (call.params.status === "active" && keepsPan(body)) await cancelReplaced(call.program, place);
  await updateCard(call.program, place, changeOf);
  return objectAnswer({ type: "card", place });
}

function checkUnsupported({ financial_account, pin }: UpdateParams): void {
  if (financial_account !== undefined) {
    throw new ApiError("resource_missing", `No such financial account: '${financial_account}'`, "financial_account");
  }
  if (pin?.encrypted_number === "") {
    throw new ApiError("parameter_invalid_string_empty", "A PIN cannot be empty.", "pin[encrypted_number]");
  }
}

function designOf(call: Call<UpdateParams>, body: CardBody): CardChange {
  const id = call.params.personalization_design;
  if (id === undefined) return {};
  return usableDesign(call, id, { type: body.type, secondLine: body.second_line });
}

function keepsPan({ replacement_reason: reason }: CardBody): boolean {
  return reason === "damaged" || reason === "expired";
}

function cardChange(call: Call<UpdateParams>, place: Place, body: CardBody): CardChange {
  const { params } = call;
  const { cancellation_reason: reason, pin, shipping, spending_controls, status } = params;
  const isCancel = status === "canceled";
  if (reason !== undefined && !isCancel) {
    throw new ApiError(
      "parameter_invalid",
      "A reason can only be given together with status=canceled.",
      "cancellation_reason",
    );
  }
  if (status === "active") checkActivation(call, place, body);
  const parcel = shipping === undefined ? body.shipping : readdressed(body, shipping);
  const stopped = isCancel && parcel !== null ? afterShippingEvent(parcel, "cancel", call.nowS) : null;
  return {
    metadata: mergeMetadata(body.metadata, params.metadata),
    shipping: stopped ?? parcel,
    ...(spending_controls === undefined ? {} : { spending_controls: readControls(spending_controls) }),
    ...(status === undefined ? {} : { status: statusAfter(body.status, status) }),
    ...(reason === undefined ? {} : { cancellation_reason: reason }),
    // Nobody here has the key of a PIN that comes encrypted: the printed one stays, and can be tried again.
    ...(pin?.encrypted_number === undefined ? {} : { pin_resets: (body.pin_resets ?? 0) + 1 }),
  };
}

function checkActivation(call: Call<UpdateParams>, { shard }: Place, body: CardBody): void {
  const id = call.ids.encode("ich", { shard, no: body.cardholder });
  const refusal = activationRefusal(call.find<CardholderBody>("ich", id, "cardholder").body);
  if (refusal !== null) throw new ApiError("invalid_state", refusal, "status");
}

function readdressed(body: CardBody, params: NonNullable<UpdateParams["shipping"]>): CardBody["shipping"] {
  if (body.type === "virtual") {
    throw new ApiError("parameter_invalid", "A virtual card is not sent anywhere.", "shipping");
  }
  checkReaddressed(body.shipping);
  return readShipping(params);
}
