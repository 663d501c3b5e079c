import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import autocannon from "autocannon";
import { nodeFlags } from "../specs/limits.ts";
import type { ApiReport, ApiTask } from "./api-process.ts";
import { median } from "./medians.ts";

export interface ApiFigures {
  /** Cards retrieved in the time in which a route of the same server echoes once. */
  readonly cardRetrieveOverEcho: number;
  /** Authorizations made by the test helper, durable and by the whole path, in the time of one echo. */
  readonly authorizationOverEcho: number;
  readonly cardRetrievesPerSecond: number;
  readonly authorizationsPerSecond: number;
  readonly faults: readonly string[];
}

interface Round {
  readonly echoGet: number;
  readonly echoPost: number;
  readonly retrieve: number;
  readonly authorize: number;
}

const connections = 50;

/** 50 connections, all in one run: an echo of the same server, then what is measured, round by round. */
export async function benchApi(rounds: number, secondsEach: number): Promise<ApiFigures> {
  const faults: string[] = [];
  const [api, echo] = [await HttpProcess.open("api"), await HttpProcess.open("echo")];
  const load = loadOf(secondsEach, faults);
  const done: Round[] = [];
  try {
    const { account, card, key, url } = api.report;
    const headers = { authorization: `Bearer ${key}`, "stripe-account": account };
    const form = { ...headers, "content-type": "application/x-www-form-urlencoded" };
    const body = `card=${card}&amount=100`;
    // The first round warms both and is not counted.
    for (let i = 0; i <= rounds; i++) {
      const round = {
        echoGet: await load(`${echo.report.url}/echo`, { headers }),
        retrieve: await load(`${url}/v1/issuing/cards/${card}`, { headers }),
        echoPost: await load(`${echo.report.url}/echo`, { headers: form, body }),
        authorize: await load(`${url}/v1/test_helpers/issuing/authorizations`, { headers: form, body }),
      };
      if (i > 0) done.push(round);
    }
  } finally {
    await api.close();
    await echo.close();
  }
  const over = (pick: (round: Round) => number): number => median(done.map(pick));
  return {
    cardRetrieveOverEcho: over(({ retrieve, echoGet }) => retrieve / echoGet),
    authorizationOverEcho: over(({ authorize, echoPost }) => authorize / echoPost),
    cardRetrievesPerSecond: over(({ retrieve }) => retrieve),
    authorizationsPerSecond: over(({ authorize }) => authorize),
    faults,
  };
}

type Load = (
  url: string,
  request: { readonly headers: Readonly<Record<string, string>>; readonly body?: string },
) => Promise<number>;

/** Answers a second; one that is none of 200 is a fault. */
function loadOf(duration: number, faults: string[]): Load {
  return async (url, request) => {
    const method = request.body === undefined ? "GET" : "POST";
    const result = await autocannon({ url, connections, duration, method, ...request });
    const wrong = result.non2xx + result.errors;
    if (wrong > 0) faults.push(`${wrong} of ${result.requests.total} answers of ${new URL(url).pathname} were wrong`);
    return result.requests.total / result.duration;
  };
}

const readyMs = 60_000;
const endMs = 10_000;

class HttpProcess {
  readonly report: ApiReport;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, report: ApiReport) {
    this.#child = child;
    this.report = report;
  }

  static open(task: ApiTask): Promise<HttpProcess> {
    // As the supervisor runs a platform; the echo runs as Node comes.
    const execArgv = [...process.execArgv, ...(task === "api" ? nodeFlags : [])];
    const child = fork(fileURLToPath(new URL("./api-process.js", import.meta.url)), { execArgv });
    return new Promise((resolve, reject) => {
      const limit = setTimeout(() => {
        child.kill("SIGKILL");
        reject(new Error(`the ${task} process was not ready in time`));
      }, readyMs);
      child.once("message", (report) => {
        clearTimeout(limit);
        resolve(new HttpProcess(child, report as ApiReport));
      });
      child.send(task);
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      const limit = setTimeout(() => this.#child.kill("SIGKILL"), endMs);
      this.#child.once("exit", () => {
        clearTimeout(limit);
        resolve();
      });
      this.#child.send("stop");
    });
  }
}
