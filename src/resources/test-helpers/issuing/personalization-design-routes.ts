import {
  testHelpersIssuingPersonalizationDesignActivateParams,
  testHelpersIssuingPersonalizationDesignDeactivateParams,
  testHelpersIssuingPersonalizationDesignRejectParams,
} from "../../../../specs/api/test-helpers-issuing-personalization-designs.ts";
import { ApiError } from "../../api-error.ts";
import type { Call } from "../../call.ts";
import { foundDesign } from "../../issuing/personalization-design-routes.ts";
import { type DesignBody, type DesignEvent, afterDesignEvent } from "../../issuing/personalization-designs.ts";
import { changePlainObject } from "../../plain-objects.ts";
import { type Answer, type Route, objectAnswer, route } from "../../route.ts";

const url = "/v1/test_helpers/issuing/personalization_designs/{id}";
const noReasons: DesignBody["rejection_reasons"] = { card_logo: [], carrier_text: [] };

/** What the review of a design comes to. */
export const designReviewRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: `${url}/activate`,
    operation: "testHelpers.issuing.personalizationDesigns.activate",
    scope: "issuing_personalization_designs:write",
    params: testHelpersIssuingPersonalizationDesignActivateParams,
    answer: (call) =>
      review(call, {
        event: "activate",
        events: ["issuing_personalization_design.activated"],
        rejection_reasons: noReasons,
      }),
  }),
  route({
    method: "POST",
    path: `${url}/deactivate`,
    operation: "testHelpers.issuing.personalizationDesigns.deactivate",
    scope: "issuing_personalization_designs:write",
    params: testHelpersIssuingPersonalizationDesignDeactivateParams,
    answer: (call) =>
      review(call, {
        event: "deactivate",
        events: ["issuing_personalization_design.deactivated"],
        rejection_reasons: noReasons,
      }),
  }),
  route({
    method: "POST",
    path: `${url}/reject`,
    operation: "testHelpers.issuing.personalizationDesigns.reject",
    scope: "issuing_personalization_designs:write",
    params: testHelpersIssuingPersonalizationDesignRejectParams,
    answer: (call) => {
      const { card_logo = [], carrier_text = [] } = call.params.rejection_reasons;
      if (card_logo.length + carrier_text.length === 0) {
        throw new ApiError("parameter_missing", "A rejection has a reason.", "rejection_reasons");
      }
      const rejection_reasons = { card_logo, carrier_text };
      return review(call, { event: "reject", events: ["issuing_personalization_design.rejected"], rejection_reasons });
    },
  }),
];

async function review<Params>(
  call: Call<Params>,
  { event, ...outcome }: { readonly event: DesignEvent } & Pick<DesignBody, "events" | "rejection_reasons">,
): Promise<Answer> {
  const { place } = foundDesign(call);
  const name = { type: "personalization_design", no: place.no } as const;
  await changePlainObject<DesignBody>(call.program, call.account.place, name, (body) => {
    const status = afterDesignEvent(body.status, event);
    if (status !== null) return { ...body, ...outcome, status };
    throw new ApiError("invalid_state", `A design that is ${body.status} cannot be told to ${event}.`);
  });
  return objectAnswer({ type: "personalization_design", place });
}
