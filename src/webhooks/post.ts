import { type LookupAddress, lookup as resolveName } from "node:dns";
import { Socket } from "node:net";
import type { LookupFunction } from "node:net";
import { Agent, buildConnector, request } from "undici";
import { type Result, fail, ok } from "../kernel/result.ts";
import { type DestinationPolicy, isReachable } from "./destination.ts";

export interface Post {
  readonly url: URL;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** From now, name resolution, TLS and the whole answer included. */
  readonly timeoutMs: number;
}

export interface PostAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

/** `timed_out`: nobody knows what the other side did. `message` is one line without the body. */
export interface PostFailure {
  readonly code: "timed_out" | "not_allowed" | "too_large" | "failed";
  readonly message: string;
}

export interface PosterOptions {
  readonly policy: DestinationPolicy;
  readonly answerBytesMax: number;
  readonly headerBytesMax: number;
  /** To one origin at a time; more wait within their own time. */
  readonly connectionsMax: number;
  /** Resolves a name; another one in tests. */
  readonly resolve?: typeof resolveName;
}

/**
 * Posts to endpoints of others: no redirect is followed, no answer unpacked or read beyond its limit, and a name is
 * resolved once, all its addresses judged, and the socket asked again where it has arrived (reference: W1, W3–W5).
 */
export class Poster {
  readonly #options: PosterOptions;
  readonly #agent: Agent;

  constructor(options: PosterOptions) {
    this.#options = options;
    this.#agent = new Agent({
      connect: guarded(options),
      connections: options.connectionsMax,
      pipelining: 1,
      maxHeaderSize: options.headerBytesMax,
    });
  }

  async post({ url, body, headers, timeoutMs }: Post): Promise<Result<PostAnswer, PostFailure>> {
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const answer = await request(url, {
        method: "POST",
        body,
        headers: { ...headers, "content-type": "application/json; charset=utf-8", "accept-encoding": "identity" },
        dispatcher: this.#agent,
        signal,
        // The signal ends it in time; the client's own clocks run in coarse steps.
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      const text = await readAtMost(answer.body, this.#options.answerBytesMax);
      if (text === null) {
        return fail({ code: "too_large", message: `the answer has more than ${this.#options.answerBytesMax} bytes` });
      }
      return ok({ status: answer.statusCode, headers: answer.headers, body: text });
    } catch (error) {
      if (signal.aborted) return fail({ code: "timed_out", message: `no answer within ${timeoutMs} ms` });
      return fail(failureOf(error));
    }
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }
}

class NotAllowed extends Error {
  override readonly name = "NotAllowed";
}

function guarded({ policy, resolve = resolveName }: PosterOptions): buildConnector.connector {
  const connect = buildConnector({ lookup: judged(policy, resolve) });
  return (options, done) => {
    connect(options, (...[error, socket]) => {
      if (error !== null) {
        done(error, null);
        return;
      }
      // What was resolved may have been one answer of two: the socket tells where it really is.
      const address = socket instanceof Socket ? (socket.remoteAddress ?? "") : "";
      if (isReachable(address, policy)) done(null, socket);
      else {
        socket.destroy();
        done(new NotAllowed(`${options.hostname} is an address that may not be called`), null);
      }
    });
  };
}

function judged(policy: DestinationPolicy, resolve: typeof resolveName): LookupFunction {
  return (name, options, done) => {
    resolve(name, { ...options, all: true }, (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => {
      const first = found?.[0];
      if (error !== null || first === undefined) {
        done(error ?? new Error(`${name} has no address`), "", 4);
        return;
      }
      if (!found.every(({ address }) => isReachable(address, policy))) {
        done(new NotAllowed(`${name} resolves to an address that may not be called`), "", 4);
        return;
      }
      if (options.all === true) done(null, [first]);
      else done(null, first.address, first.family);
    });
  };
}

async function readAtMost(body: AsyncIterable<Uint8Array>, bytesMax: number): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    // Leaving the loop ends the connection.
    if (bytes > bytesMax) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function failureOf(error: unknown): PostFailure {
  const cause = error instanceof Error ? error : new Error(String(error));
  if (cause instanceof NotAllowed) return { code: "not_allowed", message: cause.message };
  const code = "code" in cause && typeof cause.code === "string" ? cause.code : cause.name;
  return { code: "failed", message: `${code}: ${cause.message}` };
}
