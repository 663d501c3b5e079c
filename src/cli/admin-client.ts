import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { type Result, fail, ok } from "../kernel/result.ts";
import { readConfig } from "../config.ts";

export interface AdminReply<Body> {
  readonly status: number;
  readonly body: Body;
}

export interface AdminAddress {
  /** From --url; undefined: host and port of the settings. */
  readonly url: string | undefined;
}

/** Nobody is there, or it said no: one line, and what the command ends with. */
export interface AdminRefusal {
  readonly message: string;
  readonly exitCode: ExitCode;
}

const answerMsMax = 120_000;

/** Asks a running switch. */
export async function askAdmin<Body>(
  { url }: AdminAddress,
  path: string,
  body?: object,
): Promise<Result<AdminReply<Body>, AdminRefusal>> {
  const base = url ?? defaultUrl();
  if (!/^https?:/i.test(base) || !URL.canParse(base)) {
    return fail({ message: `"${base}" is no URL such as http://127.0.0.1:12120`, exitCode: exitCodes.usage });
  }
  try {
    const response = await fetch(new URL(path, base), {
      signal: AbortSignal.timeout(answerMsMax),
      ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
    });
    const json: unknown = await response.json();
    if (response.ok) return ok({ status: response.status, body: json as Body });
    const exitCode = response.status < 500 ? exitCodes.usage : exitCodes.environment;
    return fail({ message: complaintOf(json), exitCode });
  } catch {
    const message = `no switch answers at ${base}; start one with \`cardswitch start\`, or say where it is with --url`;
    return fail({ message, exitCode: exitCodes.environment });
  }
}

function defaultUrl(): string {
  const config = readConfig({ flags: {}, env: process.env });
  const port = config.ok ? config.value.adminPort : 12120;
  const host = config.ok && config.value.host !== "0.0.0.0" ? config.value.host : "127.0.0.1";
  return `http://${host}:${port}`;
}

function complaintOf(json: unknown): string {
  if (typeof json !== "object" || json === null) return "no reason";
  if ("error" in json && typeof json.error === "string") return json.error;
  return "causes" in json && Array.isArray(json.causes) ? json.causes.join("; ") : "no reason";
}
