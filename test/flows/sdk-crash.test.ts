import { expect } from "chai";
import Stripe from "stripe";
import { must } from "../../src/kernel/assert.ts";
import { eventually, freshFolder, serve } from "../support/command.ts";
import { sdkSteps } from "../support/sdk-steps.ts";
import { openWalk } from "../support/sdk-walk.ts";

/** A request as it was sent, and its answer. */
interface Sent {
  readonly url: string;
  readonly init: RequestInit;
  readonly status: number;
  readonly answer: string;
}

describe("flows/a crash behind the requests of every method of the SDK", () => {
  it("leaves each with its answer under its key, and with one effect", async () => {
    const folder = freshFolder();
    const served = await serve(["--data-dir", folder.path]);
    try {
      const sent: Sent[] = [];
      const stripe = clientThatNotes(served, sent);
      const walk = await openWalk(stripe, served.url);
      for (const { call } of sdkSteps) await call(walk);
      const before = await everythingOf(stripe, walk.as);

      for (const pid of [served.pids.platform, served.pids.switch, served.pids.redis]) process.kill(pid, "SIGKILL");
      const others: object[] = [];
      for (const one of sent) {
        const [first, again] = [`${one.status} ${one.answer}`, await answerOf(one)];
        if (again !== first && !isOfTheMoment(one)) others.push({ name: nameOf(one), first, again });
      }

      expect(JSON.stringify(others, null, 1)).to.equal("[]");
      expect(await everythingOf(stripe, walk.as)).to.deep.equal(before);
    } finally {
      await served.end("SIGTERM");
      folder.remove();
    }
  }).timeout(120_000);
});

/** Gives each POST a key, as an SDK that sends again does, and notes what came of it. */
function clientThatNotes(
  { apiKey, url }: { readonly apiKey: string | null; readonly url: string },
  sent: Sent[],
): Stripe {
  const { hostname, port } = new URL(url);
  let keys = 0;
  const noting: typeof fetch = async (input, init = {}) => {
    if (init.method !== "POST") return fetch(input, init);
    const headers = new Headers(init.headers);
    // fetch counts for itself.
    headers.delete("content-length");
    headers.set("idempotency-key", `request ${++keys}`);
    const keyed = { ...init, headers };
    const response = await fetch(input, keyed);
    sent.push({
      url: new Request(input).url,
      init: keyed,
      status: response.status,
      answer: await response.clone().text(),
    });
    return response;
  };
  const httpClient = Stripe.createFetchHttpClient(noting);
  const address = { host: hostname, port: Number(port), protocol: "http" } as const;
  return new Stripe(must(apiKey, "a new data set has a key"), { ...address, httpClient, maxNetworkRetries: 0 });
}

function nameOf({ init, url }: Sent): string {
  return `${new Headers(init.headers).get("idempotency-key")}: ${new URL(url).pathname}`;
}

/** A login link is told and not kept: its time is when it was asked for. */
function isOfTheMoment({ url }: Sent): boolean {
  return url.endsWith("/login_links");
}

/** Sends a request once more, until somebody is there to answer. */
async function answerOf({ init, url }: Sent): Promise<string> {
  let told = "nobody has answered";
  await eventually(async () => {
    const response = await fetch(url, init);
    told = `${response.status} ${await response.text()}`;
    return response.status < 500 && response.status !== 409;
  }, 30_000);
  return told;
}

/** What a second effect would be seen in. */
async function everythingOf(stripe: Stripe, as: { readonly stripeAccount: string }): Promise<unknown> {
  const all: unknown[] = [];
  for (const who of [as, {}]) {
    all.push(await stripe.balance.retrieve({}, who));
    for await (const { id, type } of stripe.events.list({ limit: 100 }, who)) all.push(`${id} ${type}`);
    for await (const { amount, id } of stripe.balanceTransactions.list({ limit: 100 }, who))
      all.push(`${id} ${amount}`);
  }
  return all;
}
