import { eventListParams, eventRetrieveParams } from "../../../specs/api/events.ts";
import type { EventPart } from "../../ledger/event-types.ts";
import { ApiError } from "../api-error.ts";
import type { Call } from "../call.ts";
import { type PartRow, entryPartRows } from "../entry-part-list.ts";
import { listAnswer } from "../list.ts";
import { ownEntry } from "../own-entry.ts";
import type { ParamsOf } from "../params.ts";
import { recordedEvents } from "../recorded-entries.ts";
import { type Answer, type Route, objectAnswer, route } from "../route.ts";
import { partOf } from "../shown.ts";

const url = "/v1/events";
const typesMax = 20;

export const eventRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: url,
    operation: "events.list",
    scope: "events:read",
    params: eventListParams,
    answer: async (call) => list(call),
  }),
  route({
    method: "GET",
    path: `${url}/{id}`,
    operation: "events.retrieve",
    scope: "events:read",
    params: eventRetrieveParams,
    answer: async (call) => retrieve(call),
  }),
];

function list(call: Call<ParamsOf<typeof eventListParams>>): Answer {
  const { delivery_success: delivery, type, types } = call.params;
  if (type !== undefined && types !== undefined) {
    throw new ApiError("parameters_exclusive", "You may only specify one of these parameters: type, types.");
  }
  if (types !== undefined && types.length > typesMax) {
    throw new ApiError("parameter_invalid", `You may specify at most ${typesMax} types.`, "types");
  }
  const wanted = types ?? (type === undefined ? null : [type]);
  const { shard } = call.account.place;
  const matches = ({ no, part }: PartRow<EventPart>): boolean =>
    (wanted === null || wanted.some((pattern) => isMeant(pattern, part.type))) &&
    (delivery === undefined || delivery === (call.undelivered({ shard, no }) === 0));
  return listAnswer<PartRow<EventPart>, typeof call.params>(call, {
    url,
    prefix: "evt",
    params: call.params,
    rows: (range) => entryPartRows(call, range, recordedEvents),
    refOf: ({ no }) => ({ type: "event", place: { shard, no } }),
    ...(wanted === null && delivery === undefined ? {} : { matches }),
  });
}

// "issuing_card.*" means every event of cards.
function isMeant(pattern: string, type: string): boolean {
  return pattern.endsWith("*") ? type.startsWith(pattern.slice(0, -1)) : type === pattern;
}

function retrieve(call: Call<ParamsOf<typeof eventRetrieveParams>>): Answer {
  const id = call.path["id"] ?? "";
  const place = call.ids.decode("evt", id);
  const found = place === null ? null : partOf(place);
  const entry = found === null ? null : ownEntry(call, found.entry);
  if (
    place === null ||
    found === null ||
    entry === null ||
    recordedEvents(call.records, entry)[found.index] === undefined
  ) {
    throw new ApiError("resource_missing", `No such event: '${id}'`, "id");
  }
  return objectAnswer({ type: "event", place });
}
