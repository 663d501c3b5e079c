import { expect } from "chai";
import type { ParamSchema } from "../../specs/api/schema.ts";
import { must } from "../../src/kernel/assert.ts";
import { type Random, pick, seededRandom } from "../../src/kernel/random.ts";
import { routes } from "../../src/resources/routes.ts";
import { type ApiUnderTest, openApiUnderTest } from "../support/api.ts";

const seed = Number(process.env["API_FUZZ_SEED"] ?? "20261122");
const requestsPerRoute = Number(process.env["API_FUZZ_REQUESTS"] ?? "5");

describe("the API and bodies that nobody meant", () => {
  let api: ApiUnderTest;
  /** Ids that exist, by account; "" is the platform. What requests make is added. */
  let pools: Map<string, string[]>;

  before(async () => {
    api = await openApiUnderTest({ seed: "demo" });
    pools = poolsOf(api);
  });

  after(() => api.running.close());

  it("refuses them or does them, and never fails, and the books stay sound", async () => {
    const random = seededRandom(seed);
    const failed: string[] = [];
    let done = 0;
    for (let i = 0; i < requestsPerRoute; i++) {
      for (const route of routes) {
        const account = pick(random, [...pools.keys()]);
        const ids = must(pools.get(account), "a pool");
        const form = formOf(random, route.params, ids);
        const path = route.path.replaceAll(/\{[a-z_]+\}/g, () => encodeURIComponent(idFor(random, route.path, ids)));
        const isPost = route.method === "POST";
        const { body, status } = await api.send(isPost || form === "" ? path : `${path}?${form}`, {
          method: route.method,
          headers: account === "" ? {} : { "stripe-account": account },
          ...(isPost ? { body: form } : {}),
        });
        if (status >= 500) failed.push(`${route.method} ${path} ${form}`);
        if (status !== 200) expect(body, path).to.have.property("error");
        else done++;
        if (status === 200 && isPost && typeof body["id"] === "string") ids.push(body["id"]);
      }
    }
    const verified = await api.running.verify();

    expect(failed, `seed ${seed}`).to.deep.equal([]);
    expect(verified.violations, `seed ${seed}`).to.deep.equal([]);
    expect(done).to.be.greaterThan(routes.length / 2);
  }).timeout(600_000);
});

function poolsOf({ running }: ApiUnderTest): Map<string, string[]> {
  const { access, demo } = running;
  const { accounts, cardholders, cards } = must(demo, "the demo was seeded");
  const pools = new Map<string, string[]>([["", []]]);
  for (const place of accounts.values()) {
    const isOf = (one: { readonly shard: number }): boolean => one.shard === place.shard;
    const account = access.idOf("acct", place);
    const holders = [...cardholders.values()].filter(isOf).map((one) => access.idOf("ich", one));
    const ids = [...cards.values()].filter((card) => isOf(card.place)).map((card) => access.idOf("ic", card.place));
    pools.set(account, [account, ...holders, ...ids]);
    pools.get("")?.push(account);
  }
  return pools;
}

function formOf(random: Random, schema: ParamSchema, ids: readonly string[]): string {
  const pairs = pairsOf(random, schema, { name: "", ids, depth: 0 });
  if (random.integer(20) === 0) pairs.push([pick(random, ["x", "a[b]", "metadata", "expand[]", "[", "limit"]), "1"]);
  return pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
}

interface At {
  readonly name: string;
  readonly ids: readonly string[];
  readonly depth: number;
}

