const widthMax = 120;

/** TypeScript of a schema, laid out as the formatter lays it out, so that what is generated needs no second tool. */
export function write(node, indent, taken) {
  switch (node.kind) {
    case "form":
      return node.name;
    case "true":
      return '{ type: "boolean", enum: [true] }';
    case "enum":
      if (node.shared !== undefined) return `{ type: "string", enum: ${node.shared} }`;
      return writeEnum(node.values, indent, taken);
    case "list":
      return writeList(node, indent, taken);
    case "anyOf":
      return writeAnyOf(node, indent, taken);
    case "object":
      return writeObject(node, indent);
  }
}

/** A list of texts: on one line where it fits after `taken` characters, else one on each line. */
export function writeTexts(values, indent, taken) {
  const line = `[${values.map((value) => JSON.stringify(value)).join(", ")}]`;
  if (indent.length + taken + line.length < widthMax) return line;
  return `[\n${values.map((value) => `${indent}  ${JSON.stringify(value)},\n`).join("")}${indent}]`;
}

/** Every name of `forms.ts` and `enums.ts` that a schema refers to. */
export function* namesIn(node) {
  if (node.kind === "form") yield { file: "forms", name: node.name };
  if (node.kind === "enum" && node.shared !== undefined) yield { file: "enums", name: node.shared };
  if (node.kind === "list") yield* namesIn(node.items);
  if (node.kind === "anyOf") for (const member of node.members) yield* namesIn(member);
  if (node.kind === "object") for (const { schema } of node.properties.values()) yield* namesIn(schema);
}

function writeEnum(values, indent, taken) {
  const line = `{ type: "string", enum: [${values.map((value) => JSON.stringify(value)).join(", ")}] }`;
  if (indent.length + taken + line.length < widthMax) return line;
  const inner = `${indent}  `;
  return `{\n${inner}type: "string",\n${inner}enum: ${writeTexts(values, inner, "enum: ,".length)},\n${indent}}`;
}

function writeList({ items }, indent, taken) {
  const line = `{ type: "array", items: ${write(items, indent, 0)} }`;
  if (!line.includes("\n") && indent.length + taken + line.length < widthMax) return line;
  const inner = `${indent}  `;
  return `{\n${inner}type: "array",\n${inner}items: ${write(items, inner, "items: ,".length)},\n${indent}}`;
}

function writeAnyOf({ members }, indent, taken) {
  const line = `{ anyOf: [${members.map((member) => write(member, indent, 0)).join(", ")}] }`;
  if (!line.includes("\n") && indent.length + taken + line.length < widthMax) return line;
  const inner = `${indent}  `;
  const deep = `${inner}  `;
  const written = members.map((member) => `${deep}${write(member, deep, 1)},\n`).join("");
  return `{\n${inner}anyOf: [\n${written}${inner}],\n${indent}}`;
}

function writeObject({ properties }, indent) {
  const inner = `${indent}  `;
  const deep = `${inner}  `;
  const required = [...properties].filter(([, { isOptional }]) => !isOptional).map(([name]) => name);
  const lines = [...properties].map(
    ([name, { schema }]) => `${deep}${name}: ${write(schema, deep, name.length + 3)},\n`,
  );
  const body = lines.length === 0 ? "{}" : `{\n${lines.join("")}${inner}}`;
  return [
    "{",
    `${inner}type: "object",`,
    `${inner}properties: ${body},`,
    `${inner}required: ${writeTexts(required, inner, "required: ,".length)},`,
    `${inner}additionalProperties: false,`,
    `${indent}}`,
  ].join("\n");
}
