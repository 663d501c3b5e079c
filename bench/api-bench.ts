import autocannon from "autocannon";
import { must } from "../src/kernel/assert.ts";
import { median } from "./medians.ts";
import { HttpProcess } from "./processes.ts";

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
    const { key, tenants, url } = api.report;
    const { account, card } = must(tenants[0], "a tenant");
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
