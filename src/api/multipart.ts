import { ApiError } from "../resources/api-error.ts";
import type { FilePart } from "../resources/params.ts";
import type { RawParams } from "./form.ts";

/** Reads the body of an upload: texts, and the part named `file`. Its size was limited before it was read. */
export async function readMultipart(body: Uint8Array, contentType: string): Promise<RawParams> {
  const params = Object.create(null) as Record<string, string | FilePart>;
  let count = 0;
  for (const [name, value] of await partsOf(body, contentType)) {
    if (++count > partsMax) throw new ApiError("unreadable_body", `There are more than ${partsMax} parts.`);
    if (bornNames.has(name)) throw new ApiError("parameter_unknown", `Received unknown parameter: ${name}`, name);
    params[name] =
      typeof value === "string"
        ? value
        : { name: value.name, type: value.type, data: new Uint8Array(await value.arrayBuffer()) };
  }
  return params;
}

const partsMax = 20;
const bornNames: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

async function partsOf(body: Uint8Array, contentType: string): Promise<FormData> {
  try {
    return await new Response(body, { headers: { "content-type": contentType } }).formData();
  } catch {
    throw new ApiError("unreadable_body", "The body cannot be read as multipart/form-data.");
  }
}
