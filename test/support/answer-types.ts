import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { type Declared, type Scope, type Type, lookUp, readDeclarations } from "#bin/contract/declarations.mjs";
import { must } from "../../src/kernel/assert.ts";

/** A declaration with the file of the SDK in which it stands, without its ending. */
export interface Found {
  readonly declared: Declared;
  readonly file: string;
}

/** A type where it is written: names in it mean what they mean there. */
export interface Written {
  readonly type: Type;
  readonly scope: Scope;
  readonly file: string;
}

const resources = fileURLToPath(new URL("../../../node_modules/stripe/esm/resources", import.meta.url));
const files = new Map<string, Scope>();

/** What the SDK calls an object of that `object`: the thing itself, and what is told of it once it is deleted. */
export function objectsCalled(name: string): readonly Found[] {
  return objects.get(name) ?? [];
}

/** The event's own declaration; null where the SDK knows no such event. */
export function eventCalled(type: string): Found | null {
  const word = type.split(/[._]/u).map((part) => part.charAt(0).toUpperCase() + part.slice(1));
  const declared = lookUp(scopeOf("Events"), [`${word.join("")}Event`]);
  return declared === null ? null : { declared, file: "Events" };
}

/** What a name means where it is written. Throws where it means nothing: then the SDK is written in a new way. */
export function meaningOf(path: readonly string[], { file, scope }: Omit<Written, "type">): Found {
  const declared = lookUp(scope, path);
  if (declared !== null) return { declared, file };
  const [first = "", ...rest] = path;
  const from = must(scopeOf(file).imports.get(first), `${file} says what ${path.join(".")} is`);
  const there = normalize(join(dirname(file), from)).replace(/\.js$/u, "");
  const found = lookUp(scopeOf(there), path);
  if (found !== null) return { declared: found, file: there };
  // `Issuing.Card` of another folder stands in one of its files, under its own name.
  const inside = filesIn(dirname(there)).flatMap((one) => {
    const type = lookUp(scopeOf(one), rest);
    return type === null ? [] : [{ declared: type, file: one }];
  });
  return must(inside[0], `the SDK has ${path.join(".")}`);
}

function scopeOf(file: string): Scope {
  const known = files.get(file);
  if (known !== undefined) return known;
  const scope = readDeclarations(readFileSync(join(resources, `${file}.d.ts`), "utf8"), file);
  files.set(file, scope);
  return scope;
}

const objects = objectsByName();

/** Every interface of the SDK whose `object` is one text, by that text. */
function objectsByName(): ReadonlyMap<string, readonly Found[]> {
  const byName = new Map<string, Found[]>();
  for (const folder of [".", "Issuing"]) {
    for (const file of filesIn(folder)) {
      for (const [, declared] of scopeOf(file).types) {
        const name = objectOf(declared);
        if (name !== null) byName.set(name, [...(byName.get(name) ?? []), { declared, file }]);
      }
    }
  }
  return byName;
}

function objectOf(declared: Declared): string | null {
  if (declared.kind !== "interface") return null;
  for (const member of declared.members) {
    if (member.kind === "property" && member.name === "object" && member.type.kind === "literal")
      return member.type.value;
  }
  return null;
}

function filesIn(folder: string): readonly string[] {
  const names = readdirSync(join(resources, folder)).filter((name) => name.endsWith(".d.ts") && name !== "index.d.ts");
  return names.map((name) => join(folder, name.slice(0, -".d.ts".length)));
}