/** Mostly what the schema lets through, so that handlers see it too. */
function pairsOf(random: Random, schema: ParamSchema, at: At): [string, string][] {
  const { ids, name } = at;
  if (name !== "" && random.integer(80) === 0) return [[name, oddText(random)]];
  if ("anyOf" in schema) return pairsOf(random, pick(random, schema.anyOf), at);
  switch (schema.type) {
    case "string":
      return [[name, schema.enum === undefined ? textFor(random, name, ids) : pick(random, schema.enum)]];
    case "integer":
    case "number":
      return [[name, numberFor(random, name)]];
    case "boolean":
      return [[name, pick(random, ["true", "false"])]];
    case "array":
      return [0, 1].slice(0, 1 + random.integer(2)).flatMap((i) => pairsOf(random, schema.items, below(at, `[${i}]`)));
    case "object":
      if (!("properties" in schema)) return [[`${name}[${pick(random, ["a", "b", "c"])}]`, pick(random, ["1", ""])]];
      return Object.entries(schema.properties).flatMap(([field, property]) => {
        const chance = name === "" ? 6 : 3;
        const isWanted = schema.required.includes(field) ? random.integer(60) !== 0 : random.integer(chance) === 0;
        if (!isWanted || at.depth > 6) return [];
        return pairsOf(random, property, below(at, name === "" ? field : `[${field}]`));
      });
  }
}

function below({ depth, ids, name }: At, step: string): At {
  return { name: `${name}${step}`, ids, depth: depth + 1 };
}

/** What stands in a field of that name, where somebody means it. */
const meant: Readonly<Record<string, readonly string[]>> = {
  account_holder_name: ["Jenny Rosen"],
  city: ["Portland"],
  country: ["US", "DE", "GB"],
  currency: ["usd", "eur", "gbp"],
  email: ["jenny@example.com"],
  ip: ["203.0.113.7"],
  line1: ["1 Main Street"],
  name: ["Jenny Rosen"],
  nonce: ["n"],
  phone_number: ["+14155550123"],
  postal_code: ["97201"],
  state: ["OR"],
  url: ["http://127.0.0.1:9/hook"],
};
const prefixes: Readonly<Record<string, string>> = {
  authorization: "iauth_",
  card: "ic_",
  cardholder: "ich_",
  destination: "acct_",
  dispute: "idp_",
  ending_before: "",
  issuing_card: "ic_",
  personalization_design: "ipd_",
  physical_bundle: "ics_",
  replacement_for: "ic_",
  starting_after: "",
  transaction: "ipi_",
};

function textFor(random: Random, name: string, ids: readonly string[]): string {
  if (random.integer(30) === 0) return oddText(random);
  const field = name.slice(name.lastIndexOf("[") + 1).replace("]", "");
  const prefix = prefixes[field];
  if (prefix !== undefined) return pick(random, [...ids.filter((id) => id.startsWith(prefix)), "none"]);
  return pick(random, meant[field] ?? ["a text", "12", "2026-11-22", ...ids]);
}

function numberFor(random: Random, name: string): string {
  if (name.endsWith("[year]")) return "1990";
  if (name.endsWith("[day]") || name.endsWith("[month]")) return "7";
  const usual = [1, 2, 50, 100, 250, 1_000];
  return String(
    random.integer(12) === 0 ? pick(random, [0, -1, 2_100, 1_700_000_000, 2 ** 53 - 1]) : pick(random, usual),
  );
}

const collections: readonly (readonly [string, string])[] = [
  ["/accounts", "acct_"],
  ["/authorizations", "iauth_"],
  ["/cardholders", "ich_"],
  ["/cards", "ic_"],
  ["/disputes", "idp_"],
  ["/payouts", "po_"],
  ["/personalization_designs", "ipd_"],
  ["/topups", "tu_"],
  ["/transactions", "ipi_"],
  ["/transfers", "tr_"],
  ["/webhook_endpoints", "we_"],
];

function idFor(random: Random, path: string, ids: readonly string[]): string {
  if (random.integer(15) === 0) return oddText(random);
  const [, prefix = ""] = collections.find(([part]) => path.includes(part)) ?? [];
  return pick(random, [...ids.filter((id) => id.startsWith(prefix)), "none"]);
}

function oddText(random: Random): string {
  return pick(random, [
    "",
    " ",
    "ic_",
    "0",
    "-1",
    "1e9",
    "null",
    "\u0000",
    "é😀",
    "x".repeat(300),
    "%",
    "9".repeat(20),
  ]);
}
