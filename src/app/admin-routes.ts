import { type Result } from "../kernel/result.ts";
import { parseDuration } from "./duration.ts";
import { apiKeyRoutes } from "./api-key-routes.ts";
import type { AppError } from "./app-error.ts";
import { findCard } from "./card-lookup.ts";
import type { Neighbours } from "./doors.ts";
import { recentExceptions } from "./exception-list.ts";
import { eventRoutes } from "./event-routes.ts";
import { issuingSettingsRoutes } from "./issuing-settings-routes.ts";
import type { PlatformRole } from "./platform-role.ts";
import { readiness } from "./readiness.ts";
import type { RolePlace } from "./role-place.ts";
import { testProgramRoutes } from "./test-program-routes.ts";
import { recentAuthorizations, traceOf } from "./trace-lookup.ts";

export interface AdminParts {
  readonly place: RolePlace;
  readonly platform: PlatformRole;
  readonly neighbours: Neighbours;
}

export interface AdminRequest {
  /** What stood for the last part of the path. */
  readonly captured: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
}

export interface AdminAnswer {
  readonly status: number;
  /** Text is sent as it is, anything else as JSON. */
  readonly body: string | object;
}

export interface AdminRoute {
  readonly method: "GET" | "POST";
  /** The last part may be a name behind a colon. */
  readonly path: string;
  readonly answer: (parts: AdminParts, request: AdminRequest) => Promise<AdminAnswer>;
}

const settleMsMax = 30_000;

export const adminRoutes: readonly AdminRoute[] = [
  { method: "GET", path: "/healthz", answer: async () => ({ status: 200, body: { status: "ok" } }) },
  { method: "GET", path: "/readyz", answer: ready },
  { method: "GET", path: "/metrics", answer: metrics },
  { method: "GET", path: "/_admin/messages", answer: messages },
  { method: "GET", path: "/_admin/trace/:id", answer: trace },
  { method: "GET", path: "/_admin/traces", answer: traces },
  { method: "GET", path: "/_admin/authorizations", answer: authorizations },
  { method: "GET", path: "/_admin/exceptions", answer: exceptions },
  { method: "GET", path: "/_admin/links", answer: links },
  { method: "GET", path: "/_admin/journal", answer: journal },
  { method: "GET", path: "/_admin/cards/:card", answer: card },
  {
    method: "GET",
    path: "/_admin/clock",
    answer: async ({ platform }) => ({ status: 200, body: platform.clock.show() }),
  },
  { method: "POST", path: "/_admin/clock", answer: moveClock },
  { method: "POST", path: "/_admin/verify", answer: async ({ platform }) => answerOf(await platform.verify()) },
  { method: "POST", path: "/_admin/settled", answer: settled },
  { method: "POST", path: "/_admin/reset", answer: reset },
  ...testProgramRoutes,
  ...apiKeyRoutes,
  ...issuingSettingsRoutes,
  ...eventRoutes,
];

async function ready(parts: AdminParts): Promise<AdminAnswer> {
  const causes = await readiness(parts);
  return { status: causes.length === 0 ? 200 : 503, body: { ready: causes.length === 0, causes } };
}

async function metrics({ platform, neighbours }: AdminParts): Promise<AdminAnswer> {
  const backlog = await platform.books().projector.backlog();
  const own = await platform.metrics.text();
  const theirs =
    (await neighbours
      .switch()
      ?.metrics()
      .catch(() => "")) ?? "";
  const name = "cardswitch_platform_journal_backlog";
  const lines =
    backlog === null ? "" : `# HELP ${name} Entries not yet in the records\n# TYPE ${name} gauge\n${name} ${backlog}\n`;
  return { status: 200, body: `${own}${lines}${theirs}` };
}

