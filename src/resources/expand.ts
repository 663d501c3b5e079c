import type { IdPrefix } from "../kernel/ids.ts";
import { ApiError } from "./api-error.ts";
import { type Moment, type RenderParts, type Wanted, renderObject } from "./rendering.ts";
import type { RenderedType } from "./view.ts";

/** What an id names, by its prefix. */
export const typeOfPrefix: Readonly<Partial<Record<IdPrefix, RenderedType>>> = {
  acct: "account",
  ba: "external_account",
  ephkey: "ephemeral_key",
  evt: "event",
  file: "file",
  iauth: "authorization",
  ic: "card",
  ich: "cardholder",
  ics: "physical_bundle",
  idp: "dispute",
  ipd: "personalization_design",
  ipi: "transaction",
  link: "file_link",
  person: "person",
  po: "payout",
  tr: "transfer",
  trr: "transfer_reversal",
  tu: "topup",
  txn: "balance_transaction",
  we: "webhook_endpoint",
};
/** Told only where one card is retrieved: never in a list, in an event, or in the answer to a write. */
const retrievedOnly: ReadonlySet<string> = new Set(["number", "cvc"]);
const depthMax = 4;
const pathsMax = 100;

/** Throws `expand_invalid` for paths that are too deep or too many, whatever they lead to. */
export function checkExpand(paths: readonly string[]): void {
  if (paths.length > pathsMax)
    throw new ApiError("expand_invalid", `You cannot expand more than ${pathsMax} properties.`, "expand");
  if (paths.some((path) => path.split(".").length > depthMax)) {
    throw new ApiError("expand_invalid", `You cannot expand more than ${depthMax} levels of a property.`, "expand");
  }
}

/**
 * What the paths are for. Of a write, paths that lead nowhere are passed over: it has happened, and who is told of an error
 * would believe that it has not.
 */
export type ExpansionUse = "retrieval" | "list" | "write";

type Json = Record<string, unknown>;

/** The `expand` of one request: answers what renderers ask, and puts objects in the place of their ids. */
export class Expansion {
  readonly #paths: readonly string[];
  readonly #asked = new Set<string>();
  readonly #use: ExpansionUse;

  /** `paths` as seen from one object: those of a list without their "data.". */
  constructor(paths: readonly string[], use: ExpansionUse) {
    this.#paths = paths;
    this.#use = use;
  }

  /** For renderers: whether the caller wants a path that is not told otherwise. */
  readonly wants: Wanted = (path) => {
    if (this.#use !== "retrieval" && retrievedOnly.has(path)) return false;
    this.#asked.add(path);
    return this.#paths.includes(path);
  };

  /** Puts objects in the place of the ids that the paths lead to. Throws `expand_invalid` where a path leads nowhere. */
  fill(parts: RenderParts, body: object, moment: Moment | null): void {
    for (const path of this.#paths) {
      try {
        this.#fillPath(parts, body, { path, rest: path.split("."), moment });
      } catch (error) {
        if (this.#use !== "write" || !(error instanceof ApiError)) throw error;
      }
    }
  }

  #fillPath(
    parts: RenderParts,
    node: unknown,
    way: { readonly path: string; readonly rest: readonly string[]; readonly moment: Moment | null },
  ): void {
    if (Array.isArray(node)) {
      for (const item of node) this.#fillPath(parts, item, way);
      return;
    }
    const [key, ...rest] = way.rest;
    if (key === undefined || node === null) return;
    if (typeof node !== "object" || !Object.hasOwn(node, key)) {
      if (this.#asked.has(way.path)) return;
      throw notExpandable(way.path);
    }
    // The body was rendered for this answer alone; what is within may be told to others as well, and is copied.
    const holder = node as Json;
    const value = copyOf(holder[key]);
    holder[key] = value;
    const isLast = rest.length === 0;
    if (typeof value === "string" && !this.#asked.has(way.path)) holder[key] = objectOf(parts, value, way);
    else if (isIdList(value)) holder[key] = value.map((id) => objectOf(parts, id, way));
    else if (isLast && !this.#asked.has(way.path) && value !== null && typeof value !== "object") {
      throw notExpandable(way.path);
    }
    this.#fillPath(parts, holder[key], { ...way, rest });
  }
}

function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  return typeof value === "object" && value !== null ? { ...value } : value;
}

function objectOf(
  parts: RenderParts,
  id: string,
  { moment, path }: { readonly path: string; readonly moment: Moment | null },
): object {
  const underscore = id.indexOf("_");
  const prefix = id.slice(0, underscore);
  if (isPrefix(prefix)) {
    const type = typeOfPrefix[prefix];
    const place = parts.ids.decode(prefix, id);
    const object = type === undefined || place === null ? null : renderObject(parts, { type, place }, moment);
    if (object !== null) return object;
  }
  throw notExpandable(path);
}

function isPrefix(text: string): text is IdPrefix {
  return Object.hasOwn(typeOfPrefix, text);
}

function isIdList(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "string");
}

function notExpandable(path: string): ApiError {
  const name = path.slice(path.lastIndexOf(".") + 1);
  return new ApiError(
    "expand_invalid",
    `This property cannot be expanded (${name}). You may want to try expanding another one.`,
    "expand",
  );
}
