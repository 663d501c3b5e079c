import { expect } from "chai";
import type { ObjectSchema, ParamSchema } from "../../specs/api/schema.ts";
import { must } from "../../src/kernel/assert.ts";
import type { IdPrefix, Place } from "../../src/kernel/ids.ts";
import type { BankAccountBody } from "../../src/resources/accounts/external-account-view.ts";
import { addPlainObject } from "../../src/resources/plain-objects.ts";
import type { Route } from "../../src/resources/route.ts";
import { routes } from "../../src/resources/routes.ts";
import type { ObjectType } from "../../src/store/entry.ts";
import { type ApiUnderTest, type PlainResponse, connectedAccount, openApiUnderTest } from "../support/api.ts";
import { openWire } from "../support/wire.ts";

/** Of every collection: what a restricted key has to be allowed, and what its ids begin with. */
interface Collection {
  readonly path: string;
  readonly scope: string;
  readonly prefix?: IdPrefix;
  /** What is in it is nobody's own: a catalogue, or nothing at all. */
  readonly isShared?: boolean;
}

const collections: readonly Collection[] = [
  { path: "/v1/account", scope: "accounts" },
  { path: "/v1/account_links", scope: "account_links" },
  { path: "/v1/accounts", scope: "accounts", prefix: "acct" },
  { path: "/v1/balance", scope: "balance" },
  { path: "/v1/balance_settings", scope: "balance_settings" },
  { path: "/v1/balance_transactions", scope: "balance_transactions", prefix: "txn" },
  { path: "/v1/country_specs", scope: "country_specs", isShared: true },
  { path: "/v1/ephemeral_keys", scope: "ephemeral_keys", prefix: "ephkey" },
  { path: "/v1/events", scope: "events", prefix: "evt" },
  { path: "/v1/file_links", scope: "files", prefix: "link" },
  { path: "/v1/files", scope: "files", prefix: "file" },
  { path: "/v1/issuing/authorizations", scope: "issuing_authorizations", prefix: "iauth" },
  { path: "/v1/issuing/cardholders", scope: "issuing_cardholders", prefix: "ich" },
  { path: "/v1/issuing/cards", scope: "issuing_cards", prefix: "ic" },
  { path: "/v1/issuing/cards/{card}/test/authorizations", scope: "issuing_authorizations", prefix: "ic" },
  { path: "/v1/issuing/disputes", scope: "issuing_disputes", prefix: "idp" },
  { path: "/v1/issuing/funding_instructions", scope: "funding_instructions" },
  { path: "/v1/issuing/personalization_designs", scope: "issuing_personalization_designs", prefix: "ipd" },
  { path: "/v1/issuing/physical_bundles", scope: "issuing_personalization_designs", prefix: "ics", isShared: true },
  { path: "/v1/issuing/tokens", scope: "issuing_tokens", isShared: true },
  { path: "/v1/issuing/transactions", scope: "issuing_transactions", prefix: "ipi" },
  { path: "/v1/payouts", scope: "payouts", prefix: "po" },
  { path: "/v1/test_helpers/issuing/authorizations", scope: "issuing_authorizations", prefix: "iauth" },
  { path: "/v1/test_helpers/issuing/cards", scope: "issuing_cards", prefix: "ic" },
  { path: "/v1/test_helpers/issuing/fund_balance", scope: "funding_instructions" },
  {
    path: "/v1/test_helpers/issuing/personalization_designs",
    scope: "issuing_personalization_designs",
    prefix: "ipd",
  },
  { path: "/v1/test_helpers/issuing/transactions", scope: "issuing_transactions", prefix: "ipi" },
  { path: "/v1/topups", scope: "topups", prefix: "tu" },
  { path: "/v1/transfers", scope: "transfers", prefix: "tr" },
  { path: "/v1/webhook_endpoints", scope: "webhook_endpoints", prefix: "we" },
];

/** Kinds of which the owner gets one that nobody but a missing check would show. */
const planted: Readonly<Partial<Record<IdPrefix, ObjectType>>> = {
  ba: "external_account",
  ephkey: "ephemeral_key",
  file: "file",
  idp: "dispute",
  ipd: "personalization_design",
  link: "file_link",
  po: "payout",
  tr: "transfer",
  trr: "transfer_reversal",
  tu: "topup",
  we: "webhook_endpoint",
};

/** It is part of what is told of the account, so that it has to be whole. */
const bankAccount = {
  account_holder_name: null,
  account_holder_type: null,
  account_type: null,
  country: "US",
  currency: "usd",
  routing_number: "110000000",
  last4: "6789",
  fingerprint: "of the matrix",
  default_for_currency: false,
  deleted: false,
  metadata: {},
  created: 1_700_000_000,
} as const satisfies Partial<BankAccountBody>;

const named = routes.filter(({ path }) => path.includes("{") && collectionOf(path)?.isShared !== true);

