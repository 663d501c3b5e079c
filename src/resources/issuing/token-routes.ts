import {
  issuingTokenListParams,
  issuingTokenRetrieveParams,
  issuingTokenUpdateParams,
} from "../../../specs/api/issuing-tokens.ts";
import { ApiError } from "../api-error.ts";
import type { Call } from "../call.ts";
import { type Answer, type Route, route } from "../route.ts";

const url = "/v1/issuing/tokens";

/** No wallet provisions the cards of a switch that is alone: a card has no tokens, which a program can find out. */
export const tokenRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: url,
    operation: "issuing.tokens.list",
    scope: "issuing_tokens:read",
    params: issuingTokenListParams,
    answer: async ({ find, params }) => {
      const { card, ending_before: before, starting_after: after } = params;
      find("ic", card, "card");
      if (after !== undefined) throw missing(after, "starting_after");
      if (before !== undefined) throw missing(before, "ending_before");
      return { kind: "list", url, refs: [], hasMore: false };
    },
  }),
  route({
    method: "GET",
    path: `${url}/{id}`,
    operation: "issuing.tokens.retrieve",
    scope: "issuing_tokens:read",
    params: issuingTokenRetrieveParams,
    answer: notFound,
  }),
  route({
    method: "POST",
    path: `${url}/{id}`,
    operation: "issuing.tokens.update",
    scope: "issuing_tokens:write",
    params: issuingTokenUpdateParams,
    answer: notFound,
  }),
];

async function notFound<Params>({ path }: Call<Params>): Promise<Answer> {
  throw missing(path["id"] ?? "", "id");
}

function missing(id: string, param: string): ApiError {
  return new ApiError("resource_missing", `No such issuing token: '${id}'`, param);
}
