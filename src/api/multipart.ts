import { ApiError } from "../resources/api-error.ts";
import type { Upload } from "../resources/call.ts";
import type { RawParams } from "./form.ts";

export interface Multipart {
  readonly params: RawParams;
  readonly upload: Upload | null;
}

/** Reads the body of an upload: texts, and the one part named `file`. Its size was limited before it was read. */
export async function readMultipart(body: Uint8Array, contentType: string): Promise<Multipart> {
  const params: Record<string, string> = Object.create(null) as Record<string, string>;
  let upload: Upload | null = null;
  for (const [name, value] of await partsOf(body, contentType)) {
    if (typeof value === "string") {
      if (bornNames.has(name)) throw new ApiError("parameter_unknown", `Received unknown parameter: ${name}`, name);
      params[name] = value;
    } else if (name === "file") {
      const bytes = new Uint8Array(await value.arrayBuffer());
      upload = { filename: value.name, contentType: value.type, bytes };
      params[name] = value.name;
    } else {
      throw new ApiError("parameter_unknown", `Received unknown parameter: ${name}`, name);
    }
  }
  return { params, upload };
}

const bornNames: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

async function partsOf(body: Uint8Array, contentType: string): Promise<FormData> {
  try {
    return await new Response(body, { headers: { "content-type": contentType } }).formData();
  } catch {
    throw new ApiError("unreadable_body", "The body cannot be read as multipart/form-data.");
  }
}