async function messages({ neighbours }: AdminParts, { query }: AdminRequest): Promise<AdminAnswer> {
  const door = neighbours.switch();
  if (door === null) return notRunning;
  const link = query.get("link");
  const after = Number(query.get("after") ?? "0");
  const all = await door.messages();
  const wanted = all.filter((message) => (link === null || message.link === link) && message.atMs > after);
  return { status: 200, body: { messages: wanted } };
}

async function trace(parts: AdminParts, { captured }: AdminRequest): Promise<AdminAnswer> {
  return answerOf(await traceOf(parts, captured));
}

async function traces({ neighbours }: AdminParts): Promise<AdminAnswer> {
  const door = neighbours.switch();
  return door === null ? notRunning : { status: 200, body: { traces: await door.traces() } };
}

async function authorizations({ platform }: AdminParts, { query }: AdminRequest): Promise<AdminAnswer> {
  const rowsMax = Math.min(Number(query.get("limit") ?? "20") || 20, 200);
  return { status: 200, body: { authorizations: await recentAuthorizations(platform.books(), rowsMax) } };
}

async function exceptions({ platform }: AdminParts, { query }: AdminRequest): Promise<AdminAnswer> {
  const rowsMax = Math.min(Number(query.get("limit") ?? "20") || 20, 1_000);
  return { status: 200, body: { exceptions: await recentExceptions(platform.books(), rowsMax) } };
}

async function links({ neighbours, place }: AdminParts): Promise<AdminAnswer> {
  const door = neighbours.switch();
  if (door === null) return notRunning;
  const { ports, sessions, inFlight } = await door.state();
  const known = place.config.links.map(({ name, dialect, network, framing, signOn, endpoint }) => ({
    name,
    dialect,
    network,
    framing,
    signOn,
    host: endpoint.host,
    port: ports[name] ?? null,
    sessions: sessions.filter((session) => session.link === name),
  }));
  return { status: 200, body: { inFlight, links: known } };
}

async function journal({ platform }: AdminParts): Promise<AdminAnswer> {
  const { projector, access } = platform.books();
  const backlog = await projector.backlog();
  const failure = projector.failure?.message ?? null;
  return { status: backlog === null ? 503 : 200, body: { backlog, failure, records: access.queries.counts() } };
}

async function card(parts: AdminParts, { captured }: AdminRequest): Promise<AdminAnswer> {
  return answerOf(await findCard(parts.platform.books(), captured));
}

async function moveClock({ platform }: AdminParts, { body }: AdminRequest): Promise<AdminAnswer> {
  const wanted: Readonly<Record<string, unknown>> = typeof body === "object" && body !== null ? { ...body } : {};
  const { advance, freeze } = wanted;
  if (typeof advance === "string") {
    const ms = parseDuration(advance);
    if (ms !== null) return answerOf(await platform.clock.advance(ms));
  }
  if (freeze === true) return answerOf(await platform.clock.freeze());
  if (freeze === false) return answerOf(await platform.clock.unfreeze());
  return { status: 400, body: { error: 'one of {"advance":"31d"}, {"freeze":true} and {"freeze":false}' } };
}

async function settled({ platform }: AdminParts): Promise<AdminAnswer> {
  const isSettled = await platform.settled(settleMsMax);
  return { status: isSettled ? 200 : 503, body: { settled: isSettled } };
}

async function reset({ platform }: AdminParts): Promise<AdminAnswer> {
  const done = await platform.reset();
  return done.ok ? { status: 200, body: platform.clock.show() } : answerOf(done);
}

const notRunning: AdminAnswer = {
  status: 503,
  body: { error: "the switch is not running; it is being started again" },
};

function answerOf<T extends object>(result: Result<T | null, AppError>): AdminAnswer {
  if (result.ok) return { status: 200, body: result.value ?? {} };
  const { code, message } = result.error;
  return { status: statusOf[code] ?? 503, body: { error: message, code } };
}

const statusOf: Readonly<Partial<Record<AppError["code"], number>>> = { bad_config: 400, not_found: 404 };