describe("the API's matrix", () => {
  it("has a rule for every route: a new one needs a line here", () => {
    for (const { method, path, scope } of routes) {
      const { scope: resource } = must(collectionOf(path), `no collection of this test has ${path}`);
      const level = method === "GET" ? "read" : "write";

      expect(scope, `${method} ${path}`).to.equal(`${resource}:${level}`);
    }
  });

  describe("of accounts", () => {
    let api: ApiUnderTest;
    let ids: ReadonlyMap<IdPrefix, string>;

    before(async () => {
      api = await openApiUnderTest({ seed: "demo" });
      ids = await thingsOf(api);
    });

    after(() => api.running.close());

    for (const route of named) {
      it(`finds nothing of somebody else: ${route.method} ${route.path}`, async () => {
        const prefix = must(collectionOf(route.path)?.prefix, `${route.path} has ids`);
        const id = must(ids.get(prefix), `the owner has something that begins with ${prefix}_`);
        const stranger = { "stripe-account": connectedAccount(api, "gb") };
        // An account is found by its platform, which owns it.
        const intruders = prefix === "acct" ? [stranger] : [stranger, {}];

        for (const headers of intruders) {
          const { body, status } = await ask(api, route, { id, headers });

          expect(status, JSON.stringify(body)).to.be.oneOf(prefix === "acct" ? [403, 404] : [404]);
          expect(JSON.stringify(body)).not.to.include("business_name");
        }
      });
    }

    for (const route of routes) {
      it(`asks a restricted key for its scope, and for no other: ${route.method} ${route.path}`, async () => {
        const others = new Set(routes.map(({ scope }) => scope).filter((scope) => !implies(scope, route.scope)));
        const without = await restricted(api, [...others]);
        const just = await restricted(api, [route.scope]);
        const id = ids.get(collectionOf(route.path)?.prefix ?? "acct") ?? "x";

        const refused = await ask(api, route, { id, headers: { authorization: `Bearer ${without}` } });
        const admitted = await ask(api, route, { id, headers: { authorization: `Bearer ${just}` } });

        expect(refused.status).to.equal(403);
        expect(admitted.error["message"] ?? "").not.to.include("required permissions");
      });
    }
  });
});

function collectionOf(path: string): Collection | undefined {
  const found = collections.filter((one) => path === one.path || path.startsWith(`${one.path}/`));
  return found.toSorted((a, b) => b.path.length - a.path.length)[0];
}

/** Something of every kind that account "us" has, by the beginning of its id. */
async function thingsOf(api: ApiUnderTest): Promise<ReadonlyMap<IdPrefix, string>> {
  const { access, demo } = api.running;
  const program = must(demo, "the demo was seeded");
  const account = must(program.accounts.get("us"), "account us");
  const card = must(program.cards.get("us-1"), "card us-1");
  const ids = new Map<IdPrefix, string>();
  const add = (prefix: IdPrefix, place: Place): void => {
    ids.set(prefix, access.idOf(prefix, place));
  };
  add("acct", account);
  add("ic", card.place);
  add("ich", must(program.cardholders.get("us-amara"), "cardholder us-amara"));
  for (const [prefix, type] of Object.entries(planted) as [IdPrefix, ObjectType][]) {
    const body = { object: type, account: account.no, ...(prefix === "ba" ? bankAccount : {}) };
    add(prefix, await addPlainObject(access.program, account, type, body));
  }
  const wire = await openWire("visa", api.running.visa.port);
  await wire.station.authorize(wire.purchase(card, 10_00n), "us-1");
  await wire.close();
  await api.running.settled();
  const [made] = access.queries.authorizationsOfCard(card.place, { before: null, rowsMax: 1 });
  const { shard, no } = must(made, "an authorization of us-1").place;
  add("iauth", { shard, no });
  add("ipi", { shard, no });
  add("txn", { shard, no: no * 8 });
  add("evt", { shard, no: no * 8 });
  return ids;
}

async function ask(
  api: ApiUnderTest,
  { method, params, path }: Route,
  { headers, id }: { readonly id: string; readonly headers: Readonly<Record<string, string>> },
): Promise<PlainResponse> {
  const form = new URLSearchParams(fieldsOf(params, "")).toString();
  const at = path.replaceAll(/\{[a-z_]+\}/g, id);
  if (method === "POST") return api.send(at, { method, headers, body: form });
  return api.send(form === "" ? at : `${at}?${form}`, { method, headers });
}

/** The least that the schema lets through, so that a request gets as far as to whose it is. */
function fieldsOf(schema: ParamSchema, name: string): [string, string][] {
  if ("anyOf" in schema) return fieldsOf(must(schema.anyOf[0], "a choice"), name);
  switch (schema.type) {
    case "string":
      return [[name, schema.enum?.find((member) => member !== "") ?? "x"]];
    case "integer":
    case "number":
      return [[name, String(schema.minimum ?? 1)]];
    case "boolean":
      return [[name, "true"]];
    case "array":
      return fieldsOf(schema.items, `${name}[0]`);
    case "object":
      if (!("properties" in schema)) return [];
      return leastOf(schema, name === "").flatMap((field) =>
        fieldsOf(must(schema.properties[field], field), name === "" ? field : `${name}[${field}]`),
      );
  }
}

/** An object that is wanted has to have something in it. */
function leastOf({ properties, required }: ObjectSchema, isWhole: boolean): readonly string[] {
  return isWhole || required.length > 0 ? required : Object.keys(properties).slice(0, 1);
}

async function restricted(api: ApiUnderTest, scopes: readonly string[]): Promise<string> {
  const allowed: Record<string, string> = {};
  for (const scope of scopes) {
    const [resource = "", level = ""] = scope.split(":");
    if (allowed[resource] !== "write") allowed[resource] = level;
  }
  const body = JSON.stringify({ name: "matrix", scopes: allowed });
  const { body: made } = await api.send("/_admin/api-keys", { method: "POST", body });
  return String(made["secret"]);
}

/** Whether who has the one scope may do what needs the other. */
function implies(has: string, wanted: string): boolean {
  return has === wanted || has === wanted.replace(/:read$/, ":write");
}
