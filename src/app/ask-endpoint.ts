import type { ApiBooks } from "../api/api-parts.ts";
import { apiVersion } from "../../specs/api-version.ts";
import type { AskAnswer } from "../authorizer/resolve.ts";
import { minor, zero } from "../kernel/money.ts";
import { partsOfEntry } from "../ledger/entry-parts.ts";
import type { EntryDetails } from "../ledger/entry-details.ts";
import type { AccountBody } from "../resources/accounts/accounts.ts";
import { renderAskedAuthorization } from "../resources/issuing/authorization-view.ts";
import { renderObject } from "../resources/rendering.ts";
import { renderers } from "../resources/renderers.ts";
import { partId, secondsOf } from "../resources/shown.ts";
import { realTimeEndpoint } from "../resources/webhook-endpoints/asking.ts";
import { requestEvent } from "../resources/webhook-endpoints/webhook-endpoints.ts";
import type { View } from "../resources/view.ts";
import type { AuthorizationEntry } from "../store/entry.ts";
import { Breaker } from "../webhooks/breaker.ts";
import { readDestination } from "../webhooks/destination.ts";
import { endpointSecret } from "../webhooks/endpoint-secret.ts";
import { Poster } from "../webhooks/post.ts";
import { ask } from "../webhooks/real-time.ts";
import type { Verdict } from "../webhooks/verdict.ts";
import { apiHashKey } from "./api-books.ts";
import type { AskEndpoint } from "./questions.ts";
import type { RolePlace } from "./role-place.ts";

export interface EndpointAsker {
  readonly ask: AskEndpoint;
  readonly close: () => Promise<void>;
}

/** The last part of an entry: no event that is told in the ordinary way has it. */
const questionPart = partsOfEntry - 1;

/** Asks the program's real-time endpoint about an authorization (rules: Real-time endpoint). */
export function openEndpointAsker(place: RolePlace, api: () => ApiBooks): EndpointAsker {
  const { clock, config, dataSet } = place;
  const { webhooks: limits } = config.limits;
  const poster = new Poster({ policy: config.endpointPolicy, ...limits });
  const breaker = new Breaker(clock);
  const hashKey = apiHashKey(dataSet.keys);
  return {
    ask: async (entry, deadlineMs) => {
      const books = api();
      const account = { shard: entry.shard, no: entry.account };
      const endpoint = realTimeEndpoint(books.records, account, books.platform);
      const stored = books.records.object("account", account);
      if (endpoint === null || stored === null) return null;
      // Accounts are written by their own resource.
      const owner = JSON.parse(stored.body) as AccountBody;
      const url = readDestination(endpoint.body.url, config.endpointPolicy);
      if (!url.ok) return refused(url.error);
      const payload = questionOf(books, entry, owner.is_platform);
      if (payload === null) return null;
      const verdict = await ask(
        {
          endpoint: `${endpoint.place.shard}/${endpoint.place.no}`,
          url: url.value,
          secrets: [endpointSecret(hashKey, endpoint.place)],
          payload,
          timeoutMs: Math.max(1, Math.min(limits.realTimeMs, deadlineMs - clock.wallNow())),
        },
        { poster, breaker, clock },
      );
      return answerOf(verdict, entry, owner);
    },
    close: () => poster.close(),
  };
}

/** The event `issuing_authorization.request`, or null where there is no such authorization any more. */
function questionOf(books: ApiBooks, entry: AuthorizationEntry, isPlatform: boolean): string | null {
  const { shard, no, holdNo, account } = entry;
  const asked = { shard, no: holdNo > 0 ? holdNo : no };
  const shown = { ...renderers, authorization: (view: View) => renderAskedAuthorization(view, entry) };
  const object = renderObject({ ...books, renderers: shown }, { type: "authorization", place: asked }, { shard, no });
  if (object === null) return null;
  return JSON.stringify(
    {
      id: partId(books.ids, "evt", entry, questionPart),
      object: "event",
      ...(isPlatform ? {} : { account: books.ids.encode("acct", { shard, no: account }) }),
      api_version: apiVersion,
      created: secondsOf(entry.businessMs),
      data: { object },
      livemode: false,
      pending_webhooks: 1,
      request: { id: null, idempotency_key: null },
      type: requestEvent,
    },
    null,
    2,
  );
}

function answerOf(verdict: Verdict, entry: AuthorizationEntry, owner: AccountBody): AskAnswer {
  switch (verdict.kind) {
    case "timed_out":
      return owner.approves_by_default === true
        ? { reason: "approved_by_default", amount: null, details: "" }
        : { reason: "webhook_timeout", amount: null, details: "" };
    case "unusable":
      return refused(verdict.message);
    case "answered": {
      const details = detailsOf({ metadata: verdict.metadata });
      if (!verdict.isApproved) return { reason: "webhook_declined", amount: null, details };
      const amount = entry.allowsPartial ? verdict.amount : null;
      // rules: Holds, Partial approval. Never below the cash that is paid out.
      const cash = cashInCardCurrency(entry);
      if (amount !== null && BigInt(amount) < cash) {
        return refused(`an amount of ${amount} is less than the cashback of ${cash}`);
      }
      return { reason: "webhook_approved", amount: amount === null ? null : minor(amount), details };
    }
  }
}

/** At the rate at which the whole was billed, rounded up. */
function cashInCardCurrency({ cardAmount, cashbackAmount, transactionAmount }: AuthorizationEntry): bigint {
  if (cashbackAmount === zero || transactionAmount === zero) return zero;
  return (cashbackAmount * cardAmount + transactionAmount - 1n) / transactionAmount;
}

function refused(message: string): AskAnswer {
  return { reason: "webhook_error", amount: null, details: detailsOf({ reason_message: message }) };
}

function detailsOf(details: EntryDetails): string {
  const { metadata } = details;
  const isEmpty = details.reason_message === undefined && Object.keys(metadata ?? {}).length === 0;
  return isEmpty ? "" : JSON.stringify(details);
}
