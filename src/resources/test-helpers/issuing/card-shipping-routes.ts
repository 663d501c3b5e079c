import {
  testHelpersIssuingCardDeliverCardParams,
  testHelpersIssuingCardFailCardParams,
  testHelpersIssuingCardReturnCardParams,
  testHelpersIssuingCardShipCardParams,
  testHelpersIssuingCardSubmitCardParams,
} from "../../../../specs/api/test-helpers-issuing-cards.ts";
import { ApiError } from "../../api-error.ts";
import type { Call } from "../../call.ts";
import { foundCard } from "../../issuing/card-routes.ts";
import { type CardShipping, type ShippingEvent, afterShippingEvent } from "../../issuing/card-shipping.ts";
import { updateCard } from "../../issuing/cards.ts";
import type { ParamsSchema } from "../../params.ts";
import { type Answer, type Route, objectAnswer, route } from "../../route.ts";

/** What happens to the parcel of a physical card, where no manufacturer and no post tell it. */
export const cardShippingRoutes: readonly Route[] = [
  shippingRoute("submit", "submitCard", testHelpersIssuingCardSubmitCardParams),
  shippingRoute("ship", "shipCard", testHelpersIssuingCardShipCardParams),
  shippingRoute("deliver", "deliverCard", testHelpersIssuingCardDeliverCardParams),
  shippingRoute("return", "returnCard", testHelpersIssuingCardReturnCardParams),
  shippingRoute("fail", "failCard", testHelpersIssuingCardFailCardParams),
];

function shippingRoute(event: ShippingEvent, method: string, params: ParamsSchema): Route {
  return route({
    method: "POST",
    path: `/v1/test_helpers/issuing/cards/{id}/shipping/${event}`,
    operation: `testHelpers.issuing.cards.${method}`,
    scope: "issuing_cards:write",
    params,
    answer: (call) => move(call, event),
  });
}

async function move<Params>(call: Call<Params>, event: ShippingEvent): Promise<Answer> {
  const { place } = foundCard(call);
  await updateCard(call.program, place, ({ shipping, status }) => {
    if (status === "canceled") throw new ApiError("invalid_state", "This card is canceled: it is not sent any more.");
    return { shipping: moved(shipping, event, call.nowS) };
  });
  return objectAnswer({ type: "card", place });
}

function moved(shipping: CardShipping | null, event: ShippingEvent, nowS: number): CardShipping {
  if (shipping === null) throw new ApiError("invalid_state", "This card is not sent anywhere: it has no shipping.");
  const after = afterShippingEvent(shipping, event, nowS);
  if (after !== null) return after;
  throw new ApiError("invalid_state", `A parcel that is ${shipping.status} cannot be told to ${event}.`);
}
