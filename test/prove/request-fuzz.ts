import { Pool } from "undici";
import { must } from "../../src/kernel/assert.ts";
import { type Random, pick, seededRandom } from "../../src/kernel/random.ts";
import { type RunningSwitch, startSwitch } from "../../src/public.ts";
import { routes } from "../../src/resources/routes.ts";
import { KnownIds, likelyRequest } from "./likely-requests.ts";
import { type SentRequest, mutatedRequest } from "./mutated-requests.ts";

export interface RequestFuzz {
  readonly seed: number;
  readonly requests: number;
}

export interface RequestFuzzReport {
  /** Requests that were done. */
  readonly done: number;
  /** Operations of which at least one request was done. */
  readonly operations: number;
  /** How often each code, or, where an error has none, its status. */
  readonly refused: Readonly<Record<string, number>>;
  /** What was answered otherwise than a caller may expect, and what `verify` found. */
  readonly faults: readonly string[];
}

const connections = 16;
const answerMsMax = 20_000;
const faultsMax = 10;

/** Sends mutated requests of every operation over keep-alive connections to a switch of its own, and checks the books. */
export async function fuzzRequests({ requests, seed }: RequestFuzz): Promise<RequestFuzzReport> {
  const running = await startSwitch({ volatile: true, shardCount: 4, seed: "demo", rngSeed: seed, logLevel: "silent" });
  const pool = new Pool(running.api.url, { connections, headersTimeout: answerMsMax, bodyTimeout: answerMsMax });
  try {
    const fuzz = new Fuzz(running, pool, seededRandom(seed));
    let left = requests;
    const work = async (): Promise<void> => {
      while (left-- > 0 && fuzz.faults.length < faultsMax) await fuzz.sendOne();
    };
    await Promise.all(Array.from({ length: connections }, work));
    await fuzz.checkBooks();
    return fuzz.report();
  } finally {
    await pool.destroy();
    await running.close();
  }
}

class Fuzz {
  readonly faults: string[] = [];
  private readonly refused: Record<string, number> = {};
  private readonly operations = new Set<string>();
  private readonly accounts: Map<string, KnownIds>;
  private done = 0;

  private readonly running: RunningSwitch;
  private readonly pool: Pool;
  private readonly random: Random;

  constructor(running: RunningSwitch, pool: Pool, random: Random) {
    this.running = running;
    this.pool = pool;
    this.random = random;
    this.accounts = demoAccounts(running);
  }

  async sendOne(): Promise<void> {
    const { accounts, random } = this;
    const route = pick(random, routes);
    const account = pick(random, [...accounts.keys()]);
    const ids = must(accounts.get(account), "ids of the account");
    const request = mutatedRequest(random, likelyRequest(random, route, ids));
    const answer = await this.send(request, account);
    if (answer === null) return;
    const fault = faultOf(answer);
    if (fault !== null) {
      this.faults.push(`${fault}: ${told(request, account)} → ${answer.status} ${answer.text.slice(0, 500)}`);
    } else if (answer.status === 200) {
      this.done++;
      this.operations.add(`${route.method} ${route.path}`);
      if (route.method === "POST") for (const id of idsIn(answer.text)) ids.add(id);
    } else {
      const { code } = errorOf(answer);
      const name = typeof code === "string" ? code : String(answer.status);
      this.refused[name] = (this.refused[name] ?? 0) + 1;
    }
  }

  /** Every balance is the sum of its transactions, and journal, records and Redis agree. */
  async checkBooks(): Promise<void> {
    await this.running.settled();
    const { violations } = await this.running.verify();
    for (const violation of violations.slice(0, faultsMax)) this.faults.push(`verify: ${JSON.stringify(violation)}`);
  }

  report(): RequestFuzzReport {
    const { done, faults, operations, refused } = this;
    return { done, operations: operations.size, refused, faults };
  }

  private async send(request: SentRequest, account: string): Promise<Answered | null> {
    const { body, contentType, method, path } = request;
    try {
      const response = await this.pool.request({
        method,
        path,
        body,
        headers: {
          authorization: `Bearer ${this.running.api.key}`,
          ...(contentType === null ? {} : { "content-type": contentType }),
          ...(account === "" ? {} : { "stripe-account": account }),
        },
      });
      const text = await response.body.text();
      return { status: response.statusCode, text, json: objectOf(text) };
    } catch (error) {
      this.faults.push(`no answer (${String(error)}): ${told(request, account)}`);
      return null;
    }
  }
}

interface Answered {
  readonly status: number;
  readonly text: string;
  /** Empty where the text is no object. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** What is wrong with an answer; null: nothing. */
function faultOf(answer: Answered): string | null {
  const { json, status } = answer;
  if (status >= 500) return "failed";
  if (status === 200) return typeof json["object"] === "string" ? null : "no object";
  if (status < 400) return "neither done nor refused";
  const { code, message, param, type } = errorOf(answer);
  if (typeof type !== "string" || typeof message !== "string" || message === "") return "no error of the API";
  const isOfParameter = typeof code === "string" && code.startsWith("parameter_");
  return isOfParameter && typeof param !== "string" ? "no parameter named" : null;
}

function errorOf({ json }: Answered): Readonly<Record<string, unknown>> {
  const { error } = json;
  return typeof error === "object" && error !== null ? { ...error } : {};
}

function objectOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/** Of the object itself and of what hangs on it. */
function idsIn(text: string): readonly string[] {
  return (text.match(/"(id|balance_transaction)":"[a-z]+_[^"]+"/g) ?? []).map((part) => part.split('"')[3] ?? "none");
}

function told({ body, contentType, method, path }: SentRequest, account: string): string {
  return `${method} ${path.slice(0, 1_000)} [${account}] ${contentType ?? ""} ${(body ?? "").slice(0, 1_000)}`;
}

/** The accounts of the demo program, "" for the platform, each with what it has. */
function demoAccounts({ access, demo }: RunningSwitch): Map<string, KnownIds> {
  const { accounts, cardholders, cards } = must(demo, "the demo was seeded");
  const platform = new KnownIds();
  const known = new Map([["", platform]]);
  for (const place of accounts.values()) {
    const isOf = (one: { readonly shard: number }): boolean => one.shard === place.shard;
    const account = access.idOf("acct", place);
    const ids = new KnownIds();
    ids.add(account);
    platform.add(account);
    for (const holder of cardholders.values()) if (isOf(holder)) ids.add(access.idOf("ich", holder));
    for (const card of cards.values()) if (isOf(card.place)) ids.add(access.idOf("ic", card.place));
    known.set(account, ids);
  }
  return known;
}
