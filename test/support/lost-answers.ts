import { must } from "../../src/kernel/assert.ts";
import type { HotClient } from "../../src/store/hot-client.ts";
import type { HttpClient } from "./strict-answers.ts";

type Sent = Parameters<HttpClient["makeRequest"]>;

interface Told {
  readonly status: number;
  readonly body: unknown;
  readonly isReplayed: boolean;
}

/** A POST with its key, what it was answered, and what the same again was answered. */
export interface Post {
  readonly path: string;
  readonly first: Told;
  readonly again: Told;
  /** What a GET of the answer's object tells right behind; null: the answer is no object that has one. */
  readonly got: unknown;
  /** The store's answer to one of its functions was lost on the way back. */
  readonly wasLost: boolean;
}

/** Sends each POST twice, as a client does that has not heard the first answer, and tells the SDK of the second. */
export function repeatingClient(client: HttpClient, loss: Loss | null, posts: Post[]): HttpClient {
  let asksEndpoint = false;
  return {
    getClientName: () => client.getClientName(),
    makeRequest: async (...sent) => {
      const [, , path, method, , form] = sent;
      if (path.startsWith("/v1/webhook_endpoints"))
        asksEndpoint = form?.includes("issuing_authorization.request") ?? false;
      if (method !== "POST") return client.makeRequest(...sent);
      // Of an authorization that nobody has heard of nobody is asked: it waits for its deadline.
      const lost = asksEndpoint && path === authorizations ? null : loss;
      lost?.arm();
      const first = await tell(client, sent);
      const wasLost = lost?.disarm() ?? false;
      const { told: again, response } = await untilAnswered(client, sent);
      const got = await retrieved(client, sent, again);
      posts.push({ path, first: first.told, again, got, wasLost });
      return response;
    },
  };
}

const authorizations = "/v1/test_helpers/issuing/authorizations";

/** Where the GET of an object is not behind the path of the POST that has made it. */
const collections: Readonly<Record<string, string>> = {
  account: "/v1/accounts",
  "issuing.authorization": "/v1/issuing/authorizations",
  "issuing.card": "/v1/issuing/cards",
  "issuing.dispute": "/v1/issuing/disputes",
  "issuing.personalization_design": "/v1/issuing/personalization_designs",
  "issuing.transaction": "/v1/issuing/transactions",
  payout: "/v1/payouts",
  topup: "/v1/topups",
};

async function retrieved(client: HttpClient, sent: Sent, { body, status }: Told): Promise<unknown> {
  if (status !== 200 || typeof body !== "object" || body === null) return null;
  if (!("id" in body && "object" in body) || body.object === "ephemeral_key") return null;
  const [host, port, path, , headers, , ...more] = sent;
  const id = String(body.id);
  const collection =
    collections[String(body.object)] ?? (path.endsWith(`/${id}`) ? path.slice(0, -id.length - 1) : path);
  const answered = await client.makeRequest(
    host,
    port,
    `${collection}/${id}`,
    "GET",
    withoutBody(headers),
    "",
    ...more,
  );
  return structuredClone(await answered.toJSON());
}

function withoutBody(headers: Sent[4]): Sent[4] {
  const ofBody = ["content-length", "content-type", "idempotency-key"];
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !ofBody.includes(name.toLowerCase())));
}

const triesMax = 400;
const pauseMs = 50;

/** While somebody else is at it, or the store has not answered, whoever asks is told to come again. */
async function untilAnswered(client: HttpClient, sent: Sent): Promise<Answered> {
  let last: Answered | null = null;
  for (let tries = 0; tries < triesMax; tries++) {
    last = await tell(client, sent).catch(() => null);
    if (last !== null && last.told.status !== 409 && last.told.status < 500) return last;
    await new Promise((resolve) => {
      setTimeout(resolve, pauseMs);
    });
  }
  return must(last, `an answer to POST ${sent[2]}`);
}

interface Answered {
  readonly told: Told;
  readonly response: Awaited<ReturnType<HttpClient["makeRequest"]>>;
}

async function tell(client: HttpClient, sent: Sent): Promise<Answered> {
  const answered = await client.makeRequest(...sent);
  const body: unknown = await answered.toJSON();
  // The SDK writes into what it is given.
  const kept: unknown = structuredClone(body);
  const headers = answered.getHeaders();
  const told = {
    status: answered.getStatusCode(),
    body: kept,
    isReplayed: "idempotent-replayed" in headers && headers["idempotent-replayed"] === "true",
  };
  const response = {
    getStatusCode: () => told.status,
    getHeaders: () => headers,
    getRawResponse: () => answered.getRawResponse(),
    toStream: (onEnd: () => void) => answered.toStream(onEnd),
    toJSON: () => Promise.resolve(body),
  };
  return { told, response };
}

/** Loses the answer to the `nth` function that writes for a request: what it did stands, and nobody hears of it. */
export class Loss {
  readonly #nth: number;
  #remaining = 0;
  #isLost = false;

  constructor(hot: HotClient, nth: number) {
    this.#nth = nth;
    const call = hot.call.bind(hot);
    const losing: HotClient["call"] = (asked, done) =>
      call(asked, (reply) => {
        if (asked.function === "purge" || !this.#isNext()) done(reply);
        else done({ kind: "unknown", cause: "the answer was lost" });
      });
    Object.assign(hot, { call: losing });
  }

  arm(): void {
    this.#remaining = this.#nth;
    this.#isLost = false;
  }

  /** Whether anything was lost since it was armed. */
  disarm(): boolean {
    this.#remaining = 0;
    return this.#isLost;
  }

  #isNext(): boolean {
    if (this.#remaining === 0) return false;
    this.#remaining -= 1;
    this.#isLost = this.#remaining === 0;
    return this.#isLost;
  }
}
