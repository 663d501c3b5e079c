import { createHash } from "node:crypto";
import { fileListParams, fileRetrieveParams } from "../../../specs/api/files.ts";
import { fileCreateParams } from "../../../specs/api/beyond-sdk.ts";
import { must } from "../../kernel/assert.ts";
import type { Place } from "../../kernel/ids.ts";
import { ApiError } from "../api-error.ts";
import type { Call } from "../call.ts";
import { mergeMetadata } from "../metadata.ts";
import { objectListAnswer } from "../object-list.ts";
import type { ParamsOf } from "../params.ts";
import { addPlainObject } from "../plain-objects.ts";
import { aside } from "../program.ts";
import { type Answer, type Route, objectAnswer, route } from "../route.ts";
import type { View } from "../view.ts";
import { contentsOf, keepContents } from "./file-contents.ts";
import { type ShownFileLink, addFileLink, checkExpiry, linksOf } from "./file-links.ts";
import { checkDownloadable, checkKind, endOf, kindOf, purposeNamed } from "./file-purpose.ts";

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
  /** Numbers of the parts of its contents. */
  readonly parts: readonly number[];
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
  route({
    method: "GET",
    path: `${url}/{id}/contents`,
    operation: null,
    scope: "files:read",
    params: fileRetrieveParams,
    answer: async ({ find, nowS, path, records }) => {
      const id = must(path["id"], "the path names a file");
      const { body, place } = find<FileBody>("file", id, "id");
      const contents = contentsOf(records, place, { body, nowS });
      if (contents !== null) return { kind: "contents", contents };
      throw new ApiError("resource_missing", `The contents of '${id}' cannot be downloaded.`, "id");
    },
  }),
];

async function create(call: Call<CreateParams>): Promise<Answer> {
  const { params, upload } = call;
  if (upload === null) throw new ApiError("parameter_missing", "Missing required param: file.", "file");
  if (upload.bytes.length === 0) throw new ApiError("parameter_invalid", "The file is empty.", "file");
  checkKind(upload, params.purpose);
  const link = params.file_link_data;
  checkExpiry(link?.expires_at, call.nowS, "file_link_data[expires_at]");
  if (link?.create === true) checkDownloadable(params.purpose, "file_link_data[create]");
  const parts = await keepContents(call.program, call.account.place, upload.bytes);
  const body: FileBody = {
    object: "file",
    account: call.account.place.no,
    filename: upload.filename,
    purpose: params.purpose,
    size: upload.bytes.length,
    type: kindOf(upload),
    digest: createHash("sha256").update(upload.bytes).digest("hex"),
    parts,
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

export function renderFile(view: View, place: Place): ShownFile | null {
  const stored = view.object<FileBody>("file", place);
  if (stored === null) return null;
  const { body } = stored;
  const id = view.ids.encode("file", place);
  return {
    id,
    object: "file",
    created: body.created,
    expires_at: endOf(body),
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
    url:
      view.origin === null || !purposeNamed(body.purpose).isDownloadable ? null : `${view.origin}${url}/${id}/contents`,
  };
}
