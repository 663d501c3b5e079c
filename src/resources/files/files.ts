import { createHash } from "node:crypto";
import { fileListParams, fileRetrieveParams } from "../../../specs/api/files.ts";
import { fileCreateParams } from "../../../specs/api/beyond-sdk.ts";
import { must } from "../../kernel/assert.ts";
import type { Place } from "../../kernel/ids.ts";
import { ApiError } from "../api-error.ts";
import type { Call, Upload } from "../call.ts";
import { mergeMetadata } from "../metadata.ts";
import { objectListAnswer } from "../object-list.ts";
import type { ParamsOf } from "../params.ts";
import { addPlainObject } from "../plain-objects.ts";
import { aside } from "../program.ts";
import { type Answer, type Route, objectAnswer, route } from "../route.ts";
import type { View } from "../view.ts";
import { type ShownFileLink, addFileLink, checkExpiry, linksOf } from "./file-links.ts";

type CreateParams = ParamsOf<typeof fileCreateParams>;
type ListParams = ParamsOf<typeof fileListParams>;

/** A file that somebody has handed in. */
export interface FileBody {
  readonly object: "file";
  readonly account: number;
  readonly filename: string;
  readonly purpose: string;
  readonly size: number;
  /** "png": by the bytes with which it begins, else by its name. */
  readonly type: string;
  /** Hex of its SHA-256. */
  readonly digest: string;
  /** Base64; null: it is too long to be kept, and nothing but its digest is. */
  readonly contents: string | null;
  readonly created: number;
}

/** A file as the API tells it. */
export interface ShownFile {
  id: string;
  object: "file";
  created: number;
  expires_at: number | null;
  filename: string | null;
  links: { object: "list"; data: ShownFileLink[]; has_more: boolean; url: string };
  purpose: string;
  size: number;
  title: string | null;
  type: string | null;
  url: string | null;
}

/** An entry of the journal holds what is kept, so only short files are kept whole. */
const keptBytesMax = 65_536;
const url = "/v1/files";

export const fileRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: url,
    operation: "files.create",
    scope: "files:write",
    params: fileCreateParams,
    answer: create,
  }),
  route({
    method: "GET",
    path: url,
    operation: "files.list",
    scope: "files:read",
    params: fileListParams,
    answer: async (call) => {
      const { purpose } = call.params;
      return objectListAnswer<FileBody, ListParams>(call, {
        url,
        type: "file",
        prefix: "file",
        params: call.params,
        fields: { purpose },
      });
    },
  }),
  route({
    method: "GET",
    path: `${url}/{id}`,
    operation: "files.retrieve",
    scope: "files:read",
    params: fileRetrieveParams,
    answer: async (call) => {
      const { place } = call.find<FileBody>("file", must(call.path["id"], "the path names a file"), "id");
      return objectAnswer({ type: "file", place });
    },
  }),
];

async function create(call: Call<CreateParams>): Promise<Answer> {
  const { params, upload } = call;
  if (upload === null) throw new ApiError("parameter_missing", "Missing required param: file.", "file");
  if (upload.bytes.length === 0) throw new ApiError("parameter_invalid", "The file is empty.", "file");
  const link = params.file_link_data;
  checkExpiry(link?.expires_at, call.nowS, "file_link_data[expires_at]");
  const isKept = upload.bytes.length <= keptBytesMax;
  const body: FileBody = {
    object: "file",
    account: call.account.place.no,
    filename: upload.filename,
    purpose: params.purpose,
    size: upload.bytes.length,
    type: typeOf(upload),
    digest: createHash("sha256").update(upload.bytes).digest("hex"),
    contents: isKept ? Buffer.from(upload.bytes).toString("base64") : null,
    created: call.nowS,
  };
  const { no, shard } = await addPlainObject(call.program, call.account.place, "file", body);
  if (link?.create === true) {
    const metadata = mergeMetadata({}, link.metadata);
    await addFileLink(aside(call.program), call.account.place, {
      file: no,
      expiresAt: link.expires_at ?? null,
      metadata,
    });
  }
  return objectAnswer({ type: "file", place: { shard, no } });
}

const beginnings: readonly (readonly [string, readonly number[]])[] = [
  ["png", [0x89, 0x50, 0x4e, 0x47]],
  ["jpg", [0xff, 0xd8, 0xff]],
  ["pdf", [0x25, 0x50, 0x44, 0x46]],
  ["gif", [0x47, 0x49, 0x46, 0x38]],
];

function typeOf({ bytes, filename }: Upload): string {
  for (const [type, magic] of beginnings) if (magic.every((byte, at) => bytes[at] === byte)) return type;
  const dot = filename.lastIndexOf(".");
  return dot > 0 ? filename.slice(dot + 1, dot + 9).toLowerCase() : "bin";
}

export function renderFile(view: View, place: Place): ShownFile | null {
  const stored = view.object<FileBody>("file", place);
  if (stored === null) return null;
  const { body } = stored;
  const id = view.ids.encode("file", place);
  return {
    id,
    object: "file",
    created: body.created,
    expires_at: null,
    filename: body.filename,
    links: {
      object: "list",
      data: linksOf(view, { shard: place.shard, no: body.account }, place.no),
      has_more: false,
      url: `/v1/file_links?file=${id}`,
    },
    purpose: body.purpose,
    size: body.size,
    title: null,
    type: body.type,
    url: null,
  };
}
