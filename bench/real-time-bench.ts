import { once } from "node:events";
import { type Server, type ServerResponse, createServer } from "node:http";
import { apiVersion } from "../specs/api-version.ts";
import { must } from "../src/kernel/assert.ts";
import type { ApiReport, Tenant } from "./api-process.ts";
import { median } from "./medians.ts";
import { HttpProcess } from "./processes.ts";

export interface RealTimeFigures {
  /** What 50 requests at once take while another tenant's endpoint hangs, in the time that they take alone. */
  readonly p50OverAlone: number;
  readonly aloneP50Ms: number;
  readonly faults: readonly string[];
}

const atOnce = 50;
const decisionMs = 300;
const wavesToWarm = 3;
const answerMsMax = 10_000;
const pollMs = 5;

/** 50 authorizations at once whose program takes 300 ms to decide: alone, and beside a tenant that never decides. */
export async function benchRealTime(rounds: number): Promise<RealTimeFigures> {
  const api = await HttpProcess.open("api");
  const deciding = await Endpoint.open((response) => {
    const decide = (): void => void response.writeHead(200, { "stripe-version": apiVersion }).end('{"approved":true}');
    setTimeout(decide, decisionMs);
  });
  const hanging = await Endpoint.open(() => undefined);
  const [first, second] = api.report.tenants;
  const own = new Asked(api.report, must(first, "a tenant"));
  const other = new Asked(api.report, must(second, "another tenant"));
  const ratios: number[] = [];
  const alone: number[] = [];
  try {
    await own.register(deciding.url);
    // Compiled code and open connections: what comes first would make the rest look good.
    for (let i = 0; i < wavesToWarm; i++) await own.authorize();
    for (let i = 0; i < rounds; i++) {
      // An endpoint of its own for every round: one that has failed too often is not asked for a while.
      await other.register(hanging.url);
      const aloneP50 = await own.authorize();
      const hung = other.authorizeInVain();
      await hanging.untilAsked((i + 1) * atOnce);
      ratios.push((await own.authorize()) / aloneP50);
      alone.push(aloneP50);
      hanging.hangUp();
      await hung;
    }
  } finally {
    await api.close();
    deciding.close();
    hanging.close();
  }
  return { p50OverAlone: median(ratios), aloneP50Ms: median(alone), faults: [...own.faults, ...other.faults] };
}

/** A tenant whose authorizations its endpoint decides. */
class Asked {
  readonly faults: string[] = [];
  readonly #api: ApiReport;
  readonly #tenant: Tenant;
  #endpoint: string | null = null;

  constructor(api: ApiReport, tenant: Tenant) {
    this.#api = api;
    this.#tenant = tenant;
  }

  async register(url: string): Promise<void> {
    if (this.#endpoint !== null) await this.#send("DELETE", `webhook_endpoints/${this.#endpoint}`);
    const made = await this.#send("POST", "webhook_endpoints", `url=${url}&enabled_events[]=${requestEvent}`);
    this.#endpoint = made.id;
  }

  /** All at once; resolves to the middle of the milliseconds that they took. */
  async authorize(): Promise<number> {
    return median(await this.#wave("webhook_approved"));
  }

  /** Nobody decides about them: they wait until their time is over, or until their endpoint hangs up. */
  async authorizeInVain(): Promise<void> {
    await this.#wave(null);
  }

  async #wave(expected: string | null): Promise<number[]> {
    const others: string[] = [];
    const one = async (): Promise<number> => {
      const begin = performance.now();
      const { card } = this.#tenant;
      const made = await this.#send("POST", "test_helpers/issuing/authorizations", `card=${card}&amount=100`);
      const tookMs = performance.now() - begin;
      const reason = made.request_history?.[0]?.reason ?? "no reason";
      if (expected !== null && reason !== expected) others.push(reason);
      return tookMs;
    };
    const took = await Promise.all(Array.from({ length: atOnce }, one));
    if (others.length > 0)
      this.faults.push(`real-time: ${others.length} of ${atOnce} had ${others[0]}, not ${expected}`);
    return took;
  }

  async #send(method: "POST" | "DELETE", path: string, body = ""): Promise<Answer> {
    const response = await fetch(`${this.#api.url}/v1/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#api.key}`,
        "stripe-account": this.#tenant.account,
        "content-type": "application/x-www-form-urlencoded",
      },
      body,
      signal: AbortSignal.timeout(answerMsMax),
    });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Answer;
  }
}

const requestEvent = "issuing_authorization.request";

interface Answer {
  readonly id: string;
  readonly request_history?: readonly { readonly reason: string }[];
}

/** Somebody's server, which is asked to decide. */
class Endpoint {
  readonly #server: Server;
  #asked = 0;

  private constructor(answer: (response: ServerResponse) => void) {
    this.#server = createServer((request, response) => {
      request.resume().once("end", () => {
        this.#asked++;
        answer(response);
      });
    });
  }

  static async open(answer: (response: ServerResponse) => void): Promise<Endpoint> {
    const endpoint = new Endpoint(answer);
    endpoint.#server.listen(0, "127.0.0.1");
    await once(endpoint.#server, "listening");
    return endpoint;
  }

  get url(): string {
    const address = this.#server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    return `http://127.0.0.1:${port}/decide`;
  }

  async untilAsked(times: number): Promise<void> {
    for (let waitedMs = 0; this.#asked < times; waitedMs += pollMs) {
      if (waitedMs > answerMsMax) throw new Error(`an endpoint was asked ${this.#asked} times and not ${times}`);
      await new Promise((resolve) => {
        setTimeout(resolve, pollMs);
      });
    }
  }

  hangUp(): void {
    this.#server.closeAllConnections();
  }

  close(): void {
    this.hangUp();
    this.#server.close();
  }
}
