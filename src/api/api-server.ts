import type { IncomingMessage, ServerResponse } from "node:http";
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from "fastify";
import type { Random } from "../kernel/random.ts";
import { apiVersion } from "../../specs/api-version.ts";
import { ApiError } from "../resources/api-error.ts";
import { openapi } from "../resources/contract/openapi.ts";
import { FileContents } from "../resources/files/file-contents.ts";
import type { Route } from "../resources/route.ts";
import type { ApiParts, ApiResponse } from "./api-parts.ts";
import { addConnectPages } from "./connect-pages.ts";
import { errorResponse, internalError, refusalOf, unavailableText } from "./envelope.ts";
import { addFilePages, sendContents } from "./file-pages.ts";
import { readForm } from "./form.ts";
import type { PresentedKey } from "./key-ring.ts";
import { type Multipart, readMultipart } from "./multipart.ts";
import type { InFlight } from "./once.ts";
import { RateLimit } from "./rate-limit.ts";
import { serve } from "./serve.ts";

/** The API, without a port of its own: an HTTP server hands it what is meant for it. */
export interface ApiServer {
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
  readonly close: () => Promise<void>;
}

const urlBytesMax = 16_384;
const formType = "application/x-www-form-urlencoded";
const uploadType = "multipart/form-data";
const uploadPath = "/v1/files";

