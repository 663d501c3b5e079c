import { join } from "node:path";
import { expect } from "chai";
import Stripe from "stripe";
import { openRecords } from "../../../src/records/database.ts";
import { RecordsQueries } from "../../../src/records/queries.ts";
import type { AccountBody } from "../../../src/resources/accounts/accounts.ts";
import { type Served, eventually, freshFolder, serve } from "../../support/command.ts";
import { errorOf } from "../../support/sdk-error.ts";

const asked = { url: "http://127.0.0.1:9/decide", enabled_events: ["issuing_authorization.request" as const] };
const shardsMax = 64;

describe("resources/webhook-endpoints and a crash before accounts know whom to ask", () => {
  // The platform, its key and a connected account come before; an endpoint that is asked takes three commits.
  it("asks about connected accounts, although the process died behind the endpoint's own commit", async () => {
    await withCrash(4, async ({ served, stripe }) => {
      const unknown = await errorOf(stripe.webhookEndpoints.create({ ...asked, connect: true }));

      expect(unknown).to.include({ type: "StripeConnectionError" });
      expect(await eventually(async () => isAskedAbout(served), 60_000), "an account is asked about").to.equal(true);
      expect(await eventually(async () => dueEndpoints(served) === 0)).to.equal(true);
    });
  }).timeout(120_000);

  for (const [name, change] of [
    ["deleted", (stripe: Stripe, id: string) => stripe.webhookEndpoints.del(id)],
    ["told of other events", (stripe: Stripe, id: string) => stripe.webhookEndpoints.update(id, other)],
  ] as const) {
    it(`asks nobody any more, although the process died behind the commit by which the endpoint is ${name}`, async () => {
      await withCrash(7, async ({ served, stripe }) => {
        const { id } = await stripe.webhookEndpoints.create({ ...asked, connect: true });
        expect(await eventually(async () => isAskedAbout(served))).to.equal(true);

        expect(await errorOf(change(stripe, id))).to.include({ type: "StripeConnectionError" });

        expect(await eventually(async () => !isAskedAbout(served), 60_000), "nobody is asked").to.equal(true);
        expect(await eventually(async () => dueEndpoints(served) === 0)).to.equal(true);
      });
    }).timeout(120_000);
  }
});

const other = { enabled_events: ["issuing_authorization.created" as const] };

interface Crashing {
  readonly served: Served;
  readonly stripe: Stripe;
}

/** A switch with one connected account, whose platform dies behind its commit of that number; fails where it has not. */
async function withCrash(commit: number, act: (crashing: Crashing) => Promise<void>): Promise<void> {
  const folder = freshFolder();
  const served = await serve(["--data-dir", folder.path], { FAILPOINT: `commit.after:kill:${commit}` });
  try {
    const { hostname, port } = new URL(served.url);
    const at = { host: hostname, port: Number(port), protocol: "http", maxNetworkRetries: 0 } as const;
    const stripe = new Stripe(served.apiKey ?? "", at);
    await stripe.accounts.create({ type: "custom", country: "US" });
    await act({ served, stripe });
    expect(() => process.kill(served.pids.platform, 0), "the platform that was asked").to.throw();
  } finally {
    await served.end("SIGTERM");
    folder.remove();
  }
}

function isAskedAbout(served: Served): boolean {
  return read(served, (records) => {
    const shards = Array.from({ length: shardsMax }, (_, shard) => shard);
    const stored = shards.flatMap((shard) => records.objects("account", shard, { before: null, rowsMax: 10 }));
    return stored.some(({ body }) => (JSON.parse(body) as AccountBody).asks_platform === true);
  });
}

function dueEndpoints(served: Served): number {
  return read(served, (records) => records.history.dueObjects(Number.MAX_SAFE_INTEGER, 10).length);
}

function read<T>({ dataDir }: Served, look: (records: RecordsQueries) => T): T {
  const opened = openRecords({ path: join(dataDir, "records.db"), dataSetId: null });
  if (!opened.ok) throw new Error(opened.error.message);
  try {
    return look(new RecordsQueries(opened.value));
  } finally {
    opened.value.close();
  }
}
