import { type ExitCode, exitCodes } from "./exit-codes.ts";

/** A result for a program on stdout, as one line of JSON, or for a person. */
export function print(isJson: boolean, json: unknown, text: string): void {
  process.stdout.write(isJson ? `${JSON.stringify(json, whole)}\n` : `${text}\n`);
}

/** One line on stderr that says what is wrong. */
export function complain(message: string, exitCode: ExitCode = exitCodes.environment): ExitCode {
  process.stderr.write(`cardswitch: ${message.replaceAll("\n", " ").trim()}\n`);
  return exitCode;
}

// Amounts stay below 2^53, so each is a JSON integer.
function whole(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? Number(value) : value;
}
