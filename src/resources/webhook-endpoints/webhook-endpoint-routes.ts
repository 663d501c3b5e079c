import {
  webhookEndpointCreateParams,
  webhookEndpointDeleteParams,
  webhookEndpointListParams,
  webhookEndpointRetrieveParams,
  webhookEndpointUpdateParams,
} from "../../../specs/api/webhook-endpoints.ts";
import type { Place } from "../../kernel/ids.ts";
import { ApiError } from "../api-error.ts";
import type { Call } from "../call.ts";
import { mergeMetadata } from "../metadata.ts";
import { objectListAnswer } from "../object-list.ts";
import { addPlainObject, changePlainObject } from "../plain-objects.ts";
import { aside, readObject } from "../program.ts";
import { type Answer, type Route, objectAnswer, route } from "../route.ts";
import type { CommitEntry } from "../../store/entry.ts";
import type { View } from "../view.ts";
import { type Asking, noteAsking } from "./asking.ts";
import { type WebhookEndpointBody, isAsked } from "./webhook-endpoints.ts";

const url = "/v1/webhook_endpoints";
const urlCharsMax = 2_048;

export const webhookEndpointRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: url,
    operation: "webhookEndpoints.create",
    scope: "webhook_endpoints:write",
    params: webhookEndpointCreateParams,
    repeated: repeatOf,
    answer: async (call) => {
      const { params, program, account, nowS } = call;
      if (params.connect === true && !account.isPlatform) {
        throw new ApiError("platform_account_required", "Only a platform hears of other accounts.", "connect");
      }
      const body: WebhookEndpointBody = {
        object: "webhook_endpoint",
        account: account.place.no,
        url: checkedUrl(params.url),
        enabled_events: checkedEvents(params.enabled_events),
        api_version: params.api_version ?? null,
        connect: params.connect ?? false,
        description: emptyToNull(params.description ?? null),
        status: "enabled",
        metadata: mergeMetadata({}, params.metadata),
        created: nowS,
      };
      const isDue = isAsked(body);
      const made = isDue ? { ...body, due_ms: program.clock.businessNow() } : body;
      const place = await addPlainObject(program, account.place, "webhook_endpoint", made);
      if (isDue) await noteAsking(asideOf(call), place);
      return objectAnswer({ type: "webhook_endpoint", place });
    },
  }),
  route({
    method: "GET",
    path: `${url}/{webhook_endpoint}`,
    operation: "webhookEndpoints.retrieve",
    scope: "webhook_endpoints:read",
    params: webhookEndpointRetrieveParams,
    answer: async (call) => objectAnswer({ type: "webhook_endpoint", place: placeOf(call) }),
  }),
  route({
    method: "POST",
    path: `${url}/{webhook_endpoint}`,
    operation: "webhookEndpoints.update",
    scope: "webhook_endpoints:write",
    params: webhookEndpointUpdateParams,
    repeated: repeatOf,
    answer: async (call) => {
      const { params } = call;
      const place = placeOf(call);
      await change(call, place, (body) => ({
        ...body,
        url: params.url === undefined ? body.url : checkedUrl(params.url),
        enabled_events:
          params.enabled_events === undefined ? body.enabled_events : checkedEvents(params.enabled_events),
        description: params.description === undefined ? body.description : emptyToNull(params.description),
        status: params.disabled === undefined ? body.status : params.disabled ? "disabled" : "enabled",
        metadata: mergeMetadata(body.metadata, params.metadata),
      }));
      return objectAnswer({ type: "webhook_endpoint", place });
    },
  }),
  route({
    method: "DELETE",
    path: `${url}/{webhook_endpoint}`,
    operation: "webhookEndpoints.del",
    scope: "webhook_endpoints:write",
    params: webhookEndpointDeleteParams,
    answer: async (call) => {
      const place = placeOf(call);
      await change(call, place, (body) => ({ ...body, status: "disabled", deleted: true }));
      return objectAnswer({ type: "webhook_endpoint", place });
    },
  }),
  route({
    method: "GET",
    path: url,
    operation: "webhookEndpoints.list",
    scope: "webhook_endpoints:read",
    params: webhookEndpointListParams,
    answer: async (call) =>
      objectListAnswer(call, { url, type: "webhook_endpoint", prefix: "we", params: call.params }),
  }),
];

