import { ApiError } from "../resources/api-error.ts";
import type { Upload } from "../resources/call.ts";
import type { RawParams } from "../resources/contract/read-params.ts";
import { type FormLimits, readForm } from "./form.ts";

export interface Multipart {
  /** A file stands in it by its name. */
  readonly raw: RawParams;
  readonly upload: Upload | null;
}

/** Reads the body of an upload: texts, named as in a form, and the part named `file`. Its size was limited before it was read. */
export async function readMultipart(body: Uint8Array, contentType: string, limits: FormLimits): Promise<Multipart> {
  const texts = new URLSearchParams();
  let upload: Upload | null = null;
  let count = 0;
  for (const [name, value] of await partsOf(body, contentType)) {
    if (++count > partsMax) throw new ApiError("unreadable_body", `There are more than ${partsMax} parts.`);
    texts.append(name, typeof value === "string" ? value : value.name);
    if (typeof value === "string") continue;
    if (name !== "file") throw new ApiError("parameter_invalid", `${name} is no file.`, name);
    const bytes = new Uint8Array(await value.arrayBuffer());
    upload = { filename: value.name, contentType: value.type, bytes };
  }
  return { raw: readForm(texts.toString(), limits), upload };
}

const partsMax = 20;

async function partsOf(body: Uint8Array, contentType: string): Promise<FormData> {
  try {
    return await new Response(body, { headers: { "content-type": contentType } }).formData();
  } catch {
    throw new ApiError("unreadable_body", "The body cannot be read as multipart/form-data.");
  }
}
