import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { ApiServer } from "../api/api-server.ts";
import { answerUnreadable } from "../api/unreadable-request.ts";
import { type Result, fail, ok } from "../kernel/result.ts";
import { PeerList } from "../switch/peer-list.ts";
import { type AdminAnswer, type AdminParts, type AdminRoute, adminRoutes } from "./admin-routes.ts";
import { openApiOf } from "./api-of-platform.ts";
import { type AppError, appError } from "./app-error.ts";

export interface AdminServer {
  readonly port: number;
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** HTTP beside the links: the API, health, metrics and administration, for the peers that the config admits. */
export async function openAdminServer(parts: AdminParts): Promise<Result<AdminServer, AppError>> {
  const { host, adminPort, adminPeers, peers } = parts.place.config;
  const [all, admins] = [PeerList.parse(peers), PeerList.parse(adminPeers)];
  if (!all.ok) return appError("bad_config", `--peers has "${all.error}", which is no address and no subnet`);
  if (!admins.ok) return appError("bad_config", `--peers has "${admins.error}", which is no address and no subnet`);
  const lists = { all: all.value, admins: admins.value, admitted: new WeakSet<Socket>() };
  const { httpHeadersMs: headersTimeout, httpRequestMs: requestTimeout } = parts.place.config.limits;
  const api = await openApiOf(parts.place, parts.platform);
  const options = { headersTimeout, requestTimeout, connectionsCheckingInterval, keepAliveTimeout };
  const server = createServer(options, (request, response) => {
    void answer({ ...parts, api }, lists, { request, response });
  });
  server.on("clientError", answerUnreadable);
  const failure = await listen(server, { host, port: adminPort });
  if (failure !== null) {
    await api.close();
    const isBusy = failure.includes("EADDRINUSE");
    return isBusy
      ? appError("port_in_use", `port ${adminPort} (--port) is in use by another program; --port 0 takes a free one`)
      : appError("bad_config", `HTTP cannot listen on ${host}:${adminPort}: ${failure}`);
  }
  const { port } = server.address() as AddressInfo;
  const name = host.includes(":") ? `[${host}]` : host;
  const closeBoth = async (): Promise<void> => {
    await close(server);
    await api.close();
  };
  return ok({ port, url: `http://${name}:${port}`, close: closeBoth });
}

const keepAliveTimeout = 2_000;
/** How often slow requests are looked for. */
const connectionsCheckingInterval = 1_000;

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

interface Lists {
  readonly all: PeerList;
  readonly admins: PeerList;
  /** Connections whose peer is in `all`. */
  readonly admitted: WeakSet<Socket>;
}

interface HttpParts extends AdminParts {
  readonly api: ApiServer;
}

async function answer(parts: HttpParts, lists: Lists, exchange: Exchange): Promise<void> {
  const { request, response } = exchange;
  const { socket } = request;
  const peer = socket.remoteAddress ?? "";
  // Asked once of a connection: 4 µs a request.
  if (!lists.admitted.has(socket)) {
    if (!lists.all.admits(peer)) {
      socket.destroy();
      return;
    }
    lists.admitted.add(socket);
  }
  const { url = "/" } = request;
  if (isOfApi(url) && !isFromElsewhere(request)) {
    parts.api.handle(request, response);
    return;
  }
  const isAdministration = url.startsWith("/_admin");
  if (isAdministration && (!lists.admins.admits(peer) || isFromElsewhere(request))) {
    send(response, { status: 403, body: { error: "not for this peer; --peers names who may administrate" } });
    return;
  }
  try {
    send(response, await route(parts, request));
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    parts.place.log.error({ cause, url: request.url }, "an administrative request failed");
    send(response, { status: 500, body: { error: cause } });
  }
}

function isOfApi(url: string): boolean {
  return url.startsWith("/v1/") || url.startsWith("/connect/") || url.startsWith("/links/") || url === "/openapi.json";
}

/** A web page of another place that a browser on this machine has open: browsers name where a request comes from. */
function isFromElsewhere({ headers }: IncomingMessage): boolean {
  const { host, origin } = headers;
  return origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host);
}

async function route(parts: AdminParts, request: IncomingMessage): Promise<AdminAnswer> {
  const url = new URL(request.url ?? "/", "http://localhost");
  let isKnown = false;
  for (const candidate of adminRoutes) {
    const captured = capture(candidate, url.pathname);
    if (captured === null) continue;
    isKnown = true;
    if (candidate.method !== request.method) continue;
    const body = await readBody(request, parts.place.config.limits.adminBodyBytesMax);
    if (!body.ok) return { status: 400, body: { error: body.error } };
    return candidate.answer(parts, { captured, query: url.searchParams, body: body.value });
  }
  return isKnown
    ? { status: 405, body: { error: `${request.method} is not served at ${url.pathname}` } }
    : { status: 404, body: { error: `there is nothing at ${url.pathname}` } };
}

/** What stands for ":id" in the path, "" where the route has none; null where the path is another. */
function capture({ path }: AdminRoute, pathname: string): string | null {
  const at = path.indexOf(":");
  if (at < 0) return path === pathname ? "" : null;
  const rest = pathname.slice(at);
  return pathname.startsWith(path.slice(0, at)) && rest !== "" && !rest.includes("/") ? decodeURIComponent(rest) : null;
}

async function readBody(request: IncomingMessage, bytesMax: number): Promise<Result<unknown, string>> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    if (!(chunk instanceof Buffer)) continue;
    bytes += chunk.length;
    if (bytes > bytesMax) return fail(`the body has more than ${bytesMax} bytes`);
    chunks.push(chunk);
  }
  if (bytes === 0) return ok({});
  try {
    return ok(JSON.parse(Buffer.concat(chunks).toString("utf8")));
  } catch {
    return fail("the body is no JSON");
  }
}

function send(response: ServerResponse, { status, body }: AdminAnswer): void {
  const isText = typeof body === "string";
  const type = isText ? "text/plain; version=0.0.4; charset=utf-8" : "application/json";
  response.writeHead(status, { "content-type": type });
  response.end(isText ? body : `${JSON.stringify(body, writeWhole, 2)}\n`);
}

// Amounts stay below 2^53, so each is a JSON integer.
function writeWhole(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? Number(value) : value;
}

function listen(server: Server, place: { host: string; port: number }): Promise<string | null> {
  return new Promise((resolve) => {
    server.once("error", (error) => resolve(error.message));
    server.listen(place, () => {
      server.removeAllListeners("error");
      resolve(null);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
