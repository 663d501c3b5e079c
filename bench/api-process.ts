import { fastify } from "fastify";
import { type LoadCard, createLoadProgram } from "../src/app/load-program.ts";
import { must } from "../src/kernel/assert.ts";
import { startSwitch } from "../src/public.ts";

/** What the bench asks its HTTP process to be: the API of a whole switch, or a route that answers what it was sent. */
export type ApiTask = "api" | "echo";

export interface ApiReport {
  readonly url: string;
  readonly key: string;
  /** Each with a card that nothing limits, in one shard; none of an echo. */
  readonly tenants: readonly Tenant[];
}

export interface Tenant {
  readonly account: string;
  readonly card: string;
}

const tenantCount = 2;

process.on("message", (message: ApiTask | "stop") => {
  if (message === "stop") process.exit(0);
  else void (message === "api" ? openApi() : openEcho()).then((report) => process.send?.(report));
});

async function openApi(): Promise<ApiReport> {
  let cards: readonly LoadCard[] = [];
  const running = await startSwitch({
    shardCount: 4,
    seed: async (program) => {
      cards = await createLoadProgram(program, {
        cards: tenantCount,
        currency: "usd",
        network: "visa",
        shardCount: 1,
        accountsPerShard: tenantCount,
        cardholdersPerAccount: 1,
        funds: 1_000_000_000_000n,
        programType: "load",
        concurrency: 1,
      });
    },
  });
  const { access, api } = running;
  const tenants = cards.map(({ place }): Tenant => {
    const { account } = must(access.queries.object("card", place), "the card is in the records");
    return { account: access.idOf("acct", { shard: place.shard, no: account }), card: access.idOf("ic", place) };
  });
  return { url: api.url, key: api.key, tenants };
}

async function openEcho(): Promise<ApiReport> {
  const app = fastify();
  app.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_request, body, done) =>
    done(null, body),
  );
  app.get("/echo", (_request, reply) => reply.type("text/plain").send("echo"));
  app.post("/echo", (request, reply) => reply.type("text/plain").send(request.body));
  return { url: await app.listen({ host: "127.0.0.1", port: 0 }), key: "", tenants: [] };
}