/** Whoever is told that the endpoint is there is asked from then on, although the first attempt had not come as far. */
async function repeatOf<Params>(call: Call<Params>, { no, objectNo, shard }: CommitEntry): Promise<Answer> {
  const place = { shard, no: objectNo };
  const { body } = await readObject<WebhookEndpointBody>(call.program, "webhook_endpoint", place);
  if ((body.due_ms ?? null) !== null) await noteAsking(asideOf(call), place);
  return objectAnswer({ type: "webhook_endpoint", place }, no);
}

function placeOf<Params>({ find, path }: Call<Params>): Place {
  return find("we", path["webhook_endpoint"] ?? "", "webhook_endpoint").place;
}

async function change<Params>(
  call: Call<Params>,
  place: Place,
  make: (body: WebhookEndpointBody) => WebhookEndpointBody,
): Promise<void> {
  const { program, account } = call;
  const name = { type: "webhook_endpoint", no: place.no } as const;
  const { due_ms: dueMs = null } = await changePlainObject<WebhookEndpointBody>(
    program,
    account.place,
    name,
    (body) => {
      const after = make(body);
      return isAsked(after) === isAsked(body) ? after : { ...after, due_ms: program.clock.businessNow() };
    },
  );
  if (dueMs !== null) await noteAsking(asideOf(call), place);
}

function asideOf<Params>({ caughtUp, platform, program, records }: Call<Params>): Asking {
  return { caughtUp, platform: platform.place, program: aside(program), records };
}

function checkedUrl(text: string): string {
  if (text.length > urlCharsMax || !/^https?:\/\//i.test(text) || !URL.canParse(text)) {
    throw new ApiError("parameter_invalid", "Invalid URL: an explicit scheme (such as https) must be provided.", "url");
  }
  const { username, password } = new URL(text);
  if (username !== "" || password !== "") throw new ApiError("parameter_invalid", "A URL carries no user.", "url");
  return text;
}

function checkedEvents(events: readonly string[]): readonly string[] {
  if (events.length === 0) {
    throw new ApiError("parameter_invalid_empty", "An endpoint needs at least one type of event.", "enabled_events");
  }
  return [...new Set(events)];
}

function emptyToNull(text: string | null): string | null {
  return text === "" ? null : text;
}

export interface ShownWebhookEndpoint {
  id: string;
  object: "webhook_endpoint";
  api_version: string | null;
  application: null;
  created: number;
  description: string | null;
  enabled_events: string[];
  livemode: boolean;
  metadata: Record<string, string>;
  /** Only in the answer that makes it. */
  secret?: string;
  status: "enabled" | "disabled";
  url: string;
}

export interface DeletedWebhookEndpoint {
  id: string;
  object: "webhook_endpoint";
  deleted: true;
}

export function renderWebhookEndpoint(view: View, place: Place): ShownWebhookEndpoint | DeletedWebhookEndpoint | null {
  const found = view.object<WebhookEndpointBody>("webhook_endpoint", place);
  if (found === null) return null;
  const { version, body } = found;
  const id = view.ids.encode("we", place);
  if (body.deleted === true) return { id, object: "webhook_endpoint", deleted: true };
  const isMadeNow = version === 1 && view.asOf !== null;
  return {
    id,
    object: "webhook_endpoint",
    api_version: body.api_version,
    application: null,
    created: body.created,
    description: body.description,
    enabled_events: [...body.enabled_events],
    livemode: false,
    metadata: { ...body.metadata },
    ...(isMadeNow ? { secret: view.cardSecrets.endpointSecret(place) } : {}),
    status: body.status,
    url: body.url,
  };
}
