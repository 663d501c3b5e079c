import { execFile } from "node:child_process";
import { closeSync, openSync, readSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type Result, fail, ok } from "../kernel/result.ts";
import { type RedisError, redisError } from "./redis-error.ts";

/** A power cut tears one write; more than this is another kind of damage, and a person decides. */
const tailBytesMax = 64 * 1024;
const outputBytesMax = 1024 * 1024;

/** What was cut off, and where a copy of it lies. */
export interface AofRepair {
  readonly file: string;
  readonly offset: number;
  readonly bytes: number;
  readonly copy: string;
}

export interface AofTool {
  /** redis-check-aof, or null where it is not installed. */
  readonly checkAof: string | null;
  readonly libraryPath: string | null;
}

/**
 * Cuts the tail that a power cut has torn: zeros, or the beginning of commands that were never acknowledged. Anything
 * else is refused (`aof_damaged`) and stays as it is.
 */
export async function repairTornTail(manifest: string, tool: AofTool): Promise<Result<AofRepair, RedisError>> {
  const { checkAof } = tool;
  if (checkAof === null) return damaged(`${manifest} is damaged, and redis-check-aof is not installed`);
  const found = findBadTail(await runTool(checkAof, [manifest], tool.libraryPath));
  if (found === null) return damaged(`${manifest} is damaged in a way that redis-check-aof cannot place`);
  const file = join(dirname(manifest), found.name);
  const where = `${file} is damaged at byte ${found.offset}`;
  if (found.bytes > tailBytesMax)
    return damaged(`${where}, ${found.bytes} bytes before its end: more than a torn write`);
  const tail = readTail(file, found.offset, found.bytes);
  if (!isTorn(tail)) return damaged(`${where} by something other than a torn write`);

  const copy = join(dirname(dirname(manifest)), `${basename(file)}.${found.offset}.cut`);
  writeFileSync(copy, tail, { mode: 0o600 });
  const fixed = await runTool(checkAof, ["--fix", manifest], tool.libraryPath);
  if (!fixed.includes("All AOF files and manifest are valid"))
    return damaged(`${where}, and cutting there did not help`);
  return ok({ file, offset: found.offset, bytes: found.bytes, copy });
}

/**
 * Whether the bytes are the beginning of commands, broken off anywhere, then zeros or nothing. A broken-off value that
 * holds whole commands is not: there a digit of its length has changed, and what follows was acknowledged.
 *
 *   *3 CRLF $3 CRLF SET CRLF $2 CRLF k1 CRLF $5 CRLF ab‖        torn
 *   *3 CRLF $3 CRLF SET CRLF $2 CRLF k1 CRLF $9999 CRLF abc… CRLF *3 CRLF $3 …‖        not torn
 */
export function isTorn(tail: Uint8Array): boolean {
  let end = tail.length;
  while (end > 0 && tail[end - 1] === 0) end--;
  const text = Buffer.from(tail.buffer, tail.byteOffset, end).toString("latin1");
  let at = 0;
  while (at < text.length) {
    const count = readHeader(text, at, "*");
    if (count === null) return false;
    if (count === "broken off") return true;
    at = count.next;
    for (let i = 0; i < count.value; i++) {
      const length = readHeader(text, at, "$");
      if (length === null) return false;
      if (length === "broken off") return true;
      const valueEnd = length.next + length.value;
      if (valueEnd + 2 > text.length) return isBrokenValue(text.slice(length.next), length.value);
      if (text.slice(valueEnd, valueEnd + 2) !== "\r\n") return false;
      at = valueEnd + 2;
    }
  }
  return true;
}

function isBrokenValue(rest: string, length: number): boolean {
  const isLineBroken = rest.length <= length || rest.slice(length) === "\r";
  return isLineBroken && !/\r\n\*\d+\r\n\$\d+\r\n/.test(rest);
}

type Header = { readonly value: number; readonly next: number } | "broken off" | null;

function readHeader(text: string, at: number, mark: "*" | "$"): Header {
  const line = text.slice(at, at + 16);
  const whole = /^(.)(\d{1,10})\r\n/s.exec(line);
  if (whole !== null) return whole[1] === mark ? { value: Number(whole[2]), next: at + whole[0].length } : null;
  const isAtEnd = at + line.length === text.length;
  const isBeginning = line === "" || (line.startsWith(mark) && /^.\d{0,10}\r?$/s.test(line));
  return isAtEnd && isBeginning ? "broken off" : null;
}

// "AOF analyzed: filename=appendonly.aof.1.incr.aof, size=174, ok_up_to=110, ok_up_to_line=27, diff=64"
function findBadTail(output: string): { name: string; offset: number; bytes: number } | null {
  for (const line of output.split("\n")) {
    const match = /^AOF analyzed: filename=([^,/]+), size=\d+, ok_up_to=(\d+), .*diff=(\d+)/.exec(line);
    if (match !== null && match[3] !== "0") {
      return {
        name: match[1] ?? "",
        offset: Number(match[2]),
        bytes: Number(match[3]),
      };
    }
  }
  return null;
}

function readTail(file: string, offset: number, bytes: number): Uint8Array {
  const tail = new Uint8Array(bytes);
  const handle = openSync(file, "r");
  try {
    readSync(handle, tail, 0, bytes, offset);
  } finally {
    closeSync(handle);
  }
  return tail;
}

/** What the tool printed; its exit code says no more than that. */
function runTool(tool: string, args: readonly string[], libraryPath: string | null): Promise<string> {
  const env = libraryPath === null ? {} : { LD_LIBRARY_PATH: libraryPath };
  return new Promise((resolve) => {
    const child = execFile(tool, args, { env, maxBuffer: outputBytesMax }, (_error, stdout) => resolve(stdout));
    child.stdin?.on("error", () => undefined);
    child.stdin?.end("y\n");
  });
}

function damaged(message: string): {
  readonly ok: false;
  readonly error: RedisError;
} {
  return fail(redisError("aof_damaged", message));
}
