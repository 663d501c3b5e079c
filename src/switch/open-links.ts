import type { LinkSpec } from "../../specs/links.ts";
import type { MessageAuthorizer } from "../authorizer/authorizer.ts";
import type { Clock } from "../kernel/clock.ts";
import { type Result, fail, ok } from "../kernel/result.ts";
import { AskedBefore } from "./asked-before.ts";
import { keepConnected } from "./connector.ts";
import { readCredentials } from "./credentials.ts";
import type { ForcedOutcomes } from "./forced-outcomes.ts";
import { framingFault } from "./framing-fault.ts";
import { Link, type SwitchParts, type Tracing } from "./link.ts";
import { type LoggedMessage, type MessageListener, MessageLog } from "./message-log.ts";
import type { SwitchLog, SwitchMetrics } from "./observation.ts";
import { WriteTurn } from "./outbox.ts";
import { PeerList } from "./peer-list.ts";
import { type Entrance, listen } from "./server.ts";
import type { SignOnState } from "./sign-on.ts";
import { Turnstile } from "./turnstile.ts";

export interface SwitchLimits {
  /** Undecided authorizations of all links together; beyond, 91 at once. */
  readonly inFlightMax: number;
  /** Connections that came in, of all links together; beyond, a new one is reset. */
  readonly connectionsMax: number;
  /** The message log: so many of the last messages, and bytes of them. */
  readonly messagesKept: number;
  readonly messageBytesKept: number;
  /** How often connections are looked at for what only time tells, in milliseconds. */
  readonly tickMs: number;
}

export const defaultSwitchLimits: SwitchLimits = {
  inFlightMax: 16_384,
  connectionsMax: 1_024,
  messagesKept: 1_000,
  messageBytesKept: 1_048_576,
  tickMs: 100,
};

export interface OpenLinksOptions {
  readonly links: readonly LinkSpec[];
  readonly authorizer: MessageAuthorizer;
  readonly clock: Clock;
  readonly log: SwitchLog;
  readonly metrics: SwitchMetrics;
  readonly limits?: SwitchLimits;
  readonly tracing?: Tracing | null;
  /** Answers that are spoiled on purpose; null: none. */
  readonly forced?: ForcedOutcomes | null;
  /** Called between two halves of every write: for tests of a process that dies there. */
  readonly onHalfWritten?: (() => void) | null;
}

export interface SessionInfo {
  readonly id: number;
  readonly link: string;
  readonly peer: string;
  readonly signOn: SignOnState;
}

export interface SwitchLinks {
  /** By name of the link: the port that listens, or that of the peer where we connect. */
  readonly ports: Readonly<Record<string, number>>;
  readonly sessions: () => SessionInfo[];
  /** Authorizations without a decision. */
  readonly inFlight: () => number;
  /** The last messages, oldest first, masked. */
  readonly messages: () => LoggedMessage[];
  /** Calls the listener with every message from now on; the answer ends that. Rendering them takes time. */
  readonly onMessage: (listener: MessageListener) => () => void;
  /**
   * Takes no more connections, signs off, answers what is in flight, then closes. New requests get 91. After
   * `graceMs` connections are cut.
   */
  readonly signOffAndClose: (graceMs: number) => Promise<void>;
}

/** Opens every link, or none: the error is a sentence that names the link and the cause. */
export async function openLinks(options: OpenLinksOptions): Promise<Result<SwitchLinks, string>> {
  const limits = options.limits ?? defaultSwitchLimits;
  const parts: SwitchParts = {
    authorizer: options.authorizer,
    clock: options.clock,
    log: options.log,
    metrics: options.metrics,
    messages: new MessageLog(limits),
    turn: new WriteTurn(options.onHalfWritten ?? null),
    load: { waiting: 0, waitingMax: limits.inFlightMax },
    asked: new AskedBefore(),
    turnstile: new Turnstile(limits.connectionsMax),
    tracing: options.tracing ?? null,
    forced: options.forced ?? null,
  };
  const links: Link[] = [];
  const entrances: Entrance[] = [];
  const ports: Record<string, number> = {};
  for (const spec of options.links) {
    const link = new Link(spec, parts);
    const entrance = await open(link);
    if (!entrance.ok) {
      await Promise.all(entrances.map((other) => other.stop()));
      for (const other of links) for (const session of other.sessions) session.destroy("cut_off");
      return fail(`link ${spec.name}: ${entrance.error}`);
    }
    links.push(link);
    entrances.push(entrance.value);
    ports[spec.name] = entrance.value.port;
  }
  const timer = setInterval(() => tick(links, parts), limits.tickMs);
  return ok({
    ports,
    sessions: () => links.flatMap(sessionsOf),
    inFlight: () => parts.load.waiting,
    messages: () => parts.messages.recent(),
    onMessage: (listener) => parts.messages.listen(listener),
    signOffAndClose: async (graceMs) => {
      await signOffAndClose(links, entrances, { graceMs, clock: options.clock });
      clearInterval(timer);
    },
  });
}

function open(link: Link): Promise<Result<Entrance, string>> {
  const { endpoint, peers } = link.spec;
  const fault = framingFault(link.spec);
  if (fault !== null) return Promise.resolve(fail(fault));
  const credentials = readCredentials(link.spec);
  if (!credentials.ok) return Promise.resolve(credentials);
  if (endpoint.kind === "connect") return Promise.resolve(ok(keepConnected(link, credentials.value)));
  const list = PeerList.parse(peers);
  if (!list.ok) return Promise.resolve(fail(`no address or subnet: ${list.error}`));
  return listen(link, list.value, credentials.value);
}

function tick(links: readonly Link[], { clock }: SwitchParts): void {
  const nowMs = clock.monotonicNow();
  const wallNowMs = clock.wallNow();
  for (const link of links) {
    link.inFlight.expire(wallNowMs);
    for (const session of link.sessions) session.tick(nowMs);
  }
}

function sessionsOf(link: Link): SessionInfo[] {
  return Array.from(link.sessions, ({ id, peer, signOn }) => ({ id, link: link.spec.name, peer, signOn }));
}

const pollMs = 5;
/** So long nothing may have come in before a connection counts as quiet: what is on its way would be lost. */
const quietMs = 25;

async function signOffAndClose(
  links: readonly Link[],
  entrances: readonly Entrance[],
  { graceMs, clock }: { graceMs: number; clock: Clock },
): Promise<void> {
  const startMs = clock.monotonicNow();
  const endMs = startMs + graceMs;
  await Promise.all(entrances.map((entrance) => entrance.stop()));
  for (const link of links) for (const session of link.sessions) session.signOff();
  const isSettled = (link: Link): boolean => isQuiet(link, clock) && isSignedOff(link, clock.monotonicNow() - startMs);
  while (clock.monotonicNow() < endMs && !links.every(isSettled)) await pause(pollMs);
  for (const link of links) for (const session of link.sessions) session.close();
  while (clock.monotonicNow() < endMs && links.some((link) => link.sessions.size > 0)) await pause(pollMs);
  for (const link of links) for (const session of link.sessions) session.destroy("cut_off");
}

function isQuiet(link: Link, clock: Clock): boolean {
  const isIdle = link.inFlight.size === 0 && link.advicesInFlight === 0;
  return isIdle && clock.wallNow() - link.lastFrameAtMs >= quietMs;
}

/** A peer that does not answer a sign-off does not hold up the end for longer than the link allows. */
function isSignedOff(link: Link, waitedMs: number): boolean {
  const isWaitOver = waitedMs >= link.spec.limits.signOffWaitMs;
  return isWaitOver || Array.from(link.sessions).every((session) => session.signOn === "ended");
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
