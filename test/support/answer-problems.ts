import type { Member, Type } from "#bin/contract/declarations.mjs";
import { assert, must } from "../../src/kernel/assert.ts";
import { type Found, type Written, eventCalled, meaningOf, objectsCalled } from "./answer-types.ts";

/** One difference between an answer and the SDK's types, such as `issuing.card.wallets: missing`. */
export type Problem = string;

/** All in which an answer of the API is not what the SDK's types say that it is. */
export function problemsOf(answer: unknown): Problem[] {
  if (!isObject(answer)) return ["answer: no object"];
  if ("error" in answer) return problemsOfError(answer);
  const name = answer["object"];
  if (name === "list") return problemsOfList(answer, "list", problemsOf);
  if (name === "event") return problemsOfEvent(answer);
  const known = objectsCalled(String(name));
  if (known.length === 0) return [`${String(name)}: the SDK has no such object`];
  return fewest(known.map((found) => problemsOfDeclared(answer, found, String(name))));
}

const errorTypes = ["api_error", "authentication_error", "card_error", "idempotency_error", "invalid_request_error"];
const errorFields = ["code", "decline_code", "doc_url", "message", "param", "request_log_url", "type"];

function problemsOfError(answer: Readonly<Record<string, unknown>>): Problem[] {
  const { error } = answer;
  if (!isObject(error)) return ["error: no object"];
  const unknown = Object.keys(error).filter((field) => !errorFields.includes(field));
  const texts = Object.entries(error).filter(([, value]) => typeof value !== "string");
  const isTyped = errorTypes.includes(String(error["type"]));
  return [
    ...Object.keys(answer).flatMap((field) => (field === "error" ? [] : [`error beside ${field}`])),
    ...unknown.map((field) => `error.${field}: unknown`),
    ...texts.map(([field]) => `error.${field}: no text`),
    ...(isTyped ? [] : [`error.type: ${String(error["type"])}`]),
  ];
}

type Check = (value: unknown) => Problem[];

function problemsOfList(list: Readonly<Record<string, unknown>>, at: string, check: Check): Problem[] {
  const { data, has_more, object, url, ...more } = list;
  const items = Array.isArray(data) ? data.flatMap((item) => check(item)) : [`${at}.data: no array`];
  return [
    ...items,
    ...(typeof has_more === "boolean" ? [] : [`${at}.has_more: no boolean`]),
    ...(object === "list" ? [] : [`${at}.object: ${String(object)}`]),
    ...(typeof url === "string" && url.startsWith("/v1/") ? [] : [`${at}.url: ${String(url)}`]),
    ...Object.keys(more).map((field) => `${at}.${field}: unknown`),
  ];
}

/** What an event tells of is an object as any; what it has been before is a part of one. */
function problemsOfEvent(event: Readonly<Record<string, unknown>>): Problem[] {
  const type = String(event["type"]);
  const found = eventCalled(type);
  if (found === null) return [`event: the SDK has no ${type}`];
  const { data } = event;
  if (!isObject(data)) return [`${type}.data: no object`];
  const { object, previous_attributes: before = {}, ...more } = data;
  const subject = subjectOf(found);
  const plain = problemsOfDeclared({ ...event, data: {} }, found, type);
  return [
    ...plain.filter((problem) => !problem.startsWith(`${type}.data`)),
    ...Object.keys(more).map((field) => `${type}.data.${field}: unknown`),
    ...problemsAt(object, subject, `${type}.data.object`),
    ...problemsOfPart(before, subject, `${type}.data.previous_attributes`),
  ];
}

/** The type of the event's `data.object`. */
function subjectOf(found: Found): Written {
  const data = must(membersOf(found).find(({ member }) => isCalled(member, "data")) ?? null, "an event has data");
  assert(data.member.type.kind === "reference", "the data of an event has a name");
  const subject = membersOf(meaningOf(data.member.type.path, data)).find(({ member }) => isCalled(member, "object"));
  const { member, ...place } = must(subject ?? null, "an event has an object");
  return { ...place, type: member.type };
}

function isCalled(member: Member, name: string): boolean {
  return member.kind === "property" && member.name === name;
}

/** Fields that are there have to be right; nested objects may be parts as well. */
function problemsOfPart(part: unknown, subject: Written, at: string): Problem[] {
  return problemsAt(part, subject, at).filter((problem) => !problem.endsWith(": missing"));
}

function problemsOfDeclared(value: Readonly<Record<string, unknown>>, found: Found, at: string): Problem[] {
  const { declared, file } = found;
  if (declared.kind === "alias") return problemsAt(value, { type: declared.type, scope: declared.scope, file }, at);
  return problemsOfMembers(value, membersOf(found), at);
}

