import { existsSync, readFileSync } from "node:fs";
import {
  type DialectName,
  type Description,
  describe as describeMessage,
  dialects,
  renderDescription,
} from "../iso8583/public.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { complain, print } from "./output.ts";

export interface DescribeFlags {
  /** Hex digits, a file with them or with the bytes themselves, or "-" for stdin. */
  readonly source: string;
  /** undefined: the dialect that reads most of it. */
  readonly dialect: string | undefined;
  /** Bytes in front of the message that are the length of its frame. */
  readonly skip: number;
  readonly json: boolean;
}

/** `cardswitch describe`: every byte of a message with its field and meaning. Exit code 1 where it is not sound. */
export function describe({ source, dialect, skip, json }: DescribeFlags): ExitCode {
  const names = Object.keys(dialects) as DialectName[];
  const wanted = dialect === undefined ? names : names.filter((name) => name === dialect);
  if (wanted.length === 0) return complain(`--dialect is one of ${names.join(", ")}`, exitCodes.usage);
  const bytes = readSource(source);
  if (bytes === null) return complain(`"${source}" is no hexadecimal message, and no file`, exitCodes.usage);
  const message = bytes.subarray(skip);
  const best = bestOf(wanted.map((name) => describeMessage(message, dialects[name])));
  print(json, best, renderDescription(best));
  return best.isSound ? exitCodes.ok : exitCodes.failed;
}

/** A sound reading before one that breaks off late, before one that breaks off early. */
function bestOf(readings: readonly Description[]): Description {
  const reach = ({ isSound, error }: Description): number =>
    isSound ? Number.POSITIVE_INFINITY : (error?.offset ?? 0);
  return readings.reduce((best, reading) => (reach(reading) > reach(best) ? reading : best));
}

function readSource(source: string): Uint8Array | null {
  if (source === "-") return bytesOf(readFileSync(0));
  const typed = fromHex(source);
  if (typed !== null) return typed;
  return existsSync(source) ? bytesOf(readFileSync(source)) : null;
}

/** Hex digits as text, or the bytes as they are. */
function bytesOf(content: Buffer): Uint8Array {
  return fromHex(content.toString("latin1")) ?? content;
}

function fromHex(text: string): Uint8Array | null {
  const digits = text.replaceAll(/\s/g, "");
  return digits !== "" && digits.length % 2 === 0 && /^[0-9a-fA-F]+$/.test(digits) ? Buffer.from(digits, "hex") : null;
}
