import type { Place } from "../kernel/ids.ts";
import { partsOfEntry } from "../ledger/entry-parts.ts";
import { entryAt, recordedEvents } from "../resources/recorded-entries.ts";
import { renderObject } from "../resources/rendering.ts";
import { renderers } from "../resources/renderers.ts";
import type { AdminAnswer, AdminParts, AdminRequest, AdminRoute } from "./admin-routes.ts";

/** Events of every account for who forwards them, and what became of deliveries. */
export const eventRoutes: readonly AdminRoute[] = [
  { method: "GET", path: "/_admin/events", answer: events },
  { method: "GET", path: "/_admin/deliveries", answer: deliveries },
  { method: "POST", path: "/_admin/resend", answer: resend },
];

const eventsMax = 200;
const deliveriesMax = 500;
const waitMsMax = 25_000;
const pollMs = 20;

/**
 * What has happened behind a cursor, shard by shard and in order; without a cursor nothing, and the cursor of now. `wait`:
 * for so many seconds, where nothing has happened yet.
 */
async function events(parts: AdminParts, { query }: AdminRequest): Promise<AdminAnswer> {
  const { records, program } = parts.platform.api();
  const { shardCount } = program.committer.keyspace;
  const after = query.get("after");
  if (after === null) {
    const now = Array.from({ length: shardCount }, (_, shard) => records.checkpoint(shard));
    return { status: 200, body: { events: [], cursor: now.join(".") } };
  }
  const passed = after.split(".").map(Number);
  if (passed.length !== shardCount || !passed.every((no) => Number.isSafeInteger(no) && no >= 0)) {
    return { status: 400, body: { error: '"after" is the cursor of an earlier answer' } };
  }
  const waitMs = Math.min(waitMsMax, Math.max(0, Number(query.get("wait") ?? "0") * 1000) || 0);
  for (let waited = 0; ; waited += pollMs) {
    const found = eventsAfter(parts, passed);
    if (found.length > 0 || waited >= waitMs) {
      return { status: 200, body: { events: found, cursor: passed.join(".") } };
    }
    await new Promise((resolve) => {
      setTimeout(resolve, pollMs);
    });
  }
}

/** Moves `passed` behind what it tells. */
function eventsAfter({ platform }: AdminParts, passed: number[]): object[] {
  const api = platform.api();
  const found: object[] = [];
  for (let shard = 0; shard < passed.length; shard++) {
    for (const { place } of api.records.history.entriesAfter({ shard, no: passed[shard] ?? 0 }, eventsMax)) {
      if (found.length >= eventsMax) return found;
      passed[shard] = place.no;
      const entry = entryAt(api.records, place);
      if (entry === null) continue;
      for (const { index } of recordedEvents(api.records, entry)) {
        const ref = { type: "event", place: { shard, no: place.no * partsOfEntry + index } } as const;
        const event = renderObject({ ...api, renderers }, ref, place);
        if (event !== null) found.push(event);
      }
    }
  }
  return found;
}

async function deliveries({ platform }: AdminParts, { query }: AdminRequest): Promise<AdminAnswer> {
  const { ids } = platform.api();
  const limit = Math.min(deliveriesMax, Math.max(1, Number(query.get("limit") ?? "100") || 1));
  const lines = platform.webhooks().deliveries.list(limit);
  const shown = lines.map(({ attempts, endpoint, event, lastError, lastStatus, status }) => ({
    event: ids.encode("evt", event),
    endpoint: ids.encode("we", endpoint),
    status,
    attempts,
    last_status: lastStatus,
    last_error: lastError,
  }));
  return { status: 200, body: { deliveries: shown } };
}

async function resend({ platform }: AdminParts, { body }: AdminRequest): Promise<AdminAnswer> {
  const { ids } = platform.api();
  const { event, endpoint } = named(body);
  const places = {
    event: event === null ? null : ids.decode("evt", event),
    endpoint: endpoint === null ? null : ids.decode("we", endpoint),
  };
  if (places.event === null || places.endpoint === null) {
    return { status: 400, body: { error: '"event" and "endpoint" are the ids of an event and of an endpoint' } };
  }
  return sendAgain(platform, places.event, places.endpoint);
}

function sendAgain(platform: AdminParts["platform"], event: Place, endpoint: Place): AdminAnswer {
  return platform.webhooks().again(event, endpoint)
    ? { status: 200, body: { status: "pending" } }
    : { status: 404, body: { error: "that event never went to that endpoint" } };
}

function named(body: unknown): { readonly event: string | null; readonly endpoint: string | null } {
  const fields: Readonly<Record<string, unknown>> = typeof body === "object" && body !== null ? { ...body } : {};
  const textOf = (name: string): string | null => {
    const value = fields[name];
    return typeof value === "string" ? value : null;
  };
  return { event: textOf("event"), endpoint: textOf("endpoint") };
}
