export interface LuaToken {
  readonly kind: "name" | "number" | "text" | "sign";
  readonly text: string;
  /** Offsets in the source: from inclusive, to exclusive. */
  readonly from: number;
  readonly to: number;
}

const patterns = [
  { kind: null, pattern: /--\[(=*)\[[\s\S]*?\]\1\]/y },
  { kind: null, pattern: /--[^\n]*/y },
  { kind: null, pattern: /\s+/y },
  { kind: "text", pattern: /\[(=*)\[[\s\S]*?\]\1\]/y },
  { kind: "text", pattern: /'(?:\\[\s\S]|[^'\\\n])*'/y },
  { kind: "text", pattern: /"(?:\\[\s\S]|[^"\\\n])*"/y },
  { kind: "name", pattern: /[A-Za-z_]\w*/y },
  { kind: "number", pattern: /0[xX][0-9A-Fa-f]+|\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?/y },
  { kind: "sign", pattern: /\.\.\.|\.\.|==|~=|<=|>=|[-+*/%^#<>=(){}[\];:,.]/y },
] as const;

/** The tokens of a Lua 5.1 source, without comments and white space. Null where it is not Lua. */
export function luaTokens(source: string): LuaToken[] | null {
  const tokens: LuaToken[] = [];
  let at = 0;
  while (at < source.length) {
    const found = tokenAt(source, at);
    if (found === null) return null;
    if (found.kind !== null) tokens.push({ ...found, kind: found.kind });
    at = found.to;
  }
  return tokens;
}

function tokenAt(
  source: string,
  at: number,
): { kind: LuaToken["kind"] | null; text: string; from: number; to: number } | null {
  for (const { kind, pattern } of patterns) {
    pattern.lastIndex = at;
    const match = pattern.exec(source);
    if (match !== null) return { kind, text: match[0], from: at, to: pattern.lastIndex };
  }
  return null;
}

/** Index of the bracket that closes the one at `open`, or of the last token where none does. */
export function closingOf(tokens: readonly LuaToken[], open: number): number {
  let depth = 0;
  for (let i = open; i < tokens.length; i++) {
    const token = tokens[i];
    if (token === undefined || token.kind !== "sign") continue;
    if ("({[".includes(token.text)) depth++;
    else if (")}]".includes(token.text) && --depth === 0) return i;
  }
  return tokens.length - 1;
}

/** Index of the bracket that opens the one at `close`, or 0. */
export function openingOf(tokens: readonly LuaToken[], close: number): number {
  let depth = 0;
  for (let i = close; i >= 0; i--) {
    const token = tokens[i];
    if (token === undefined || token.kind !== "sign") continue;
    if (")}]".includes(token.text)) depth++;
    else if ("({[".includes(token.text) && --depth === 0) return i;
  }
  return 0;
}
