import type { Place } from "../kernel/ids.ts";
import type { RecordsQueries } from "../records/queries.ts";
import { type AccountBody, createAccount } from "../resources/accounts/accounts.ts";
import { type ApiKeyBody, createApiKey, keepApiKey } from "../resources/api-keys.ts";
import type { Program } from "../resources/program.ts";
import type { ProgramAccess } from "./program-access.ts";

/** The platform has to be found before anything can be asked; it lies in this shard. */
const platformShard = 0;
const pageRows = 1_000;

/** The account that owns the others and the keys of the API: the one there is, or a new one. */
export async function openPlatformAccount(access: ProgramAccess): Promise<Place> {
  await access.caughtUp(platformShard);
  return (
    platformIn(access.queries) ??
    (await createAccount(access.program, platformShard, {
      businessName: "Platform",
      country: "US",
      currency: "usd",
      isPlatform: true,
    }))
  );
}

/** Every key of the API that the records know, the newest first. */
export function readApiKeys(queries: RecordsQueries): { readonly place: Place; readonly body: ApiKeyBody }[] {
  return queries.objects("api_key", platformShard, { before: null, rowsMax: pageRows }).map(({ body, place }) => ({
    place,
    body: JSON.parse(body) as ApiKeyBody,
  }));
}

/** Makes the keys known that a data set had before it was emptied. */
export async function keepApiKeys(program: Program, platform: Place, keys: readonly ApiKeyBody[]): Promise<void> {
  for (const body of keys) await keepApiKey(program, platform, body);
}

/** The first key of a data set that has none. */
export async function addFirstKey(
  program: Program,
  platform: Place,
  key: { readonly secret: string; readonly hashKey: Uint8Array },
): Promise<void> {
  await createApiKey(program, platform, { ...key, name: "first", scopes: null });
}

export function hasPlatform(queries: RecordsQueries): boolean {
  return platformIn(queries) !== null;
}

/** The account that owns the others; null: there is none yet. */
export function platformIn(queries: RecordsQueries): Place | null {
  let before: number | null = null;
  let oldest: Place | null = null;
  for (;;) {
    const page = queries.objects("account", platformShard, { before, rowsMax: pageRows });
    for (const { body, place } of page) if ((JSON.parse(body) as AccountBody).is_platform) oldest = place;
    const last = page.at(-1);
    if (last === undefined || page.length < pageRows) return oldest;
    before = last.place.no;
  }
}
