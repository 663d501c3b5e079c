import { type Result, fail, ok } from "../kernel/result.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";

export interface ApiAddress {
  readonly url: string;
  readonly key: string;
  /** null: the platform itself. */
  readonly account: string | null;
}

export interface ApiRefusal {
  readonly message: string;
  readonly exitCode: ExitCode;
}

type Json = Readonly<Record<string, unknown>>;

const answerMsMax = 30_000;

/** A request of the API as the SDK would send it; parameters are written out: "billing[address][city]". */
export async function askApi(
  { url, key, account }: ApiAddress,
  path: string,
  params: Readonly<Record<string, string>> | null,
): Promise<Result<Json, ApiRefusal>> {
  try {
    const response = await fetch(new URL(path, url), {
      method: params === null ? "GET" : "POST",
      headers: {
        authorization: `Bearer ${key}`,
        ...(account === null ? {} : { "stripe-account": account }),
      },
      ...(params === null ? {} : { body: new URLSearchParams(params) }),
      signal: AbortSignal.timeout(answerMsMax),
    });
    const json = (await response.json()) as Json;
    if (response.ok) return ok(json);
    const message = `${path}: ${messageOf(json)}`;
    return fail({ message, exitCode: response.status < 500 ? exitCodes.usage : exitCodes.environment });
  } catch {
    const message = `no API answers at ${url}; start one with \`cardswitch start\`, or say where it is with --url`;
    return fail({ message, exitCode: exitCodes.environment });
  }
}

function messageOf({ error }: Json): string {
  return typeof error === "object" && error !== null && "message" in error ? String(error.message) : "no reason";
}
