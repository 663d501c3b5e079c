import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import {
  type LinkLimits,
  type LinkSpec,
  type LinkTls,
  defaultLinkLimits,
  defaultLinks,
  linkFramings,
} from "../../specs/links.ts";
import { type Result, fail, ok } from "../kernel/result.ts";
import { readImportedDialect } from "./imported-dialect.ts";

/**
 * Reads links from a JSON file: a list of objects in the shape of specs/links.ts. What an object leaves out is as in
 * the default link of its network. The error is one line that names the file, the link and the field.
 */
export function readLinksFile(path: string): Result<readonly LinkSpec[], string> {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    return fail(`${path} cannot be read as links: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!Array.isArray(json) || json.length === 0) return fail(`${path} has to be a list of links, at least one`);
  const links: LinkSpec[] = [];
  for (const [index, item] of json.entries()) {
    const link = toLink(item, path);
    if (!link.ok) return fail(`${path}, link ${index + 1}: ${link.error}`);
    if (links.some(({ name }) => name === link.value.name)) {
      return fail(`${path}, link ${index + 1}: another link has the name "${link.value.name}"`);
    }
    links.push(link.value);
  }
  return ok(links);
}

type Fields = Readonly<Record<string, unknown>>;
type Check = (value: unknown) => boolean;

const noTlsFiles: LinkTls = { certificateFile: null, keyFile: null, authorityFile: null, serverName: null };

/** What each field may be, and how that is said. */
const fields: Readonly<Record<Exclude<keyof LinkSpec, "imported">, readonly [Check, string]>> = {
  name: [(value) => typeof value === "string" && /^[a-z0-9-]{1,40}$/.test(value), "1 to 40 of a-z, 0-9 and -"],
  dialect: [among("visa-style", "mastercard-style", "iso87-ascii"), "visa-style, mastercard-style or iso87-ascii"],
  network: [among("visa", "mastercard", "generic"), "visa, mastercard or generic"],
  endpoint: [isEndpoint, '{"kind": "listen" or "connect", "host": …, "port": 0 to 65535}'],
  framing: [among(...linkFramings), linkFramings.join(", ")],
  stations: [isStations, 'null, or {"ours": six digits, "theirs": six digits}'],
  signOn: [among("by-us", "by-them", "none"), "by-us, by-them or none"],
  bins: [listOf(/^\d{1,11}$/), "a list of first digits of PANs"],
  peers: [listOf(/^[0-9a-fA-F.:]+(\/\d{1,3})?$/), "a list of addresses and subnets"],
  wantsFreshTransmissionTime: [(value) => typeof value === "boolean", "true or false"],
  unknownReversalResponse: [among("25", "00"), '"25" or "00"'],
  allowsPartial: [(value) => typeof value === "boolean", "true or false"],
  cashbackShortfall: [among("partial", "purchase_only"), "partial or purchase_only"],
  tls: [isTls, `null, or paths of PEM files and a name: ${Object.keys(noTlsFiles).join(", ")}`],
  limits: [isLimits, `whole numbers above zero, named ${Object.keys(defaultLinkLimits).join(", ")}`],
};

function toLink(given: unknown, path: string): Result<LinkSpec, string> {
  if (!isFields(given)) return fail("it has to be an object");
  const { spec, mapping, ...item } = given;
  const link = toPlainLink(item, path);
  if (!link.ok || (spec === undefined && mapping === undefined)) return link;
  if (spec === undefined) return fail('"mapping" is for a link with a "spec" of its own');
  if (item["dialect"] !== undefined) return fail('"dialect" and "spec" exclude each other');
  if (link.value.network !== "generic") return fail('"network" has to be generic where there is a "spec"');
  const imported = readImportedDialect(path, spec, mapping);
  return imported.ok ? ok({ ...link.value, imported: imported.value }) : imported;
}

function toPlainLink(item: Fields, path: string): Result<LinkSpec, string> {
  const unknownField = Object.keys(item).find((name) => !(name in fields));
  if (unknownField !== undefined) return fail(`there is no field "${unknownField}"`);
  const usual = defaultLinks.find(({ network }) => network === item["network"]);
  if (usual === undefined) return fail(`"network" has to be ${fields.network[1]}`);
  const merged: Fields = { ...usual, ...item, limits: item["limits"] ?? usual.limits };
  for (const [name, [isRight, expected]] of Object.entries(fields)) {
    if (!isRight(merged[name])) return fail(`"${name}" has to be ${expected}`);
  }
  if (item["name"] === undefined || item["endpoint"] === undefined)
    return fail('"name" and "endpoint" have to be given');
  const tls = isFields(merged["tls"]) ? besides(path, { ...noTlsFiles, ...merged["tls"] }) : null;
  const limits = { ...usual.limits, ...(merged["limits"] as Partial<LinkLimits>) };
  // Every field has just been checked.
  return ok({ ...merged, tls, limits } as unknown as LinkSpec);
}

/** Paths in a file are seen from that file. */
function besides(path: string, tls: LinkTls): LinkTls {
  const at = (file: string | null): string | null => (file === null ? null : resolve(dirname(path), file));
  return {
    ...tls,
    certificateFile: at(tls.certificateFile),
    keyFile: at(tls.keyFile),
    authorityFile: at(tls.authorityFile),
  };
}

function among(...choices: readonly string[]): Check {
  return (value) => typeof value === "string" && choices.includes(value);
}

function listOf(pattern: RegExp): Check {
  return (value) => Array.isArray(value) && value.every((item) => typeof item === "string" && pattern.test(item));
}

function isEndpoint(value: unknown): boolean {
  if (!isFields(value) || !among("listen", "connect")(value["kind"])) return false;
  const { host, port } = value;
  return typeof host === "string" && host !== "" && isWhole(port) && port <= 65_535;
}

function isTls(value: unknown): boolean {
  if (value === null) return true;
  const isText = (item: unknown): boolean => item === null || (typeof item === "string" && item !== "");
  return isFields(value) && Object.entries(value).every(([name, item]) => name in noTlsFiles && isText(item));
}

function isStations(value: unknown): boolean {
  if (value === null) return true;
  return isFields(value) && ["ours", "theirs"].every((name) => /^\d{6}$/.test(String(value[name])));
}

function isLimits(value: unknown): boolean {
  return isFields(value) && Object.entries(value).every(([name, limit]) => isLimit(name, limit));
}

function isLimit(name: string, limit: unknown): boolean {
  if (name === "echoIdleMs" && limit === null) return true;
  return name in defaultLinkLimits && isWhole(limit) && limit > 0;
}

function isWhole(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
