import {
  fileLinkCreateParams,
  fileLinkListParams,
  fileLinkRetrieveParams,
  fileLinkUpdateParams,
} from "../../../specs/api/file-links.ts";
import { must } from "../../kernel/assert.ts";
import type { Place } from "../../kernel/ids.ts";
import type { RecordsQueries } from "../../records/queries.ts";
import { ApiError } from "../api-error.ts";
import type { Call, Found } from "../call.ts";
import { type Metadata, mergeMetadata } from "../metadata.ts";
import { objectListAnswer } from "../object-list.ts";
import type { ParamsOf } from "../params.ts";
import { addPlainObject, changePlainObject } from "../plain-objects.ts";
import type { Program } from "../program.ts";
import { type Answer, type Route, objectAnswer, route } from "../route.ts";
import type { View } from "../view.ts";
import { type FileContents, contentsOf } from "./file-contents.ts";
import { checkDownloadable } from "./file-purpose.ts";
import type { FileBody } from "./files.ts";

type CreateParams = ParamsOf<typeof fileLinkCreateParams>;
type ListParams = ParamsOf<typeof fileLinkListParams>;
type UpdateParams = ParamsOf<typeof fileLinkUpdateParams>;

/** A way to a file that needs no key. */
export interface FileLinkBody {
  readonly object: "file_link";
  readonly account: number;
  readonly file: number;
  /** Business seconds; null: it does not end. */
  readonly expires_at: number | null;
  readonly metadata: Metadata;
  readonly created: number;
}

/** A file link as the API tells it. */
export interface ShownFileLink {
  id: string;
  object: "file_link";
  created: number;
  expired: boolean;
  expires_at: number | null;
  file: string;
  livemode: boolean;
  metadata: Record<string, string>;
  url: string | null;
}

const url = "/v1/file_links";
/** Where links lead, before the link's id: whoever knows that may read the file. */
export const linksPath = "/links";
const linksShownMax = 10;
const linksLookedAtMax = 500;

export const fileLinkRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: url,
    operation: "fileLinks.create",
    scope: "files:write",
    params: fileLinkCreateParams,
    answer: create,
  }),
  route({
    method: "GET",
    path: url,
    operation: "fileLinks.list",
    scope: "files:read",
    params: fileLinkListParams,
    answer: async (call) => {
      const { expired, file } = call.params;
      const wanted = file === undefined ? undefined : call.find("file", file, "file").place.no;
      return objectListAnswer<FileLinkBody, ListParams>(call, {
        url,
        type: "file_link",
        prefix: "link",
        params: call.params,
        fields: { file: wanted },
        matches: (body) => expired === undefined || isOver(body, call.nowS) === expired,
      });
    },
  }),
  route({
    method: "GET",
    path: `${url}/{id}`,
    operation: "fileLinks.retrieve",
    scope: "files:read",
    params: fileLinkRetrieveParams,
    answer: async (call) => objectAnswer({ type: "file_link", place: foundLink(call).place }),
  }),
  route({
    method: "POST",
    path: `${url}/{id}`,
    operation: "fileLinks.update",
    scope: "files:write",
    params: fileLinkUpdateParams,
    answer: update,
  }),
];

async function create(call: Call<CreateParams>): Promise<Answer> {
  const { expires_at, file, metadata } = call.params;
  checkExpiry(expires_at, call.nowS, "expires_at");
  const found = call.find<FileBody>("file", file, "file");
  checkDownloadable(found.body.purpose, "file");
  const place = await addFileLink(call.program, call.account.place, {
    file: found.place.no,
    expiresAt: expires_at ?? null,
    metadata: mergeMetadata({}, metadata),
  });
  return objectAnswer({ type: "file_link", place });
}

async function update(call: Call<UpdateParams>): Promise<Answer> {
  const { body: before, place } = foundLink(call);
  if (isOver(before, call.nowS))
    throw new ApiError("invalid_state", "This file link is over; nothing changes it.", "id");
  const { expires_at, metadata } = call.params;
  if (typeof expires_at === "number") checkExpiry(expires_at, call.nowS, "expires_at");
  const name = { type: "file_link", no: place.no } as const;
  await changePlainObject<FileLinkBody>(call.program, call.account.place, name, (body) => ({
    ...body,
    expires_at: expiryAfter(body, expires_at, call.nowS),
    metadata: mergeMetadata(body.metadata, metadata),
  }));
  return objectAnswer({ type: "file_link", place });
}

function expiryAfter(body: FileLinkBody, wanted: UpdateParams["expires_at"], nowS: number): number | null {
  if (wanted === undefined) return body.expires_at;
  if (wanted === "") return null;
  return wanted === "now" ? nowS : wanted;
}

export function checkExpiry(expiresAt: number | undefined, nowS: number, param: string): void {
  if (expiresAt === undefined || expiresAt > nowS) return;
  throw new ApiError("parameter_invalid", "A link ends in the future.", param);
}

export interface NewFileLink {
  readonly file: number;
  readonly expiresAt: number | null;
  readonly metadata: Metadata;
}

export async function addFileLink(program: Program, account: Place, link: NewFileLink): Promise<Place> {
  const body: FileLinkBody = {
    object: "file_link",
    account: account.no,
    file: link.file,
    expires_at: link.expiresAt,
    metadata: link.metadata,
    created: Math.floor(program.clock.businessNow() / 1000),
  };
  const { no, shard } = await addPlainObject(program, account, "file_link", body);
  return { shard, no };
}

export function renderFileLink(view: View, place: Place): ShownFileLink | null {
  const stored = view.object<FileLinkBody>("file_link", place);
  if (stored === null) return null;
  const { body } = stored;
  const id = view.ids.encode("link", place);
  // Over is what ends no later than the account's last event: the records know no other time.
  const account = view.records.account({ shard: place.shard, no: body.account });
  return {
    id,
    object: "file_link",
    created: body.created,
    expired: isOver(body, Math.floor((account?.businessMs ?? 0) / 1000)),
    expires_at: body.expires_at,
    file: view.ids.encode("file", { shard: place.shard, no: body.file }),
    livemode: false,
    metadata: { ...body.metadata },
    url: view.origin === null ? null : `${view.origin}${linksPath}/${id}`,
  };
}

/** What a visitor of a link gets, who needs no key; null: there is no such link, or it or its file is over. */
export function linkedContents(records: RecordsQueries, link: Place, nowS: number): FileContents | null {
  const stored = records.object("file_link", link);
  // Both were written by this room.
  const body = stored === null ? null : (JSON.parse(stored.body) as FileLinkBody);
  if (body === null || isOver(body, nowS)) return null;
  const place = { shard: link.shard, no: body.file };
  const file = records.object("file", place);
  return file === null ? null : contentsOf(records, place, { body: JSON.parse(file.body) as FileBody, nowS });
}

/** The newest links of a file. */
export function linksOf(view: View, account: Place, file: number): ShownFileLink[] {
  const page = { before: null, rowsMax: linksLookedAtMax };
  const shown: ShownFileLink[] = [];
  for (const { place } of view.records.objectsOfAccount("file_link", account, page)) {
    const stored = view.object<FileLinkBody>("file_link", place);
    const link = stored?.body.file === file ? renderFileLink(view, place) : null;
    if (link !== null && shown.length < linksShownMax) shown.push(link);
  }
  return shown;
}

function isOver({ expires_at }: FileLinkBody, nowS: number): boolean {
  return expires_at !== null && expires_at <= nowS;
}

function foundLink<Params>(call: Call<Params>): Found<FileLinkBody> {
  return call.find<FileLinkBody>("link", must(call.path["id"], "the path names a link"), "id");
}
