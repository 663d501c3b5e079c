import type { ParamSchema } from "../../specs/api/schema.ts";
import { type Random, pick } from "../../src/kernel/random.ts";
import type { Method, Route } from "../../src/resources/route.ts";

/** A request as a caller might mean it, before anything is done to it. */
export interface LikelyRequest {
  readonly method: Method;
  readonly path: string;
  readonly pairs: readonly Pair[];
}

/** Name and text of a parameter. */
export type Pair = readonly [name: string, value: string];

/** Ids of one account that exist, or did. */
export class KnownIds {
  private readonly byPrefix = new Map<string, string[]>();

  /** Of a kind at most `idsPerKind` are kept: the oldest goes. */
  add(id: string): void {
    const prefix = id.slice(0, id.indexOf("_") + 1);
    const ids = this.byPrefix.get(prefix) ?? [];
    this.byPrefix.set(prefix, ids);
    ids.push(id);
    if (ids.length > idsPerKind) ids.shift();
  }

  /** "" names every kind. */
  of(prefix: string): readonly string[] {
    return prefix === "" ? [...this.byPrefix.values()].flat() : (this.byPrefix.get(prefix) ?? []);
  }
}

const idsPerKind = 40;

export function likelyRequest(random: Random, route: Route, ids: KnownIds): LikelyRequest {
  const path = route.path.replaceAll(
    /([a-z_]+)\/\{[a-z_]+\}/g,
    (_, step: string) => `${step}/${encodeURIComponent(idFor(random, step, ids))}`,
  );
  return { method: route.method, path, pairs: pairsOf(random, route.params, { name: "", ids, depth: 0 }) };
}

/** What stands in no field that somebody means. */
export function oddText(random: Random): string {
  return pick(random, oddTexts);
}

interface At {
  readonly name: string;
  readonly ids: KnownIds;
  readonly depth: number;
}

/** Mostly what the schema lets through, so that handlers see it too. */
function pairsOf(random: Random, schema: ParamSchema, at: At): Pair[] {
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

function textFor(random: Random, name: string, ids: KnownIds): string {
  if (random.integer(30) === 0) return oddText(random);
  const field = name.slice(name.lastIndexOf("[") + 1).replace("]", "");
  const prefix = prefixes[field];
  if (prefix !== undefined) return pick(random, [...ids.of(prefix), "none"]);
  return pick(random, meant[field] ?? ["a text", "12", "2026-11-22", "none"]);
}

function numberFor(random: Random, name: string): string {
  if (name.endsWith("[year]")) return "1990";
  if (name.endsWith("[day]") || name.endsWith("[month]")) return "7";
  const usual = [1, 2, 50, 100, 250, 1_000];
  const odd = [0, -1, 2_100, 1_700_000_000, 2 ** 53 - 1];
  return String(pick(random, random.integer(12) === 0 ? odd : usual));
}

/** Of the ids that stand behind a step of a path. */
const collections: Readonly<Record<string, string>> = {
  accounts: "acct_",
  authorizations: "iauth_",
  balance_transactions: "txn_",
  cardholders: "ich_",
  cards: "ic_",
  disputes: "idp_",
  ephemeral_keys: "ephkey_",
  events: "evt_",
  external_accounts: "ba_",
  file_links: "link_",
  files: "file_",
  payouts: "po_",
  personalization_designs: "ipd_",
  persons: "person_",
  physical_bundles: "ics_",
  reversals: "trr_",
  topups: "tu_",
  transactions: "ipi_",
  transfers: "tr_",
  webhook_endpoints: "we_",
};

function idFor(random: Random, collection: string, ids: KnownIds): string {
  if (random.integer(15) === 0) return oddText(random);
  return pick(random, [...ids.of(collections[collection] ?? ""), "none"]);
}

const oddTexts = ["", " ", "ic_", "0", "-1", "1e9", "null", "\u0000", "é😀", "x".repeat(300), "%", "9".repeat(20)];
