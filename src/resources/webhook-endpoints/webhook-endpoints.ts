import type { Place } from "../../kernel/ids.ts";
import type { RecordsQueries } from "../../records/queries.ts";
import type { Metadata } from "../metadata.ts";

/** Where events go, or a real-time endpoint that is asked about authorizations. Deleted ones stay as a mark. */
export interface WebhookEndpointBody {
  readonly object: "webhook_endpoint";
  readonly account: number;
  readonly url: string;
  /** "*", or types of events. */
  readonly enabled_events: readonly string[];
  readonly api_version: string | null;
  /** Of the platform: it hears of the events of connected accounts, and not of the platform's own. */
  readonly connect: boolean;
  readonly description: string | null;
  readonly status: "enabled" | "disabled";
  readonly metadata: Metadata;
  readonly created: number;
  readonly deleted?: true;
  /** Business millisecond since which accounts have to hear whether it is asked, so that the due runner tells them. */
  readonly due_ms?: number | null;
}

export const requestEvent = "issuing_authorization.request";
const endpointsMax = 1_000;

/** Whether events of a type are wanted. A question is no event: it is wanted only by who names it. */
export function wantsEvent({ enabled_events: wanted }: WebhookEndpointBody, type: string): boolean {
  if (type === requestEvent) return wanted.includes(type);
  return wanted.includes("*") || wanted.includes(type);
}

/** Whether an endpoint is asked about authorizations. */
export function isAsked(body: WebhookEndpointBody): boolean {
  return body.deleted !== true && body.status === "enabled" && wantsEvent(body, requestEvent);
}

export interface Endpoint {
  readonly place: Place;
  readonly body: WebhookEndpointBody;
  /** Business time of its making, to the millisecond: what happened before is not told to it. */
  readonly createdMs: number;
}

/** The endpoints that hear of an account: its own, and those of the platform that asked for connected accounts. */
export function endpointsFor(records: RecordsQueries, account: Place, platform: Place): readonly Endpoint[] {
  const isPlatform = account.shard === platform.shard && account.no === platform.no;
  const own = endpointsOf(records, account).filter(({ body }) => !body.connect);
  if (isPlatform) return own;
  return [...own, ...endpointsOf(records, platform).filter(({ body }) => body.connect)];
}

/** Whether the platform has an endpoint that is asked about connected accounts, those to come included. */
export function asksForConnected(records: RecordsQueries, platform: Place): boolean {
  return endpointsOf(records, platform).some(({ body }) => body.connect && wantsEvent(body, requestEvent));
}

/** Those that are enabled, the oldest first. */
function endpointsOf(records: RecordsQueries, account: Place): Endpoint[] {
  return records
    .objectsOfAccount("webhook_endpoint", account, { before: null, rowsMax: endpointsMax })
    .map(({ place, body, createdMs }) => ({ place, createdMs, body: JSON.parse(body) as WebhookEndpointBody }))
    .filter(({ body }) => body.deleted !== true && body.status === "enabled")
    .toReversed();
}
