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

const answerMsMax = 120_000;

/** Asks a running switch. The error is one line: nobody is there, or it said no. */
export async function askAdmin<Body>(
  { url }: AdminAddress,
  path: string,
  body?: object,
): Promise<Result<AdminReply<Body>, string>> {
  const base = url ?? defaultUrl();
  try {
    const response = await fetch(new URL(path, base), {
      signal: AbortSignal.timeout(answerMsMax),
      ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
    });
    const json: unknown = await response.json();
    if (response.ok) return ok({ status: response.status, body: json as Body });
    return fail(`${base} says ${response.status}: ${complaintOf(json)}`);
  } catch {
    return fail(`no switch answers at ${base}; start one with \`cardswitch start\`, or say where it is with --url`);
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
