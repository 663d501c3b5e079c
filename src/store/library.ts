import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { decisionTable } from "../../specs/decision-table.ts";
import { pinTriesMax } from "../../specs/limits.ts";
import { assert, must } from "../kernel/assert.ts";
import { touches } from "./entry.ts";

/** Concatenated in this order; the functions of a later file may call those of an earlier one. */
export const luaFiles = [
  "prelude",
  "charge",
  "effect",
  "pin",
  "reserve",
  "plan",
  "authorize",
  "increment",
  "advise",
  "post",
  "post_advice",
  "reverse",
  "expire",
  "clear",
  "resolve",
  "commit",
  "backfill",
  "purge",
] as const;
export type LuaFile = (typeof luaFiles)[number];

/** Numbers that the Lua shares with TypeScript: written once here. */
export const luaConstants = {
  REFUSED_FOR_LIMIT: decisionTable.limit.number,
  REFUSED_FOR_FUNDS: decisionTable.insufficient_funds.number,
  REFUSED_FOR_PIN_BLOCKED: decisionTable.pin_blocked.number,
  /** What came of a request's PIN; NONE also where an earlier check has declined. */
  PIN_NONE: 0,
  PIN_RIGHT: 1,
  PIN_WRONG: 2,
  PIN_TRIES_MAX: pinTriesMax,
  /** The `most` of a limit that only counts: 2^48 - 1. */
  COUNT_ONLY: 281_474_976_710_655,
  MOST_MINOR: 140_737_488_355_328,
  /** Outcomes, as authorizer/decision.ts numbers them. */
  APPROVED: 1,
  DECLINED: 2,
  REVERSED_BEFORE: 3,
  PARTIAL: 4,
  /** It waits for the program's endpoint (rules: Real-time endpoint). */
  PENDING: 5,
  /** In a message's field: a reversal came first, and its original is still awaited. */
  AWAITED: 9,
  RELEASED: 11,
  LOWERED: 12,
  TOMBSTONE: 13,
  UNKNOWN: 14,
  NOTHING_TO_RELEASE: 15,
  EXCEPTION: 16,
  REPOSTED: 17,
  KILLED_PENDING: 18,
  HELD: 21,
  MERGED: 22,
  ADDED: 23,
  COMPLETED: 24,
  ATTACHED: 25,
  POSTED: 31,
  CAPTURED_HOLD: 32,
  FORCE_POSTED: 33,
  DUPLICATE: 34,
  /** Of an expiry, which answers nobody. */
  EXPIRED: 41,
  /** Of an answer to a message that waited; RELEASED and KILLED_PENDING are its other words. */
  CONFIRMED: 42,
  /** Of a clearing; FORCE_POSTED is its third word. */
  CAPTURED: 51,
  REFUNDED: 52,
  HOLD_OPEN: 1,
  HOLD_REVERSED: 2,
  HOLD_CAPTURED: 3,
  HOLD_EXPIRED: 4,
  /** States of a posting, which stand where a hold has its own. */
  POSTED_DEBIT: 5,
  POSTED_CREDIT: 6,
  /** Reserved until the program's endpoint has answered: no hold yet. */
  HOLD_PENDING: 7,
  /** Of a fuel hold: nobody has said yet what was pumped, or somebody has. */
  FUEL_AWAITED: 1,
  FUEL_COMPLETED: 2,
  /** Purposes and functions, as authorizer/request.ts numbers them. */
  PURPOSE_PURCHASE: 0,
  PURPOSE_INCREMENT: 1,
  PURPOSE_FUEL: 2,
  PURPOSE_REFUND: 3,
  PURPOSE_VERIFICATION: 4,
  PURPOSE_INQUIRY: 5,
  FUNCTION_NONE: 0,
  FUNCTION_AUTHORIZATION: 1,
  FUNCTION_FINANCIAL: 3,
  /** The network gave no id of the chain; it names what it has first; it names what it is given anew. */
  CHAIN_NONE: 0,
  CHAIN_NAMES: 1,
  CHAIN_RENAMES: 2,
  /** In which currency a replacement amount is. */
  REVERSED_IN_FULL: 0,
  IN_CARD_CURRENCY: 1,
  IN_OTHER_CURRENCY: 2,
  TOUCHED_NOTHING: touches.nothing,
  TOUCHED_HOLD: touches.hold,
  TOUCHED_INCREMENT: touches.increment,
  TOUCHED_DEBIT: touches.debit,
  TOUCHED_CREDIT: touches.credit,
  TOUCHED_DECLINE: touches.decline,
  TOUCHED_TOMBSTONE: touches.tombstone,
  TOUCHED_RESERVATION: touches.reservation,
  MCC_FUEL: 5542,
  /** In the place of an advice's own answer: its amount is in a currency without a rate. */
  NOBODY_CAN_BILL: 2,
} as const;