export async function openApi(parts: ApiParts): Promise<ApiServer> {
  const { formBytesMax, fileBytesMax, requestsPerSecondMax } = parts.limits;
  const app = fastify({
    bodyLimit: formBytesMax,
    exposeHeadRoutes: false,
    genReqId: () => requestId(parts.random),
    // A URL with a percent sign that begins nothing comes to no route and to no handler of ours.
    frameworkErrors: (_error, request, reply) => {
      void answerError(parts, unknownUrl(request), { request, reply });
    },
    // Node limits a URL before; an id that is too long is none.
    routerOptions: { querystringParser: () => ({}), maxParamLength: urlBytesMax },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(formType, { parseAs: "string" }, (_request, body, done) => done(null, body));
  app.addContentTypeParser(uploadType, { parseAs: "buffer", bodyLimit: fileBytesMax }, (_request, body, done) =>
    done(null, body),
  );
  app.setErrorHandler((error, request, reply) => answerError(parts, error, { request, reply }));
  app.setNotFoundHandler((request, reply) => answerError(parts, unknownUrl(request), { request, reply }));
  const limit = requestsPerSecondMax === null ? null : new RateLimit(requestsPerSecondMax);
  const doors: Doors = { parts, limit, inFlight: new Map(), keys: new WeakMap() };
  for (const route of parts.routes) addRoute(app, route, doors);
  addConnectPages(app, parts);
  addFilePages(app, parts);
  app.get("/openapi.json", (_request, reply) => reply.send(openapi(parts.routes)));
  await app.ready();
  return { handle: (request, response) => app.routing(request, response), close: () => app.close() };
}

interface Doors {
  readonly parts: ApiParts;
  readonly limit: RateLimit | null;
  readonly inFlight: InFlight;
  /** Whose requests these are, from the moment at which their headers were read. */
  readonly keys: WeakMap<FastifyRequest, PresentedKey>;
}

/** Who asks is known before the body is read: a stranger is not listened to. */
function addRoute(app: FastifyInstance, route: Route, doors: Doors): void {
  const { inFlight, keys, limit, parts } = doors;
  app.route({
    method: route.method,
    url: route.path.replaceAll("{", ":").replaceAll("}", ""),
    ...(route.path === uploadPath ? { bodyLimit: parts.limits.fileBytesMax } : {}),
    onRequest: (request, _reply, done) => {
      if (!parts.isOpen()) throw new ApiError("unavailable", unavailableText);
      const { ids, keys: ring, records } = parts.books();
      const wallNowS = Math.floor(parts.clock.wallNow() / 1000);
      const key = ring.present(request.headers.authorization, { ids, records, wallNowS });
      if (limit?.admits(key.digest, parts.clock.monotonicNow()) === false) {
        throw new ApiError("rate_limit", "Request rate limit exceeded.");
      }
      keys.set(request, key);
      requirePlainBody(request);
      done();
    },
    handler: async (request, reply) => {
      const key = keys.get(request);
      if (key === undefined) throw new Error("a request without a key came past the door");
      const { raw, upload } = await paramsOf(request, route, parts);
      const idempotencyKey = textOf(request.headers["idempotency-key"]);
      const stripeAccount = textOf(request.headers["stripe-account"]);
      const path = pathOf(request.params);
      const host = textOf(request.headers.host);
      const sent = { id: request.id, key, path, raw, upload, host, idempotencyKey, stripeAccount };
      return answer(await serve(parts, inFlight, { route, request: sent }), { request, reply });
    },
  });
}

/** A body is read as it is: unpacked it could be of any size, and taken as it is it would mean something else. */
function requirePlainBody({ headers }: FastifyRequest): void {
  const encoding = textOf(headers["content-encoding"]);
  if (encoding === null || encoding.toLowerCase() === "identity") return;
  throw new ApiError("unreadable_body", "The body of a request cannot be encoded: leave Content-Encoding out.");
}

async function paramsOf(request: FastifyRequest, route: Route, { limits }: ApiParts): Promise<Multipart> {
  const { body, url } = request;
  const mark = url.indexOf("?");
  const query = mark < 0 ? "" : url.slice(mark + 1);
  if (body instanceof Uint8Array) {
    if (route.path !== uploadPath) throw new ApiError("unreadable_body", `Only ${uploadPath} takes ${uploadType}.`);
    return readMultipart(body, request.headers["content-type"] ?? "", limits);
  }
  const form = typeof body === "string" ? body : "";
  const text = query === "" || form === "" ? `${query}${form}` : `${query}&${form}`;
  return { raw: readForm(text, limits), upload: null };
}

function pathOf(params: unknown): Record<string, string> {
  const named: Record<string, string> = {};
  for (const [name, value] of Object.entries(params ?? {})) named[name] = String(value);
  return named;
}

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

function answer({ body, isReplayed, shouldRetry, status }: ApiResponse, { reply, request }: Exchange): FastifyReply {
  const { headers } = request;
  void reply.code(status).headers({
    "content-type": "application/json",
    "request-id": request.id,
    "stripe-version": textOf(headers["stripe-version"]) ?? apiVersion,
    "cache-control": "no-cache, no-store",
  });
  for (const name of ["idempotency-key", "stripe-account"]) {
    const value = textOf(headers[name]);
    if (value !== null) void reply.header(name, value);
  }
  if (isReplayed) void reply.header("idempotent-replayed", "true");
  if (shouldRetry !== null) void reply.header("stripe-should-retry", String(shouldRetry));
  if (status === 401) void reply.header("www-authenticate", 'Bearer realm="Stripe"');
  if (status === 429) void reply.header("retry-after", "1");
  if (body instanceof FileContents) return sendContents(reply, body);
  return reply.send(typeof body === "string" ? body : JSON.stringify(body));
}

function answerError(parts: ApiParts, error: unknown, exchange: Exchange): FastifyReply {
  const refusal = refusalOf(error) ?? faultOfForm(error) ?? faultOfReset(parts);
  if (refusal !== null) return answer(errorResponse(refusal, false), exchange);
  const cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const { id, method, routeOptions } = exchange.request;
  // The path of the route and not the URL, which may name what nobody else should read.
  parts.log.error({ request: id, route: `${method} ${routeOptions.url ?? ""}`, cause }, "a request of the API failed");
  return answer(internalError, exchange);
}

/** Whatever a request fails at while its records are taken away. */
function faultOfReset({ isOpen }: ApiParts): ApiError | null {
  return isOpen() ? null : new ApiError("unavailable", unavailableText);
}

/** What the server found in a request before anybody of ours has seen it. */
function faultOfForm(error: unknown): ApiError | null {
  if (!(error instanceof Error) || !("statusCode" in error) || !("code" in error)) return null;
  if (error.statusCode === 413) return new ApiError("request_too_large", "The body of the request is too large.");
  if (error.code === "FST_ERR_CTP_INVALID_MEDIA_TYPE") {
    return new ApiError("unreadable_body", `Invalid request: the body has to be ${formType}; the SDK sends it so.`);
  }
  const isClients = typeof error.statusCode === "number" && error.statusCode >= 400 && error.statusCode < 500;
  return isClients ? new ApiError("unreadable_body", "The body of the request cannot be read.") : null;
}

function unknownUrl({ method, url }: FastifyRequest): ApiError {
  const path = url.slice(0, urlCharsTold).split("?")[0] ?? "";
  return new ApiError("not_found", `Unrecognized request URL (${method}: ${path}). The path or the method is wrong.`);
}

const urlCharsTold = 200;
const requestIdChars = 14;
const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

function requestId(random: Random): string {
  let id = "req_";
  for (let i = 0; i < requestIdChars; i++) id += alphabet[random.integer(alphabet.length)];
  return id;
}

function textOf(header: string | readonly string[] | undefined): string | null {
  const text = typeof header === "object" ? header[0] : header;
  return text === undefined || text === "" ? null : text;
}
