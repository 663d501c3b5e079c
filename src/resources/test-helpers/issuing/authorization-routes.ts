import {
  testHelpersIssuingAuthorizationCaptureParams,
  testHelpersIssuingAuthorizationCreateParams,
  testHelpersIssuingAuthorizationExpireParams,
  testHelpersIssuingAuthorizationFinalizeAmountParams,
  testHelpersIssuingAuthorizationIncrementParams,
  testHelpersIssuingAuthorizationReverseParams,
} from "../../../../specs/api/test-helpers-issuing-authorizations.ts";
import { issuingCardTestAuthorizationCreateParams } from "../../../../specs/api/beyond-sdk.ts";
import type { AuthorizationDecision, ReversalDecision } from "../../../authorizer/decision.ts";
import type { AuthorizationRequest } from "../../../authorizer/request.ts";
import { minor } from "../../../kernel/money.ts";
import { ApiError, otherRequest } from "../../api-error.ts";
import { amountParam } from "../../balances/money-params.ts";
import type { Call, Found } from "../../call.ts";
import type { CardBody } from "../../issuing/cards.ts";
import type { ParamsOf } from "../../params.ts";
import { type Answer, type Route, objectAnswer, route } from "../../route.ts";
import { advise, authorize, completionOf, incrementOf, reversalOf, reverse } from "./authorization-changes.ts";
import { type AuthorizationParams, authorizationRequest } from "./authorization-request.ts";
import { clearingOf } from "./clearing-request.ts";
import { awaitAnswer } from "../../issuing/fraud-challenges.ts";
import { fraudRiskOf } from "./fraud-risk.ts";
import { decidedAnswer, postedOf, undecided } from "./decided.ts";
import { type NamedAuthorization, namedAuthorization } from "./named-authorization.ts";

const url = "/v1/test_helpers/issuing/authorizations";
const scope = "issuing_authorizations:write";

/**
 * What a network would send, by the SDK: each goes the way of a message, through the same authorizer. What only the
 * function can know, it decides; beforehand is refused what will never change.
 */
export const testAuthorizationRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: url,
    operation: "testHelpers.issuing.authorizations.create",
    scope,
    params: testHelpersIssuingAuthorizationCreateParams,
    beginsAtOnce: true,
    answer: async (call) => {
      const card = await cardOf(call, call.params.card);
      return askAbout(call, card, call.params);
    },
  }),
  route({
    method: "POST",
    path: "/v1/issuing/cards/{card}/test/authorizations",
    operation: null,
    scope,
    params: issuingCardTestAuthorizationCreateParams,
    beginsAtOnce: true,
    answer: async (call) => {
      const card = await cardOf(call, call.path["card"] ?? "");
      const {
        held_amount: held,
        held_currency: heldCurrency,
        is_held_amount_controllable: controllable,
        ...rest
      } = call.params;
      const amount = rest.amount ?? held;
      const currency = rest.currency ?? heldCurrency;
      const params = {
        ...rest,
        ...(amount === undefined ? {} : { amount }),
        ...(currency === undefined ? {} : { currency }),
        ...(controllable === undefined ? {} : { is_amount_controllable: controllable }),
      };
      return askAbout(call, card, params);
    },
  }),
  route({
    method: "POST",
    path: `${url}/{id}/capture`,
    operation: "testHelpers.issuing.authorizations.capture",
    scope,
    params: testHelpersIssuingAuthorizationCaptureParams,
    answer: capture,
  }),
  route({
    method: "POST",
    path: `${url}/{id}/increment`,
    operation: "testHelpers.issuing.authorizations.increment",
    scope,
    params: testHelpersIssuingAuthorizationIncrementParams,
    answer: async (call) => {
      const named = await namedAuthorization(call);
      requireOpen(named, "incremented");
      const { increment_amount: amount, is_amount_controllable: allowsPartial = false } = call.params;
      const wanted = { amount: amountParam(amount, "increment_amount"), allowsPartial };
      return askFor(call, named, incrementOf(call, named, wanted));
    },
  }),
  route({
    method: "POST",
    path: `${url}/{id}/reverse`,
    operation: "testHelpers.issuing.authorizations.reverse",
    scope,
    params: testHelpersIssuingAuthorizationReverseParams,
    answer: async (call) => {
      const named = await namedAuthorization(call);
      const { reverse_amount: amount } = call.params;
      const released = amount === undefined ? null : amountParam(amount, "reverse_amount");
      const decision = await reverse(call, reversalOf(call, named, released));
      return decidedAnswer(call, named.place.no, releasedBy(decision));
    },
  }),
  route({
    method: "POST",
    path: `${url}/{id}/expire`,
    operation: "testHelpers.issuing.authorizations.expire",
    scope,
    params: testHelpersIssuingAuthorizationExpireParams,
    answer: expire,
  }),
  route({
    method: "POST",
    path: `${url}/{id}/finalize_amount`,
    operation: "testHelpers.issuing.authorizations.finalizeAmount",
    scope,
    params: testHelpersIssuingAuthorizationFinalizeAmountParams,
    answer: finalize,
  }),
];

/** What is read of the card never changes, so that it need not be the newest of it. */
async function cardOf<Params>(call: Call<Params>, id: string): Promise<Found<CardBody>> {
  const place = call.ids.decode("ic", id);
  if (place !== null && call.records.object("card", place) === null) await call.caughtUp(call.account.place.shard);
  return call.find<CardBody>("ic", id, "card");
}

