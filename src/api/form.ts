import { parse } from "qs";
import { ApiError } from "../resources/api-error.ts";
import type { RawParams } from "../resources/contract/read-params.ts";

export interface FormLimits {
  readonly formDepthMax: number;
  readonly formParametersMax: number;
}

/**
 * Reads `a[b][0]=1&a[b][]=2` as the SDK and curl write it. Lists may be numbered or not, and have more than twenty items.
 * Throws `unreadable_body` beyond the limits, and `parameter_unknown` for names that every object has by birth.
 */
export function readForm(text: string, limits: FormLimits): RawParams {
  if (text === "") return empty;
  refuseBornNames(text, limits.formParametersMax);
  try {
    const parsed: unknown = parse(text, {
      plainObjects: true,
      depth: limits.formDepthMax,
      strictDepth: true,
      parameterLimit: limits.formParametersMax,
      arrayLimit: limits.formParametersMax,
    });
    // With these options qs gives nothing but texts, lists, and objects without a prototype.
    return parsed as RawParams;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ApiError("unreadable_body", `Parameters are nested more than ${limits.formDepthMax} deep.`);
  }
}

const empty: RawParams = Object.freeze(Object.create(null) as RawParams);
const bornNames: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

function refuseBornNames(text: string, parametersMax: number): void {
  let count = 0;
  for (let start = 0; start <= text.length; ) {
    if (++count > parametersMax)
      throw new ApiError("unreadable_body", `There are more than ${parametersMax} parameters.`);
    const end = endOf(text, "&", start, text.length);
    const name = decoded(text.slice(start, endOf(text, "=", start, end)));
    for (const part of name.split("[")) {
      const key = part.endsWith("]") ? part.slice(0, -1) : part;
      if (bornNames.has(key)) throw new ApiError("parameter_unknown", `Received unknown parameter: ${name}`, name);
    }
    start = end + 1;
  }
}

function endOf(text: string, mark: string, from: number, most: number): number {
  const at = text.indexOf(mark, from);
  return at < 0 || at > most ? most : at;
}

function decoded(name: string): string {
  if (!name.includes("%")) return name;
  try {
    return decodeURIComponent(name);
  } catch {
    throw new ApiError("unreadable_body", "The name of a parameter is no percent-encoded UTF-8.");
  }
}
