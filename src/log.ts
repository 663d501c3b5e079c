import { type DestinationStream, type Logger, destination, pino } from "pino";
import type { LogLevel } from "./config.ts";

/** What rooms are handed: each asks for the part of it that it needs. */
export type Log = Logger;

export interface LogOptions {
  readonly level: LogLevel;
  /** Which process of a switch speaks. */
  readonly process: string;
  /** Lines for a person instead of JSON: on a terminal. */
  readonly isReadable: boolean;
}

/** Nothing that is secret has a place in a log; this is the net below (reliability: card-data handling). */
const secret = ["pan", "pin", "cvv", "cvc", "track2", "number", "password", "key", "keys", "vaultKeys"];
const redact = { paths: [...secret, ...secret.map((name) => `*.${name}`)], censor: "***" };

/** JSON lines on stderr, so that stdout stays the program's own. */
export function createLog(options: LogOptions): Log {
  const settings = { level: options.level, base: { process: options.process }, redact };
  const stderr = destination({ fd: 2, sync: true });
  return options.isReadable ? pino(settings, readable()) : pino(settings, stderr);
}

/** "10:41:07.204 warn  switch  the projector waits for Redis  cause=closed" */
function readable(): DestinationStream {
  return {
    write: (line) => {
      // pino writes an object a line.
      const { time, level, process: name, msg, ...fields } = JSON.parse(line) as Record<string, unknown>;
      const at = typeof time === "number" ? clockText(time) : "";
      const word = levelWords[String(level)] ?? "info";
      const details = Object.entries(fields)
        .map(([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`)
        .join(" ");
      process.stderr.write(`${at} ${word.padEnd(5)} ${String(name).padEnd(10)} ${String(msg)}  ${details}\n`);
    },
  };
}

const levelWords: Readonly<Record<string, string>> = { 20: "debug", 30: "info", 40: "warn", 50: "error", 60: "fatal" };
const dayMs = 86_400_000;

function clockText(ms: number): string {
  const ofDay = ms % dayMs;
  const part = (value: number, digits: number): string => String(Math.floor(value)).padStart(digits, "0");
  const hours = part(ofDay / 3_600_000, 2);
  return `${hours}:${part((ofDay / 60_000) % 60, 2)}:${part((ofDay / 1000) % 60, 2)}.${part(ofDay % 1000, 3)}`;
}
