import { fastify } from "fastify";
import { createLoadProgram } from "../src/app/load-program.ts";
import { must } from "../src/kernel/assert.ts";
import type { Place } from "../src/kernel/ids.ts";
import { startSwitch } from "../src/public.ts";

/** What the bench asks its HTTP process to be: the API of a whole switch, or a route that answers what it was sent. */
export type ApiTask = "api" | "echo";

export interface ApiReport {
  readonly url: string;
  readonly key: string;
  /** Of a card that nothing limits, and of its account; "" where there is none. */
  readonly card: string;
  readonly account: string;
}

process.on("message", (message: ApiTask | "stop") => {
  if (message === "stop") process.exit(0);
  else void (message === "api" ? openApi() : openEcho()).then((report) => process.send?.(report));
});

async function openApi(): Promise<ApiReport> {
  let card: Place | null = null;
  const running = await startSwitch({
    shardCount: 4,
    seed: async (program) => {
      const [made] = await createLoadProgram(program, {
        cards: 1,
        currency: "usd",
        network: "visa",
        shardCount: 1,
        accountsPerShard: 1,
        cardholdersPerAccount: 1,
        funds: 1_000_000_000_000n,
        programType: "load",
        concurrency: 1,
      });
      card = must(made, "a card of the load program").place;
    },
  });
  const { access, api } = running;
  const place = must<Place>(card, "a new data set is seeded");
  const account = must(access.queries.object("card", place), "the card is in the records").account;
  return {
    url: api.url,
    key: api.key,
    card: access.idOf("ic", place),
    account: access.idOf("acct", { shard: place.shard, no: account }),
  };
}

async function openEcho(): Promise<ApiReport> {
  const app = fastify();
  app.addContentTypeParser("application/x-www-form-urlencoded", { parseAs: "string" }, (_request, body, done) =>
    done(null, body),
  );
  app.get("/echo", (_request, reply) => reply.type("text/plain").send("echo"));
  app.post("/echo", (request, reply) => reply.type("text/plain").send(request.body));
  return { url: await app.listen({ host: "127.0.0.1", port: 0 }), key: "", card: "", account: "" };
}
