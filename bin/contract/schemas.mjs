import { lookUp } from "./declarations.mjs";

/** Types of the SDK that specs/api/forms.ts writes once. Their names there, plain and where "" unsets. */
const forms = {
  string: ["text", "emptyableText"],
  boolean: ["flag", null],
  integer: ["integer", "emptyableInteger"],
  fraction: ["fraction", "emptyableFraction"],
  Decimal: ["decimal", "emptyableDecimal"],
  MetadataParam: ["metadata", "emptyableMetadata"],
  FileData: ["upload", null],
};

/** Lists of at least this many members are written once, in specs/api/enums.ts. */
const sharedMembersMin = 20;

/** Turns the type of an operation's parameters into the schema that specs/api holds. */
export class SchemaMaker {
  /** `declarationsOf(file, import)`: the scope of the file that a relative import names. */
  constructor(declarationsOf) {
    this.declarationsOf = declarationsOf;
    /** Names of the shared lists by their members. */
    this.enums = new Map();
  }

  /** The schema of an interface as a tree of `object`, `list`, `enum`, `form` and `anyOf` nodes. */
  objectOf(declared, context) {
    const properties = new Map();
    for (const base of declared.bases) {
      const found = this.resolve(base, { ...context, scope: declared.scope });
      for (const [name, property] of this.objectOf(found.declared, found.context).properties)
        properties.set(name, property);
    }
    const inside = { ...context, scope: declared.scope };
    for (const member of declared.members) {
      const property = this.propertyOf(member, inside);
      properties.set(member.name, property);
    }
    return { kind: "object", properties };
  }

  propertyOf(member, context) {
    if (member.kind !== "property") throw new Error(`${context.file}: an index signature among parameters`);
    const { name, isOptional, type } = member;
    const here = { ...context, path: [...context.path, name] };
    if (name === "limit" && type.path?.[0] === "number")
      return { isOptional, schema: { kind: "form", name: "pageSize" } };
    return { isOptional, schema: this.schemaOf(type, here) };
  }

  schemaOf(type, context) {
    switch (type.kind) {
      case "union":
        return this.unionOf(type.members, context);
      case "literal":
        return { kind: "enum", values: [type.value] };
      case "object":
        return this.objectOf({ bases: [], members: type.members, scope: context.scope }, context);
      case "reference":
        return this.referenceOf(type, context);
      default:
        throw new Error(`${context.file} ${context.path.join(".")}: no schema for ${type.kind}`);
    }
  }

  referenceOf(type, context) {
    const [name] = type.path;
    if (name === "true") return { kind: "true" };
    if (name === "Emptyable") return this.emptyable(this.schemaOf(type.args[0], context));
    if (name === "Array") {
      const items = this.schemaOf(type.args[0], context);
      return items.kind === "form" && items.name === "text" ? { kind: "form", name: "texts" } : { kind: "list", items };
    }
    // Shares of a company are the only numbers that need not be whole; amounts, months and moments are.
    const isFraction = name === "number" && context.path.at(-1).includes("percent");
    const plain = name === "number" ? (isFraction ? "fraction" : "integer") : name;
    if (forms[plain] !== undefined) return { kind: "form", name: forms[plain][0] };
    const { declared, context: there } = this.resolve(type, context);
    if (declared.kind === "interface") return this.objectOf(declared, there);
    return this.schemaOf(declared.type, { ...there, scope: declared.scope });
  }

  unionOf(members, context) {
    const literals = members.filter(({ kind }) => kind === "literal").map(({ value }) => value);
    const others = members.filter((member) => member.kind !== "literal" && member.path?.[0] !== "OtherString");
    const isRange = others.some(({ path }) => path?.[0] === "RangeQueryParam");
    if (isRange) return { kind: "form", name: "moments" };
    const flags = others.filter(({ path }) => path?.[0] === "true" || path?.[0] === "false");
    if (flags.length === 2) return { kind: "form", name: "flag" };
    const schemas = others.map((member) => this.schemaOf(member, context));
    if (literals.length > 0) schemas.unshift(this.enumOf(literals, context));
    if (schemas.length === 1) return schemas[0];
    return { kind: "anyOf", members: schemas };
  }

  enumOf(values, { path }) {
    if (values.length < sharedMembersMin) return { kind: "enum", values };
    const key = JSON.stringify(values);
    const known = this.enums.get(key);
    if (known !== undefined) return { kind: "enum", shared: known };
    const taken = new Set(this.enums.values());
    const wanted = nameOfList(path);
    let name = wanted;
    for (let count = 2; taken.has(name); count += 1) name = `${wanted}${count}`;
    this.enums.set(key, name);
    return { kind: "enum", shared: name };
  }

  emptyable(schema) {
    if (schema.kind === "form") {
      const pair = Object.values(forms).find(([plain]) => plain === schema.name);
      const name = schema.name === "texts" ? "emptyableTexts" : pair?.[1];
      if (name !== undefined && name !== null) return { kind: "form", name };
    }
    if (schema.kind === "enum" && schema.values !== undefined) return { kind: "enum", values: ["", ...schema.values] };
    const members = schema.kind === "anyOf" ? schema.members : [schema];
    return { kind: "anyOf", members: [{ kind: "form", name: "unset" }, ...members] };
  }

  resolve({ path }, context) {
    const declared = lookUp(context.scope, path);
    if (declared !== null) return { declared, context };
    const from = context.imports.get(path[0]);
    const there = from === undefined ? null : this.declarationsOf(context.file, from);
    const found = there === null ? null : lookUp(there.scope, path);
    if (found === null) throw new Error(`${context.file}: nothing is called ${path.join(".")}`);
    return { declared: found, context: { ...context, ...there } };
  }
}

/** `spending_controls.allowed_categories` → `categories`; a list is named after the field that it stands in. */
function nameOfList(path) {
  const field = path.at(-1).replace(/^(allowed|blocked)_/, "");
  if (field === "category") return "merchantDataCategories";
  const words = field.split("_");
  return words.map((word, index) => (index === 0 ? word : word[0].toUpperCase() + word.slice(1))).join("");
}
