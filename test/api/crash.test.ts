import { expect } from "chai";
import Stripe from "stripe";
import { type Served, freshFolder, serve } from "../support/command.ts";

const retryMsMax = 80_000;

describe("the API and a crash between effect and answer", () => {
  it("makes one object of 64 parallel requests with one key, though the process dies behind the first commit", async () => {
    const folder = freshFolder();
    // The platform's account and its first key are the first two commits; the third is the cardholder.
    const served = await serve(["--data-dir", folder.path], { FAILPOINT: "commit.after:kill:3" });
    try {
      const pid = served.pids.platform;

      const answers = await Promise.all(Array.from({ length: 64 }, () => create(served, "one")));

      expect([...new Set(answers)]).to.deep.equal(await allOf(served));
      expect(isAlive(pid)).to.equal(false);
    } finally {
      await served.end("SIGTERM");
      folder.remove();
    }
  }).timeout(120_000);
});

/** Sends it again while nobody answers or somebody else is at it, as the SDK does, but without its long pauses. */
async function create({ apiKey, url }: Served, key: string): Promise<string> {
  const form = "name=Anne+Bronte&type=individual&billing[address][line1]=1+Main+Street&billing[address][city]=Portland";
  const end = performance.now() + retryMsMax;
  while (performance.now() < end) {
    const response = await fetch(`${url}/v1/issuing/cardholders`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${apiKey}`,
        "content-type": "application/x-www-form-urlencoded",
        "idempotency-key": key,
      },
      body: `${form}&billing[address][country]=US&billing[address][postal_code]=97201`,
    }).catch(() => null);
    if (response?.status === 200) return ((await response.json()) as { id: string }).id;
    await response?.text();
    await new Promise((resolve) => {
      setTimeout(resolve, 250);
    });
  }
  throw new Error("never answered");
}

async function allOf({ apiKey, url }: Served): Promise<string[]> {
  const { hostname, port } = new URL(url);
  const stripe = new Stripe(apiKey ?? "", { host: hostname, port: Number(port), protocol: "http" });
  const { data } = await stripe.issuing.cardholders.list({ limit: 100 });
  return data.map(({ id }) => id);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
