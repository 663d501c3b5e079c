import type Stripe from "stripe";
import type { DemoAccountKey } from "../../specs/demo-program.ts";
import { must } from "../../src/kernel/assert.ts";
import { type RunningSwitch, startSwitch } from "../../src/public.ts";
import { checkAnswer, checkingClient } from "./strict-answers.ts";

/** A switch whose API is asked by the official SDK, over HTTP. */
export interface ApiUnderTest {
  readonly running: RunningSwitch;
  /** Acts for the platform, and never sends anything twice. */
  readonly stripe: Stripe;
  /** A request as it stands, for what the SDK would not send. */
  readonly send: (path: string, request?: PlainRequest) => Promise<PlainResponse>;
}

export interface PlainRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface PlainResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
  /** `error` of the body, or nothing in it. */
  readonly error: Readonly<Record<string, unknown>>;
}

export async function openApiUnderTest(options: Parameters<typeof startSwitch>[0] = {}): Promise<ApiUnderTest> {
  const running = await startSwitch({ volatile: true, shardCount: 4, ...options });
  const stripe = await running.stripe({ maxNetworkRetries: 0, telemetry: false, httpClient: checkingClient() });
  return { running, stripe, send: (path, request = {}) => send(running, path, request) };
}

/** Id of a connected account of the demo program. */
export function connectedAccount({ running }: ApiUnderTest, key: DemoAccountKey): string {
  const place = must(running.demo?.accounts.get(key), "the demo program was seeded");
  return running.access.idOf("acct", place);
}

async function send({ api }: RunningSwitch, path: string, request: PlainRequest): Promise<PlainResponse> {
  const { body, headers = {}, method = "GET" } = request;
  const isForm = typeof body === "string";
  const response = await fetch(`${api.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${api.key}`,
      ...(isForm ? { "content-type": "application/x-www-form-urlencoded" } : {}),
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
  });
  const json = (await response.json()) as Readonly<Record<string, unknown>>;
  // A web page of another place does not come to the API.
  if (headers["origin"] === undefined) checkAnswer({ method, path }, json);
  const error = typeof json["error"] === "object" && json["error"] !== null ? { ...json["error"] } : {};
  return { status: response.status, headers: response.headers, body: json, error };
}
