import { readFileSync, writeFileSync } from "node:fs";
import {
  type Codec,
  EncodeError,
  type Header,
  type Message,
  compile,
  frame,
  framingNamed,
  newHeader,
  newTpdu,
} from "../iso8583/public.ts";
import { type Result, fail, ok } from "../kernel/result.ts";
import { dialectNamed, dialectOfFile } from "./dialect-source.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { isFile } from "./is-file.ts";
import { complain, print } from "./output.ts";

export interface BuildFlags {
  /** A shipped dialect, or a file with a spec of somebody else's. */
  readonly dialect: string;
  /** Four digits; undefined: path "0" of the JSON file. */
  readonly mti: string | undefined;
  /** "4=000000001250", "55.9F26=hex:0102": they win over the JSON file. */
  readonly set: readonly string[];
  /** As `describe` and `message.toJSON()` have it: paths to values. */
  readonly jsonFile: string | undefined;
  /** undefined: the message alone. */
  readonly frame: string | undefined;
  /** A file for the bytes; undefined: hexadecimal digits on stdout. */
  readonly out: string | undefined;
  readonly json: boolean;
}

/** `cardswitch build`: the bytes of a message, the reverse of `describe`. Exit code 1 where a value does not fit. */
export async function build(flags: BuildFlags): Promise<ExitCode> {
  const spec = isFile(flags.dialect) ? await dialectOfFile(flags.dialect) : dialectNamed(flags.dialect);
  if (!spec.ok) return complain(spec.error, exitCodes.usage);
  const framing = flags.frame === undefined || flags.frame === "none" ? null : framingNamed(flags.frame);
  if (framing === null && flags.frame !== undefined && flags.frame !== "none") {
    return complain(`there is no framing "${flags.frame}"`, exitCodes.usage);
  }
  const values = valuesOf(flags);
  if (!values.ok) return complain(values.error, exitCodes.usage);
  const message = encoded(compile(spec.value), values.value);
  if (!message.ok) return complain(message.error, exitCodes.failed);
  const bytes = framing === null ? message.value : frame(framing, message.value);
  const hex = Buffer.from(bytes).toString("hex");
  if (flags.out !== undefined) writeFileSync(flags.out, bytes);
  const written = flags.out === undefined ? hex : `${bytes.length} bytes in ${flags.out}`;
  print(flags.json, { dialect: spec.value.name, frame: framing?.name ?? null, bytes: bytes.length, hex }, written);
  return exitCodes.ok;
}

type Values = Readonly<Record<string, string>>;

/** Paths to values, those on the command line over those of the file. */
function valuesOf({ mti, set, jsonFile }: BuildFlags): Result<Values, string> {
  const values: Record<string, string> = {};
  if (jsonFile !== undefined) {
    const read = readJson(jsonFile);
    if (!read.ok) return read;
    Object.assign(values, read.value);
  }
  if (mti !== undefined) values["0"] = mti;
  for (const assignment of set) {
    const [, path = "", value = ""] = /^([^=]+)=(.*)$/s.exec(assignment) ?? [];
    if (path === "") return fail(`--set "${assignment}" is no path=value: --set 4=000000001250`);
    values[path] = value;
  }
  return /^\d{4}$/.test(values["0"] ?? "") ? ok(values) : fail('--mti, or path "0" of the JSON file, is four digits');
}

function readJson(file: string): Result<Values, string> {
  if (!isFile(file)) return fail(`there is no file ${file}`);
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    return fail(`${file} is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof json !== "object" || json === null || Array.isArray(json)) return fail(`${file} is no object of paths`);
  const values: Record<string, string> = {};
  for (const [path, value] of Object.entries(json)) {
    if (typeof value !== "string") return fail(`${file}: the value at ${path} is no text`);
    values[path] = value;
  }
  return ok(values);
}

/** The bytes, or a line that names the path that does not fit and what it wants; the value itself is not quoted. */
function encoded(codec: Codec, values: Values): Result<Uint8Array, string> {
  try {
    return ok(codec.encode(messageOf(codec, values)));
  } catch (error) {
    if (error instanceof EncodeError) return fail(error.message);
    throw error;
  }
}

function messageOf(codec: Codec, values: Values): Message {
  const message = codec.fromJSON(values);
  message.header ??= headerOf(codec);
  return message;
}

/** A header of our own where nobody gave one: stations are zeros. */
function headerOf({ spec: { header } }: Codec): Header | null {
  if (header === "base-22") return newHeader({ destination: "000000", source: "000000" });
  return header === "tpdu" ? newTpdu({ destination: "0000", source: "0000" }) : null;
}
