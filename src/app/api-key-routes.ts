import { secureRandom } from "../kernel/random.ts";
import type { Place } from "../kernel/ids.ts";
import { isoTime } from "../kernel/clock.ts";
import {
  type Allowed,
  type ApiKeyBody,
  type KeyScopes,
  createApiKey,
  newKeySecret,
  revokeApiKey,
} from "../resources/api-keys.ts";
import { ProgramError } from "../resources/program.ts";
import { routes } from "../resources/routes.ts";
import type { AdminAnswer, AdminParts, AdminRequest, AdminRoute } from "./admin-routes.ts";
import { apiHashKey } from "./api-books.ts";
import { readApiKeys } from "./platform-account.ts";

/** Keys of the API, as administration shows them. */
export interface ApiKeyView {
  readonly id: string;
  readonly name: string;
  readonly redacted: string;
  readonly status: ApiKeyBody["status"];
  /** null: everything. */
  readonly scopes: KeyScopes | null;
  readonly created: string;
}

/** A key that has just been made: the only time that it is told. */
export interface NewApiKeyView extends ApiKeyView {
  readonly secret: string;
}

export const apiKeyRoutes: readonly AdminRoute[] = [
  { method: "GET", path: "/_admin/api-keys", answer: async ({ platform }) => listed(platform) },
  { method: "POST", path: "/_admin/api-keys", answer: create },
  { method: "POST", path: "/_admin/api-keys/roll/:key", answer: roll },
  { method: "POST", path: "/_admin/api-keys/revoke/:key", answer: revoke },
];

type Platform = AdminParts["platform"];

const nameCharsMax = 80;

function listed(platform: Platform): AdminAnswer {
  return { status: 200, body: { keys: readApiKeys(platform.api().records).map((key) => viewOf(platform, key)) } };
}

async function create(parts: AdminParts, { body }: AdminRequest): Promise<AdminAnswer> {
  const wanted: Readonly<Record<string, unknown>> = typeof body === "object" && body !== null ? { ...body } : {};
  const { name, scopes } = wanted;
  if (typeof name !== "string" || name.trim() === "" || name.length > nameCharsMax) {
    return { status: 400, body: { error: `"name" has to be a text of 1 to ${nameCharsMax} characters` } };
  }
  const allowed = scopes === undefined || scopes === null ? null : scopesOf(scopes);
  if (typeof allowed === "string") return { status: 400, body: { error: allowed } };
  return made(parts, { name: name.trim(), scopes: allowed });
}

/** A new key with the name and the scopes of an old one, which then opens nothing any more. */
async function roll(parts: AdminParts, { captured }: AdminRequest): Promise<AdminAnswer> {
  const old = find(parts.platform, captured);
  if (old === null) return noSuchKey(captured);
  const { name, scopes } = old.body;
  const answer = await made(parts, { name, scopes });
  await withdraw(parts.platform, old.place);
  return answer;
}

async function revoke({ platform }: AdminParts, { captured }: AdminRequest): Promise<AdminAnswer> {
  const key = find(platform, captured);
  if (key === null) return noSuchKey(captured);
  await withdraw(platform, key.place);
  return { status: 200, body: { ...viewOf(platform, key), status: "revoked" } };
}

async function made(
  { place, platform }: AdminParts,
  { name, scopes }: { readonly name: string; readonly scopes: KeyScopes | null },
): Promise<AdminAnswer> {
  const { platform: owner, program } = platform.api();
  const secret = newKeySecret(secureRandom, scopes !== null);
  const hashKey = apiHashKey(place.dataSet.keys);
  const at = await createApiKey(program, owner, { name, secret, scopes, hashKey });
  await takeOver(platform);
  const body = readApiKeys(platform.api().records).find((key) => key.place.no === at.no);
  if (body === undefined) throw new ProgramError("store_down", "the key was made and cannot be read");
  return { status: 200, body: { ...viewOf(platform, body), secret } };
}

async function withdraw(platform: Platform, key: Place): Promise<void> {
  const { platform: owner, program } = platform.api();
  await revokeApiKey(program, owner, key);
  await takeOver(platform);
}

/** From here on requests are answered by what the records say of keys. */
async function takeOver(platform: Platform): Promise<void> {
  const { keys, platform: owner, records } = platform.api();
  await platform.books().access.caughtUp(owner.shard);
  keys.load(records);
}

function find(platform: Platform, id: string): { readonly place: Place; readonly body: ApiKeyBody } | null {
  const place = platform.api().ids.decode("mk", id);
  return readApiKeys(platform.api().records).find((key) => key.place.no === place?.no) ?? null;
}

function viewOf(platform: Platform, { body, place }: { place: Place; body: ApiKeyBody }): ApiKeyView {
  const { created, name, redacted, scopes, status } = body;
  const id = platform.api().ids.encode("mk", place);
  return { id, name, redacted, status, scopes, created: isoTime(created * 1000) };
}

/** `{"issuing_cards": "read"}`; or what is wrong with it. */
function scopesOf(json: unknown): KeyScopes | string {
  if (typeof json !== "object" || json === null) return '"scopes" has to be an object: {"issuing_cards": "read"}';
  const known = new Set(routes.map(({ scope }) => scope.slice(0, scope.lastIndexOf(":"))));
  const scopes: Record<string, Allowed> = {};
  for (const [resource, level] of Object.entries<unknown>({ ...json })) {
    if (!known.has(resource)) return `there is no resource "${resource}": ${[...known].toSorted().join(", ")}`;
    if (level === "read" || level === "write") scopes[resource] = level;
    else if (level !== "none") return `"${resource}" has to be none, read or write`;
  }
  return scopes;
}

function noSuchKey(id: string): AdminAnswer {
  return { status: 404, body: { error: `there is no key ${id}` } };
}
