import { join } from "node:path";
import { findRedis } from "#bin/find-redis.mjs";
import type { ApiBooks } from "../api/api-parts.ts";
import type { Place } from "../kernel/ids.ts";
import { DeliveryQueue } from "../jobs/delivery-queue.ts";
import { partsOfEntry } from "../ledger/entry-parts.ts";
import { Deliveries } from "../records/deliveries.ts";
import { renderObject } from "../resources/rendering.ts";
import { renderers } from "../resources/renderers.ts";
import type { WebhookEndpointBody } from "../resources/webhook-endpoints/webhook-endpoints.ts";
import { startEmbeddedRedis } from "../store/embedded-redis.ts";
import { type DeliverParts, type Letter, deliver } from "../webhooks/deliver.ts";
import { type DestinationPolicy, readDestination } from "../webhooks/destination.ts";
import { endpointSecret } from "../webhooks/endpoint-secret.ts";
import { Poster } from "../webhooks/post.ts";
import { apiHashKey } from "./api-books.ts";
import { deliveriesPathIn } from "./data-set.ts";
import { type DueQueue, EventDeliveries } from "./event-deliveries.ts";
import type { RolePlace } from "./role-place.ts";

/** What tells endpoints of the data set's events. A reset closes it and opens another. */
export interface WebhooksRoom {
  readonly deliveries: Deliveries;
  /** How many endpoints have not taken an event. */
  undelivered(event: Place): number;
  /** Everything that is due by now has been tried; false where that took too long. */
  settled(timeoutMs: number): Promise<boolean>;
  /** Tries a delivery again, whatever has become of it. False: that event never went there. */
  again(event: Place, endpoint: Place): boolean;
  close(): Promise<void>;
}

const settlePollMs = 5;

export function openWebhooksRoom(place: RolePlace, api: () => ApiBooks): WebhooksRoom {
  const { clock, config, dataSet, log } = place;
  const { webhooks: limits } = config.limits;
  const isDurable = config.durability !== "volatile";
  const deliveries = new Deliveries(deliveriesPathIn(dataSet), { isDurable });
  const poster = new Poster({ policy: config.endpointPolicy, ...limits });
  const parts: DeliverParts = {
    deliveries,
    poster,
    clock,
    // Every try sends the same bytes, so a letter says for how many its event is meant, whoever has taken it since.
    letterOf: (event, endpoint) => {
      const told = deliveries.ofEvent(event).told;
      return letterOf(place, { ...api(), undelivered: () => told }, { event, endpoint });
    },
    timeoutMs: limits.deliveryTimeoutMs,
    retriesMs: limits.retriesMs,
  };
  const tried = async (id: number): Promise<void> => {
    const delivery = deliveries.find(id);
    try {
      if (delivery !== null) events.tried(delivery.endpoint, (await deliver(parts, delivery)) === "delivered");
    } finally {
      events.ended(id);
    }
  };
  const closers: (() => Promise<void>)[] = [];
  const events = new EventDeliveries({
    records: api().records,
    deliveries,
    shardCount: dataSet.shardCount,
    platform: api().platform,
    position: (shard) => api().position(shard),
    clock,
    log,
    openQueue: () => openQueue(place, { attempt: tried, onLost: () => events.lost() }, closers),
    limits: { entriesMax: 1_000, eachMax: limits.toOneAtOnceMax, everyMs: limits.everyMs },
  });
  events.start();
  return {
    deliveries,
    undelivered: (event) => events.undelivered(event),
    settled: async (timeoutMs) => {
      const endMs = clock.monotonicNow() + timeoutMs;
      while (clock.monotonicNow() < endMs) {
        await events.run();
        if (!deliveries.hasDue(clock.businessNow())) return true;
        await new Promise((resolve) => {
          setTimeout(resolve, settlePollMs);
        });
      }
      return false;
    },
    again: (event, endpoint) => {
      const isKnown = deliveries.again(event, endpoint);
      events.nudge();
      return isKnown;
    },
    close: async () => {
      await events.close();
      for (const close of closers.toReversed()) await close();
      await poster.close();
      deliveries.close();
    },
  };
}

/** The event as it was when it happened. */
function letterOf(
  place: RolePlace,
  api: ApiBooks,
  { event, endpoint }: { readonly event: Place; readonly endpoint: Place },
): Letter | "gone" | { readonly refusal: string } {
  const stored = api.records.object("webhook_endpoint", endpoint);
  if (stored === null) return "gone";
  // Written by the resource of that type.
  const body = JSON.parse(stored.body) as WebhookEndpointBody;
  if (body.status === "disabled") return "gone";
  const url = readDestination(body.url, policyOf(place));
  if (!url.ok) return { refusal: url.error };
  const moment = { shard: event.shard, no: Math.floor(event.no / partsOfEntry) };
  const payload = renderObject({ ...api, renderers }, { type: "event", place: event }, moment);
  if (payload === null) return "gone";
  const secret = endpointSecret(apiHashKey(place.dataSet.keys), endpoint);
  return { url: url.value, secret, payload: JSON.stringify(payload, null, 2) };
}

function policyOf({ config }: RolePlace): DestinationPolicy {
  return config.endpointPolicy;
}

/** On a Redis of its own, so that a flood of jobs cannot stop an authorization (design: One idea). */
async function openQueue(
  place: RolePlace,
  { attempt, onLost }: { readonly attempt: (delivery: number) => Promise<void>; readonly onLost: () => void },
  closers: (() => Promise<void>)[],
): Promise<DueQueue> {
  const { config, dataSet, log } = place;
  const programs = await findRedis({ env: {}, mayFetch: true });
  const started = await startEmbeddedRedis({
    programs,
    dataDir: join(dataSet.dir, "queue"),
    durability: "volatile",
    isDetached: true,
    onExit: (end) => {
      log.error(end, "the Redis of the queues has ended and is started again");
      onLost();
    },
  });
  if (!started.ok) throw new Error(started.error.message);
  closers.push(() => started.value.stop());
  const queue = new DeliveryQueue({
    redis: { path: started.value.socketPath },
    prefix: dataSet.namespace,
    concurrency: config.limits.webhooks.atOnceMax,
    attempt,
    onError: (error) => log.warn({ cause: error.message }, "the queue of deliveries is in trouble"),
  });
  closers.push(() => queue.close());
  return queue;
}
