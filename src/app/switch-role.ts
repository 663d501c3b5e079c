import type { Failpoint } from "../failpoints.ts";
import type { Clock } from "../kernel/clock.ts";
import { type Result, ok } from "../kernel/result.ts";
import { type Metrics, createMetrics } from "../metrics.ts";
import { type MessageAuthorizer } from "../authorizer/authorizer.ts";
import { ForcedOutcomes } from "../switch/forced-outcomes.ts";
import { type SwitchLinks, openLinks } from "../switch/open-links.ts";
import { type AppError, appError } from "./app-error.ts";
import type { SwitchDoor } from "./doors.ts";
import type { Engine } from "./engine.ts";
import { withImportedSpecs } from "./imported-links.ts";
import { type RolePlace, openRoleEngine } from "./role-place.ts";
import { TraceRing } from "./trace-ring.ts";

/** The hot half: links and what decides behind them. */
export interface SwitchRole {
  readonly ports: Readonly<Record<string, number>>;
  readonly door: SwitchDoor;
  /** Signs off, answers what is in flight, closes. */
  readonly close: () => Promise<void>;
}

const pollMs = 5;
const suspendMsMax = 10_000;

/** Opens every link, or none. Errors: `redis_failed`, `port_in_use`, `link_failed`. */
export async function openSwitchRole(place: RolePlace): Promise<Result<SwitchRole, AppError>> {
  const { config, clock, log, failpoint } = place;
  const specs = await withImportedSpecs(config.links, log);
  if (!specs.ok) return appError("link_failed", specs.error);
  const opened = await openRoleEngine(place, "switch");
  if (!opened.ok) return opened;
  const current: Current = { engine: opened.value, isSuspended: false };
  const metrics = createMetrics("switch", place);
  const traces = new TraceRing(config.limits.tracesKept);
  const plain = currentAuthorizer(current);
  const links = await openLinks({
    links: specs.value,
    authorizer: failpoint === null ? plain : withFailpoints(plain, failpoint),
    forced: config.forcedRules.length === 0 ? null : new ForcedOutcomes(config.forcedRules),
    clock,
    log,
    metrics,
    tracing: { every: config.limits.traceEvery, onTrace: (trace) => traces.add(trace) },
    onHalfWritten: failpoint === null ? null : () => failpoint("auth.after_write_partial"),
  });
  if (!links.ok) {
    opened.value.close();
    return linkError(links.error);
  }
  measure(metrics, links.value, current);
  return ok({
    ports: links.value.ports,
    door: doorOf({ place, current, links: links.value, traces, metrics }),
    close: async () => {
      await links.value.signOffAndClose(config.limits.signOffMs);
      current.engine.close();
    },
  });
}

/** A reset puts another engine under the links, which stay as they are. */
interface Current {
  engine: Engine;
  isSuspended: boolean;
}

const suspended = { outcome: "refused", cause: "a reset is under way" } as const;

function currentAuthorizer(current: Current): MessageAuthorizer {
  return {
    authorize: (request, done) => {
      if (current.isSuspended) done(suspended);
      else current.engine.authorizer.authorize(request, done);
    },
    advise: (request, done) => {
      if (current.isSuspended) done(suspended);
      else current.engine.authorizer.advise(request, done);
    },
    post: (request, done) => {
      if (current.isSuspended) done(suspended);
      else current.engine.authorizer.post(request, done);
    },
    reverse: (request, done) => {
      if (current.isSuspended) done(suspended);
      else current.engine.authorizer.reverse(request, done);
    },
    flush: () => current.engine.authorizer.flush(),
  };
}

function withFailpoints(authorizer: MessageAuthorizer, failpoint: Failpoint): MessageAuthorizer {
  return {
    ...authorizer,
    authorize: (request, done) => {
      failpoint("auth.before_fcall");
      authorizer.authorize(request, (decision) => {
        failpoint("auth.after_fcall_before_write");
        done(decision);
      });
    },
  };
}

interface DoorParts {
  readonly place: RolePlace;
  readonly current: Current;
  readonly links: SwitchLinks;
  readonly traces: TraceRing;
  readonly metrics: Metrics;
}

function doorOf({ place, current, links, traces, metrics }: DoorParts): SwitchDoor {
  const { clock } = place;
  return {
    applySetting: async (setting) => clock.follow(setting),
    state: async () => ({
      isStoreUsable: current.engine.hot.isUsable,
      ports: links.ports,
      sessions: links.sessions(),
      inFlight: inFlight(links, current),
      businessMs: clock.businessNow(),
    }),
    messages: async () => links.messages(),
    traces: async () => traces.recent(),
    metrics: () => metrics.text(),
    suspend: async () => {
      current.isSuspended = true;
      await untilQuiet(() => inFlight(links, current) === 0, clock);
      return null;
    },
    resume: async () => {
      const reopened = await openRoleEngine(place, "switch");
      if (!reopened.ok) throw new Error(reopened.error.message);
      current.engine.close();
      current.engine = reopened.value;
      current.isSuspended = false;
      return null;
    },
  };
}

// Advices and reversals have no deadline and are not counted by the links, but every one of them waits for a call.
function inFlight(links: SwitchLinks, { engine }: Current): number {
  return Math.max(links.inFlight(), engine.hot.inFlight);
}

async function untilQuiet(isQuiet: () => boolean, clock: Clock): Promise<void> {
  const endMs = clock.monotonicNow() + suspendMsMax;
  while (!isQuiet() && clock.monotonicNow() < endMs) {
    await new Promise((resolve) => {
      setTimeout(resolve, pollMs);
    });
  }
}

function measure(metrics: Metrics, links: SwitchLinks, current: Current): void {
  metrics.gauge("in_flight", "Requests without a decision", () => inFlight(links, current));
  metrics.gauge("sessions", "Connections of all links", () => links.sessions().length);
  metrics.gauge("store_usable", "1 while Redis answers", () => (current.engine.hot.isUsable ? 1 : 0));
  metrics.gauge("ranges", "Blocks of PANs in memory", () => current.engine.ranges.size);
}

/** "link visa-style: listen EADDRINUSE: address already in use 127.0.0.1:8583" */
function linkError(cause: string): { readonly ok: false; readonly error: AppError } {
  const busy = /^link (\S+): .*EADDRINUSE.*:(\d+)$/.exec(cause);
  if (busy === null) return appError("link_failed", cause);
  const [, name, port] = busy;
  return appError("port_in_use", `port ${port} of link ${name} is in use by another program; 0 takes a free one`);
}