async function askAbout<Params>(
  call: Call<Params>,
  card: Found<CardBody>,
  params: AuthorizationParams,
): Promise<Answer> {
  const risk = await fraudRiskOf(call, card, params);
  const decided = decidedBy(await authorize(call, authorizationRequest(call, card, params, risk)));
  const { isDuplicate, journalNo, shard, wasAsked } = decided;
  if (risk.minutes !== null && decided.outcome === "declined" && decided.check === "fraud") {
    const { fraud_challenges: challenges = [] } = risk.details;
    await awaitAnswer(call, { shard, no: journalNo }, { challenges, minutes: risk.minutes });
  }
  if (isDuplicate || wasAsked === true) return decidedAnswer(call, journalNo, decided);
  return objectAnswer({ type: "authorization", place: { shard, no: journalNo } }, journalNo);
}

async function askFor<Params>(
  call: Call<Params>,
  { place }: NamedAuthorization,
  request: AuthorizationRequest,
): Promise<Answer> {
  return decidedAnswer(call, place.no, decidedBy(await authorize(call, request)));
}

type DecidedRequest = Extract<AuthorizationDecision, { readonly journalNo: number }>;

function decidedBy(decision: AuthorizationDecision): DecidedRequest {
  switch (decision.outcome) {
    case "conflict":
      throw otherRequest();
    case "refused":
    case "unknown":
      throw undecided(decision);
    case "expired_deadline":
      throw new ApiError("unavailable", "The authorization could not be decided in time.");
    case "unsupported_currency":
      throw new ApiError("parameter_invalid", "There is no rate from this currency to the card's.", "currency");
    case "unknown_pan":
      throw new ApiError("resource_missing", "The card has no number that a network could ask for.", "card");
    default:
      return decision;
  }
}

type Released = Extract<ReversalDecision, { readonly releasedAmount: unknown }>;

const released: ReadonlySet<string> = new Set(["released", "lowered", "reposted", "killed_pending"]);

function releasedBy(decision: ReversalDecision): Released {
  if (!("journalNo" in decision)) throw decision.outcome === "conflict" ? otherRequest() : undecided(decision);
  if ("releasedAmount" in decision && released.has(decision.outcome)) return decision;
  throw new ApiError("invalid_state", "This authorization holds nothing that could be reversed.", "id");
}

function requireOpen({ history, isRepeat }: NamedAuthorization, what: string): void {
  if (isRepeat || (history.status === "pending" && history.isApproved)) return;
  throw new ApiError("invalid_state", `This authorization is ${history.status}, so that it cannot be ${what}.`, "id");
}

/** rules: Clearing always posts. Only here a declined authorization is not captured. */
async function capture(call: Call<ParamsOf<typeof testHelpersIssuingAuthorizationCaptureParams>>): Promise<Answer> {
  const named = await namedAuthorization(call);
  const { history } = named;
  if (!history.isApproved) {
    throw new ApiError("invalid_state", "An authorization that was not approved cannot be captured.", "id");
  }
  const { capture_amount: wanted, close_authorization: isFinal = true, purchase_details: details } = call.params;
  const amount = wanted === undefined ? minor(history.amount) : amountParam(wanted, "capture_amount");
  const request = clearingOf(call, named, { kind: "capture", amount, isFinal, details: { purchase_details: details } });
  return decidedAnswer(call, named.place.no, postedOf(await call.authorizer.clear(request)));
}

async function expire<Params>(call: Call<Params>): Promise<Answer> {
  const named = await namedAuthorization(call);
  const { first, holdKey, place } = named;
  const outcome = await call.authorizer.expire({
    shard: place.shard,
    account: first.account,
    chain: first.chain,
    card: first.card,
    cardholder: first.cardholder,
    currency: first.cardCurrency,
    holdNo: place.no,
    holdKey,
    mcc: first.mcc,
    asFuel: false,
  });
  if (outcome === "failed") throw new ApiError("unavailable", "The hold could not be expired now.");
  await call.caughtUp(place.shard);
  const { expiredNo, history } = await namedAuthorization(call);
  // Whoever asks again after an answer that was lost is told what it was then.
  if (expiredNo > 0 && history.status === "expired") return objectAnswer({ type: "authorization", place }, expiredNo);
  throw new ApiError("invalid_state", `This authorization is ${history.status}, so that it cannot expire.`, "id");
}

async function finalize(
  call: Call<ParamsOf<typeof testHelpersIssuingAuthorizationFinalizeAmountParams>>,
): Promise<Answer> {
  const named = await namedAuthorization(call);
  const { final_amount: final, fleet, fuel } = call.params;
  const amount = amountParam(final, "final_amount", 0);
  // An advice holds what no hold waits for: it must not be sent for one that was declined or has ended.
  requireOpen(named, "completed");
  const decision = await advise(call, completionOf(call, named, { amount, details: { fleet, fuel } }));
  switch (decision.outcome) {
    case "conflict":
      throw otherRequest();
    case "refused":
    case "unknown":
      throw undecided(decision);
    case "completed":
      return decidedAnswer(call, named.place.no, decision);
    default:
      throw new ApiError("invalid_state", "This authorization does not wait for what was pumped.", "id");
  }
}