/** What the head comment of a function's file says: the one source of the glue that calls it. */
export interface LuaHeader {
  readonly name: string;
  readonly keys: readonly string[];
  /** Packed into one text in this order: name and struct code. */
  readonly args: readonly { readonly name: string; readonly code: string }[];
  readonly texts: readonly string[];
  /** Name of the remaining texts as a list, or null. */
  readonly rest: string | null;
  /** May run when Redis is out of memory: it releases or accounts for money that has already moved. */
  readonly mayRunOutOfMemory: boolean;
}

export interface LuaLibrary {
  readonly name: string;
  readonly source: string;
  readonly headers: ReadonlyMap<string, LuaHeader>;
  /** The name to call: it ends in the content's hash, so that two versions live side by side. */
  functionName(name: string): string;
}

const outOfMemoryAllowed = new Set(["advise", "post_advice", "reverse", "expire", "clear", "resolve", "purge"]);

/** Reads the files beside this module. */
export function readLuaSources(): Map<LuaFile, string> {
  const sources = new Map<LuaFile, string>();
  for (const file of luaFiles) {
    sources.set(file, readFileSync(new URL(`./lua/${file}.lua`, import.meta.url), "utf8"));
  }
  return sources;
}

/** One library from the sources; `extra` is appended as it is (a bench adds a function of its own). */
export function assembleLibrary(sources: ReadonlyMap<LuaFile, string>, extra = ""): LuaLibrary {
  const constants = Object.entries(luaConstants).map(([name, value]) => `local ${name} = ${value}`);
  const bodies = luaFiles.map((file) => must(sources.get(file), `no Lua source ${file}`));
  const headers = new Map<string, LuaHeader>();
  for (const body of bodies) {
    const header = readHeader(body);
    if (header !== null) headers.set(header.name, header);
  }
  const code = [...constants, ...bodies].join("\n");
  const digest = createHash("sha1").update(code).update(extra).digest("hex").slice(0, 12);
  const glue = [...headers.values()].map((header) => glueOf(header, `${header.name}_${digest}`));
  const name = `cardswitch_${digest}`;
  return {
    name,
    source: `#!lua name=${name}\n${code}\n${glue.join("\n")}\n${extra.replaceAll("@digest@", digest)}\n`,
    headers,
    functionName: (function_) => `${function_}_${digest}`,
  };
}

/** The contract in the comment lines that begin with `---`, or null for a file without a function of its own. */
export function readHeader(source: string): LuaHeader | null {
  const line = (word: string): string[] => {
    const match = new RegExp(`^--- ${word}: *(.*)$`, "m").exec(source);
    return match?.[1] === undefined || match[1].trim() === "" ? [] : match[1].trim().split(/\s+/);
  };
  const title = /^--- (\w+): /m.exec(source);
  if (title === null) return null;
  const name = must(title[1], "a header names its function");
  const args = line("args").map((item) => {
    const [argument, code] = item.split(":");
    assert(code !== undefined && /^(c\d+|I[1-6]|B|d)$/.test(code), `${name}: ${item} has no struct code`);
    return { name: must(argument, "an argument has a name"), code };
  });
  return {
    name,
    keys: line("keys"),
    args,
    texts: line("texts"),
    rest: line("rest")[0] ?? null,
    mayRunOutOfMemory: outOfMemoryAllowed.has(name),
  };
}

// Arguments arrive packed in the first text: 11 numbers as digits cost 4.6 µs to check, unpacked they cost 0.8 µs
// (bench/RESULTS.md). A packed number cannot be 0x10, 1e3 or nan either.
function glueOf(header: LuaHeader, registeredName: string): string {
  const names = header.args.map((argument) => argument.name);
  const format = `>${header.args.map((argument) => argument.code).join("")}`;
  const texts = header.texts.map((_, index) => `argv[${index + 2}]`);
  const parameters = ["keys", ...names, ...texts];
  const first = header.texts.length + 2;
  const rest = [`local rest = {}`, `for i = ${first}, #argv do rest[i - ${first - 1}] = argv[i] end`];
  if (header.rest !== null) parameters.push("rest");
  return [
    `redis.register_function{ function_name = '${registeredName}', callback = function(keys, argv)`,
    `local ${names.join(", ")} = struct.unpack('${format}', argv[1])`,
    ...(header.rest === null ? [] : rest),
    `return ${header.name}(${parameters.join(", ")})`,
    `end${header.mayRunOutOfMemory ? ", flags = { 'allow-oom' }" : ""} }`,
  ].join("\n");
}
