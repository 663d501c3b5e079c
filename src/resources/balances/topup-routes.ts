import {
  topupCancelParams,
  topupListParams,
  topupRetrieveParams,
  topupUpdateParams,
} from "../../../specs/api/topups.ts";
import { topupCreateParams } from "../../../specs/api/beyond-sdk.ts";
import { type TestSource, testSources } from "../../../specs/test-sources.ts";
import { ApiError } from "../api-error.ts";
import { mergeMetadata } from "../metadata.ts";
import { objectListAnswer } from "../object-list.ts";
import type { ParamsOf } from "../params.ts";
import { changePlainObject } from "../plain-objects.ts";
import { type Route, objectAnswer, route } from "../route.ts";
import type { Place } from "../../kernel/ids.ts";
import type { View } from "../view.ts";
import { amountParam, currencyParam, isIn } from "./money-params.ts";
import { creditedBy } from "./credited-by.ts";
import { type TopupBody, askBank, cancelTopup, refusalOf, topUp } from "./topups.ts";

const url = "/v1/topups";

/**
 * Money into a balance. It arrives at once, since nobody has to wait for a bank that does not exist; from one of the sources
 * that Stripe publishes for tests it arrives, or fails to, on the next day.
 */
export const topupRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: url,
    operation: "topups.create",
    scope: "topups:write",
    params: topupCreateParams,
    answer: async ({ params, program, account }) => {
      const funds = { amount: amountParam(params.amount), currency: currencyParam(params.currency) };
      checkSender(params);
      const texts = {
        destination_balance: params.destination_balance ?? "payments",
        description: params.description ?? null,
        statement_descriptor: params.statement_descriptor ?? null,
        transfer_group: params.transfer_group ?? null,
        metadata: mergeMetadata({}, params.metadata),
      } as const;
      const source = params.source === undefined ? null : sourceNamed(params.source);
      const place =
        source === null
          ? await topUp(program, account.place, funds, texts)
          : await askBank(program, account.place, funds, { ...texts, source });
      return objectAnswer({ type: "topup", place });
    },
  }),
  route({
    method: "GET",
    path: `${url}/{topup}`,
    operation: "topups.retrieve",
    scope: "topups:read",
    params: topupRetrieveParams,
    answer: async ({ find, path }) =>
      objectAnswer({ type: "topup", place: find("tu", path["topup"] ?? "", "topup").place }),
  }),
  route({
    method: "POST",
    path: `${url}/{topup}`,
    operation: "topups.update",
    scope: "topups:write",
    params: topupUpdateParams,
    answer: async ({ params, find, path, program, account }) => {
      const { place } = find("tu", path["topup"] ?? "", "topup");
      await changePlainObject<TopupBody>(program, account.place, { type: "topup", no: place.no }, (body) => ({
        ...body,
        description: params.description ?? body.description,
        metadata: mergeMetadata(body.metadata, params.metadata),
        events: [],
      }));
      return objectAnswer({ type: "topup", place });
    },
  }),
  route({
    method: "POST",
    path: `${url}/{topup}/cancel`,
    operation: "topups.cancel",
    scope: "topups:write",
    params: topupCancelParams,
    answer: async ({ account, find, path, program }) => {
      const { place } = find<TopupBody>("tu", path["topup"] ?? "", "topup");
      await cancelTopup(program, account.place, place.no);
      return objectAnswer({ type: "topup", place });
    },
  }),
  route({
    method: "GET",
    path: url,
    operation: "topups.list",
    scope: "topups:read",
    params: topupListParams,
    answer: async (call) => {
      const { amount, status } = call.params;
      return objectListAnswer<TopupBody, unknown>(call, {
        url,
        type: "topup",
        prefix: "tu",
        params: call.params,
        matches: (body) => isIn(amount, body.amount) && (status === undefined || status === body.status),
      });
    },
  }),
];

const descriptorCharsMax = 15;

// Payment methods belong to customers, whom no card program has.
function checkSender({ payment_method: method, statement_descriptor: text }: ParamsOf<typeof topupCreateParams>): void {
  if (method !== undefined) {
    throw new ApiError("resource_missing", `No such PaymentMethod: '${method}'`, "payment_method");
  }
  if (text === undefined || (text.length <= descriptorCharsMax && /^[ -~]*$/u.test(text))) return;
  throw new ApiError(
    "parameter_invalid",
    `A statement descriptor has at most ${descriptorCharsMax} characters of ASCII.`,
    "statement_descriptor",
  );
}

function sourceNamed(id: string): TestSource {
  const known = testSources.find(({ token }) => token === id);
  if (known !== undefined) return known.token;
  throw new ApiError("resource_missing", `No such source: '${id}'`, "source");
}

/** Money into a balance, as the API tells it. */
export interface ShownTopup {
  id: string;
  object: "topup";
  amount: number;
  balance_transaction: string | null;
  created: number;
  currency: string;
  description: string | null;
  expected_availability_date: number | null;
  failure_code: string | null;
  failure_message: string | null;
  livemode: false;
  metadata: Record<string, string>;
  source: null;
  statement_descriptor: string | null;
  status: TopupBody["status"];
  transfer_group: string | null;
  initiated_by: "user";
}

export function renderTopup(view: View, place: Place): ShownTopup | null {
  const found = view.object<TopupBody>("topup", place);
  if (found === null) return null;
  const { body } = found;
  const refusal = body.status === "failed" ? refusalOf(body.source) : null;
  return {
    id: view.ids.encode("tu", place),
    object: "topup",
    amount: body.amount,
    balance_transaction: arrivalOf(view, place, body),
    created: body.created,
    currency: body.currency,
    description: body.description,
    expected_availability_date: body.expected_availability_date ?? body.created,
    failure_code: refusal?.code ?? null,
    failure_message: refusal?.message ?? null,
    initiated_by: "user",
    livemode: false,
    metadata: { ...body.metadata },
    source: null,
    statement_descriptor: body.statement_descriptor,
    status: body.status,
    transfer_group: body.transfer_group,
  };
}

/** Id of the balance transaction that brought the money; null: it has not come. */
function arrivalOf(view: View, place: Place, { source, status }: TopupBody): string | null {
  if (status !== "succeeded") return null;
  return source === undefined ? view.balanceTransaction("topup", place) : creditedBy(view, "topup", place);
}
