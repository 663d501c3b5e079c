import { type LuaToken, closingOf, luaTokens, openingOf } from "./lua-tokens.ts";

/** One place of one Lua file, changed. */
export interface Mutant {
  readonly file: string;
  /** Line of the place, from 1. */
  readonly line: number;
  /** The line as it stands, trimmed. */
  readonly lineText: string;
  /** "< becomes <=", "write dropped": with file, line text and occurrence it names the mutant for good. */
  readonly change: string;
  /** From 1: the same change may be possible more than once in lines that read the same. */
  readonly occurrence: number;
  readonly source: string;
}

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly change: string;
}

const flips: Readonly<Record<string, string>> = {
  "==": "~=",
  "~=": "==",
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
  "+": "-",
  "-": "+",
  and: "or",
  or: "and",
};
const writes = [
  "HSET",
  "HSETNX",
  "HDEL",
  "HINCRBY",
  "XADD",
  "XTRIM",
  "XDEL",
  "SET",
  "DEL",
  "UNLINK",
  "INCR",
  "INCRBY",
  "EXPIRE",
];
const keywords = ["and", "or", "not", "return", "then", "do", "else", "elseif", "if", "while", "until", "in", "local"];

/** Every comparison, sign, connective and write of a source, each changed on its own. */
export function mutantsOf(file: string, source: string): Mutant[] {
  const tokens = luaTokens(source);
  if (tokens === null) return [];
  const seen = new Map<string, number>();
  const edits = [...flipsOf(tokens), ...negationsOf(tokens), ...writesOf(tokens), ...assignmentsOf(tokens)];
  return edits
    .sort((a, b) => a.from - b.from || a.to - b.to)
    .map((edit) => {
      const { line, lineText } = lineOf(source, edit.from);
      const name = `${lineText}|${edit.change}`;
      const occurrence = (seen.get(name) ?? 0) + 1;
      seen.set(name, occurrence);
      const mutated = source.slice(0, edit.from) + edit.text + source.slice(edit.to);
      return { file, line, lineText, change: edit.change, occurrence, source: mutated };
    });
}

export function mutantName({ file, lineText, change, occurrence }: Omit<Mutant, "line" | "source">): string {
  return `${file}: ${lineText} — ${change}${occurrence > 1 ? ` (${occurrence})` : ""}`;
}

function* flipsOf(tokens: readonly LuaToken[]): Generator<Edit> {
  for (const [i, token] of tokens.entries()) {
    const flipped = flips[token.text];
    if (flipped === undefined || token.kind === "text") continue;
    if (token.text === "-" && !endsOperand(tokens[i - 1])) {
      yield { from: token.from, to: token.to, text: " ", change: "minus dropped" };
    } else yield { from: token.from, to: token.to, text: ` ${flipped} `, change: `${token.text} becomes ${flipped}` };
  }
}

function* negationsOf(tokens: readonly LuaToken[]): Generator<Edit> {
  for (const token of tokens) {
    if (token.kind === "name" && token.text === "not") {
      yield { from: token.from, to: token.to, text: " ", change: "not dropped" };
    }
  }
}

/** A dropped command is a call of `type`, which takes any arguments and does nothing. */
function* writesOf(tokens: readonly LuaToken[]): Generator<Edit> {
  for (const [i, token] of tokens.entries()) {
    const command = tokens[i + 2];
    const isCall = token.kind === "name" && (token.text === "call" || token.text === "pcall");
    if (!isCall || tokens[i + 1]?.text !== "(" || command?.kind !== "text") continue;
    const name = command.text.slice(1, -1).toUpperCase();
    if (!writes.includes(name)) continue;
    const isMember = tokens[i - 1]?.text === ".";
    const from = isMember ? (tokens[i - 2]?.from ?? token.from) : token.from;
    yield { from, to: token.to, text: "type", change: `${name} dropped` };
    if (name === "HSET") yield* fieldsOf(tokens, i + 1);
  }
}

/** Each field and value of an HSET that are written out in its call. */
function* fieldsOf(tokens: readonly LuaToken[], open: number): Generator<Edit> {
  const close = closingOf(tokens, open);
  const commas: number[] = [];
  for (let i = open + 1; i < close; i++) {
    const text = tokens[i]?.text ?? "";
    if (tokens[i]?.kind === "sign" && "({[".includes(text)) i = closingOf(tokens, i);
    else if (text === ",") commas.push(i);
  }
  const ends = [...commas.slice(1), close];
  const hasOnePair = ends.length <= 3;
  for (let pair = 0; !hasOnePair && pair + 2 < ends.length; pair += 2) {
    const from = tokens[ends[pair] ?? close]?.from ?? 0;
    const to = tokens[ends[pair + 2] ?? close]?.from ?? from;
    yield { from, to, text: " ", change: `field ${pair / 2 + 1} of HSET dropped` };
  }
}

/** `a[i] = v` and `a.b = v` become assignments to a local that nobody reads. */
function* assignmentsOf(tokens: readonly LuaToken[]): Generator<Edit> {
  for (const [i, token] of tokens.entries()) {
    if (token.kind !== "sign" || token.text !== "=") continue;
    const start = startOfTargets(tokens, i);
    const before = tokens[(start ?? 0) - 1]?.text ?? "";
    if (start === null || ["local", "for", "{", ",", "function"].includes(before)) continue;
    yield { from: tokens[start]?.from ?? 0, to: token.from, text: "local _ ", change: "assignment dropped" };
  }
}

/** Index of the first token of the indexed targets that end before `equals`; null where one is a plain name. */
function startOfTargets(tokens: readonly LuaToken[], equals: number): number | null {
  let at = equals - 1;
  for (;;) {
    let isIndexed = false;
    for (;;) {
      if (tokens[at]?.text === "]") {
        at = openingOf(tokens, at) - 1;
        isIndexed = true;
      } else if (tokens[at]?.kind === "name" && tokens[at - 1]?.text === ".") {
        at -= 2;
        isIndexed = true;
      } else break;
    }
    if (!isIndexed || tokens[at]?.kind !== "name" || keywords.includes(tokens[at]?.text ?? "")) return null;
    if (tokens[at - 1]?.text !== ",") return at;
    at -= 2;
  }
}

function endsOperand(token: LuaToken | undefined): boolean {
  if (token === undefined) return false;
  if (token.kind === "sign") return token.text === ")" || token.text === "]" || token.text === "}";
  return token.kind !== "name" || !keywords.includes(token.text);
}

function lineOf(source: string, offset: number): { line: number; lineText: string } {
  const line = source.slice(0, offset).split("\n").length;
  return { line, lineText: (source.split("\n")[line - 1] ?? "").trim() };
}