interface PlacedMember extends Omit<Written, "type"> {
  readonly member: Member;
}

/** With those of what it extends; what it says itself goes before. */
function membersOf({ declared, file }: Found): PlacedMember[] {
  if (declared.kind !== "interface") return [];
  const { bases, members, scope } = declared;
  const own = members.map((member) => ({ member, scope, file }));
  const names = new Set(members.map((member) => (member.kind === "property" ? member.name : "")));
  const inherited = bases.flatMap((base) =>
    base.kind === "reference" ? membersOf(meaningOf(base.path, { scope, file })) : [],
  );
  return [...own, ...inherited.filter(({ member }) => member.kind !== "property" || !names.has(member.name))];
}

function problemsOfMembers(
  value: Readonly<Record<string, unknown>>,
  members: readonly PlacedMember[],
  at: string,
): Problem[] {
  const problems: Problem[] = [];
  const told = new Map(Object.entries(value));
  for (const { member, scope, file } of members) {
    if (member.kind === "index") {
      for (const [name, one] of told)
        problems.push(...problemsAt(one, { type: member.type, scope, file }, `${at}.${name}`));
      told.clear();
      continue;
    }
    const { isOptional, name, type } = member;
    if (told.has(name)) problems.push(...problemsAt(told.get(name), { type, scope, file }, `${at}.${name}`));
    else if (!isOptional) problems.push(`${at}.${name}: missing`);
    told.delete(name);
  }
  for (const name of told.keys()) problems.push(`${at}.${name}: unknown`);
  return problems;
}

function problemsAt(value: unknown, written: Written, at: string): Problem[] {
  const { type, scope, file } = written;
  switch (type.kind) {
    case "literal":
    case "number":
      return value === type.value ? [] : [`${at}: ${JSON.stringify(value)} and not ${type.value}`];
    case "union":
      return problemsOfUnion(value, type.members, written, at);
    case "object":
      if (!isObject(value)) return [`${at}: no object`];
      return problemsOfMembers(
        value,
        type.members.map((member) => ({ member, scope, file })),
        at,
      );
    case "reference":
      return problemsOfReference(value, { path: type.path, args: type.args, scope, file }, at);
  }
}

function problemsOfUnion(value: unknown, members: readonly Type[], written: Written, at: string): Problem[] {
  // "Or a text that the SDK does not know yet": whatever we tell has to be one that it knows.
  const known = members.filter((type) => type.kind !== "reference" || type.path[0] !== "OtherString");
  const all = known.map((type) => problemsAt(value, { ...written, type }, at));
  if (all.some((problems) => problems.length === 0)) return [];
  if (!isObject(value)) return [`${at}: ${JSON.stringify(value)} is none of the SDK's`];
  return fewest(all);
}

interface Named extends Omit<Written, "type"> {
  readonly path: readonly string[];
  readonly args: readonly Type[];
}

function problemsOfReference(value: unknown, { args, file, path, scope }: Named, at: string): Problem[] {
  const [name = ""] = path;
  const [of = null] = args;
  const wrong = [`${at}: ${JSON.stringify(value) ?? "nothing"} is no ${name}`];
  switch (name) {
    case "any":
    case "unknown":
      return [];
    // `deleted?: void` of what is not deleted: never told.
    case "void":
      return wrong;
    case "null":
      return value === null ? [] : wrong;
    case "true":
    case "false":
      return String(value) === name && typeof value === "boolean" ? [] : wrong;
    case "string":
    case "boolean":
      return typeof value === name ? [] : wrong;
    case "number":
      // Shares of a company are the only numbers that need not be whole.
      return Number.isSafeInteger(value) || (typeof value === "number" && at.endsWith("percent_ownership"))
        ? []
        : wrong;
    case "Decimal":
      return typeof value === "string" && /^-?\d+(?:\.\d+)?$/u.test(value) ? [] : wrong;
    case "Array":
      if (of === null || !Array.isArray(value)) return wrong;
      return value.flatMap((item) => problemsAt(item, { type: of, scope, file }, `${at}[]`));
    case "ApiList":
      if (of === null || !isObject(value)) return wrong;
      return problemsOfList(value, at, (item) => problemsAt(item, { type: of, scope, file }, `${at}.data[]`));
  }
  const found = meaningOf(path, { scope, file });
  if (found.declared.kind === "alias") {
    return problemsAt(value, { type: found.declared.type, scope: found.declared.scope, file: found.file }, at);
  }
  return isObject(value) ? problemsOfDeclared(value, found, at) : wrong;
}

function fewest(all: readonly Problem[][]): Problem[] {
  return all.reduce((best, problems) => (problems.length < best.length ? problems : best));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
