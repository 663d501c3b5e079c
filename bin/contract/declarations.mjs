/**
 * Reads the part of TypeScript's declaration syntax that the SDK's resources are written in: imports, interfaces,
 * namespaces and type aliases. Whatever else it meets is an error, so that nothing is dropped in silence.
 */
export function readDeclarations(source, file) {
  const reader = new Reader(tokensOf(source), file);
  const scope = newScope(null);
  while (!reader.isAtEnd()) readStatement(reader, scope);
  return scope;
}

/** The declaration that a dotted name means, seen from inside `scope`; null where the file has none. */
export function lookUp(scope, path) {
  const [first, ...rest] = path;
  for (let at = scope; at !== null; at = at.parent) {
    const found = rest.length === 0 ? at.types.get(first) : descend(at.spaces.get(first), rest);
    if (found !== undefined && found !== null) return found;
  }
  return null;
}

/** Every type alias and interface of a scope and of the namespaces in it, with its dotted name. */
export function* everyType(scope, prefix = []) {
  for (const [name, type] of scope.types) yield { path: [...prefix, name], type };
  for (const [name, inner] of scope.spaces) yield* everyType(inner, [...prefix, name]);
}

function descend(scope, path) {
  if (scope === undefined) return null;
  const [first, ...rest] = path;
  return rest.length === 0 ? (scope.types.get(first) ?? null) : descend(scope.spaces.get(first), rest);
}

function newScope(parent) {
  return { parent, types: new Map(), spaces: new Map(), imports: new Map() };
}

function tokensOf(source) {
  const pattern = /\/\*[^]*?\*\/|\/\/[^\n]*|'([^']*)'|"([^"]*)"|([A-Za-z_$][\w$]*)|(\d+)|(\s+)|(=>|.)/g;
  const tokens = [];
  for (const [whole, single, double, word, digits, space, mark] of source.matchAll(pattern)) {
    if (single !== undefined || double !== undefined) tokens.push({ kind: "string", text: single ?? double });
    else if (word !== undefined) tokens.push({ kind: "word", text: word });
    else if (digits !== undefined) tokens.push({ kind: "digits", text: digits });
    else if (mark !== undefined) tokens.push({ kind: "mark", text: whole });
    else if (space === undefined && !whole.startsWith("/")) throw new Error(`unreadable: ${whole}`);
  }
  return tokens;
}

class Reader {
  constructor(tokens, file) {
    this.tokens = tokens;
    this.file = file;
    this.at = 0;
  }

  isAtEnd() {
    return this.at >= this.tokens.length;
  }

  peek() {
    return this.tokens[this.at]?.text ?? "";
  }

  next() {
    const token = this.tokens[this.at];
    if (token === undefined) throw new Error(`${this.file}: ends too early`);
    this.at += 1;
    return token;
  }

  take(text) {
    const token = this.tokens[this.at];
    if (token?.text !== text || token.kind === "string") return false;
    this.at += 1;
    return true;
  }

  expect(text) {
    if (!this.take(text)) throw new Error(`${this.file}: expected ${text}, found ${this.peek()} (token ${this.at})`);
  }

  /** Skips to the end of a statement: past a ";" outside of brackets, or past the bracket that closes a body. */
  skipStatement() {
    let depth = 0;
    for (;;) {
      const { kind, text } = this.next();
      if (kind !== "mark") continue;
      if ("{([".includes(text)) depth += 1;
      if ("})]".includes(text)) depth -= 1;
      if (depth === 0 && (text === ";" || (text === "}" && this.peek() !== "from"))) return;
    }
  }
}

function readStatement(reader, scope) {
  if (reader.take("import")) return readImport(reader, scope);
  reader.take("export");
  reader.take("declare");
  if (reader.take("interface")) return readInterface(reader, scope);
  if (reader.take("namespace")) return readNamespace(reader, scope);
  if (reader.peek() === "type" && reader.tokens[reader.at + 2]?.text === "=") {
    reader.next();
    const name = reader.next().text;
    reader.expect("=");
    scope.types.set(name, { kind: "alias", type: readType(reader), scope });
    reader.expect(";");
    return;
  }
  // A class has the methods, which are read from the text; `export { … }` names what stands elsewhere.
  if (reader.take(";")) return;
  reader.skipStatement();
}

function readImport(reader, scope) {
  const names = [];
  while (reader.peek() !== "from" && reader.tokens[reader.at].kind !== "string") {
    const { kind, text } = reader.next();
    if (kind === "word") names.push(text);
  }
  reader.take("from");
  const from = reader.next().text;
  for (const name of names) scope.imports.set(name, from);
  reader.take(";");
}

function readNamespace(reader, scope) {
  const name = reader.next().text;
  const inner = scope.spaces.get(name) ?? newScope(scope);
  scope.spaces.set(name, inner);
  reader.expect("{");
  while (!reader.take("}")) readStatement(reader, inner);
}

function readInterface(reader, scope) {
  const name = reader.next().text;
  const bases = [];
  if (reader.take("extends")) {
    do bases.push(readType(reader));
    while (reader.take(","));
  }
  scope.types.set(name, { kind: "interface", bases, members: readMembers(reader), scope });
}

function readMembers(reader) {
  const members = [];
  reader.expect("{");
  while (!reader.take("}")) {
    reader.take("readonly");
    if (reader.take("[")) {
      reader.next();
      reader.expect(":");
      readType(reader);
      reader.expect("]");
      reader.expect(":");
      members.push({ kind: "index", type: readType(reader) });
    } else {
      const name = reader.next().text;
      const isOptional = reader.take("?");
      reader.expect(":");
      members.push({ kind: "property", name, isOptional, type: readType(reader) });
    }
    reader.expect(";");
  }
  return members;
}

function readType(reader) {
  reader.take("|");
  const members = [readPart(reader)];
  while (reader.take("|")) members.push(readPart(reader));
  return members.length === 1 ? members[0] : { kind: "union", members };
}

function readPart(reader) {
  const part = readAtom(reader);
  // `string & Record<never, never>` is the SDK's "or a string that we do not know yet": only its left side is of use.
  while (reader.take("&")) readAtom(reader);
  return part;
}

function readAtom(reader) {
  if (reader.peek() === "{") return { kind: "object", members: readMembers(reader) };
  if (reader.take("(")) return readParenthesis(reader);
  const token = reader.next();
  let type = token.kind === "string" ? { kind: "literal", value: token.text } : null;
  if (token.kind === "digits") type = { kind: "number", value: Number(token.text) };
  if (token.kind === "word") type = readReference(reader, token.text);
  if (type === null) throw new Error(`${reader.file}: no type begins with ${token.text}`);
  while (reader.take("[")) {
    reader.expect("]");
    type = { kind: "reference", path: ["Array"], args: [type] };
  }
  return type;
}

function readReference(reader, first) {
  const path = [first];
  while (reader.take(".")) path.push(reader.next().text);
  const args = [];
  if (reader.take("<")) {
    do args.push(readType(reader));
    while (reader.take(","));
    reader.expect(">");
  }
  return { kind: "reference", path, args };
}

function readParenthesis(reader) {
  const type = readType(reader);
  reader.expect(")");
  return type;
}
