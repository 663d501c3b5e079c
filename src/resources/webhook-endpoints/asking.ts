import type { Place } from "../../kernel/ids.ts";
import type { RecordsQueries } from "../../records/queries.ts";
import { type AccountBody, updateAccount } from "../accounts/accounts.ts";
import type { Call } from "../call.ts";
import { ProgramError, aside } from "../program.ts";
import { type Endpoint, endpointsFor, requestEvent, wantsEvent } from "./webhook-endpoints.ts";

const accountsOfPage = 500;
const triesMax = 5;

/** The endpoint that is asked about an account's authorizations: its own before the platform's; null: there is none. */
export function realTimeEndpoint(records: RecordsQueries, account: Place, platform: Place): Endpoint | null {
  return endpointsFor(records, account, platform).find(({ body }) => wantsEvent(body, requestEvent)) ?? null;
}

/**
 * After a change of endpoints: whether somebody is asked stands in the account itself, where the hot path reads it. An
 * endpoint for connected accounts concerns all of them.
 */
export async function noteAsking<Params>(call: Call<Params>, isForConnected: boolean): Promise<void> {
  const { account, program, caughtUp } = call;
  await caughtUp(account.place.shard);
  if (!isForConnected) {
    await noteOne(call, account.place);
    return;
  }
  for (let shard = 0; shard < program.committer.keyspace.shardCount; shard++) {
    await caughtUp(shard);
    for (const place of accountsIn(call.records, shard)) await noteOne(call, place);
  }
}

function accountsIn(records: RecordsQueries, shard: number): Place[] {
  const places: Place[] = [];
  for (let before: number | null = null; ; ) {
    const page = records.objects("account", shard, { before, rowsMax: accountsOfPage });
    places.push(...page.map(({ place }) => place));
    const last = page.at(-1);
    if (last === undefined || page.length < accountsOfPage) return places;
    before = last.place.no;
  }
}

async function noteOne<Params>({ records, program, platform }: Call<Params>, place: Place): Promise<void> {
  const asks = realTimeEndpoint(records, place, platform.place) !== null;
  const stored = records.object("account", place);
  // Accounts are written by their own resource.
  if (stored === null || ((JSON.parse(stored.body) as AccountBody).asks_platform ?? false) === asks) return;
  for (let tries = 1; ; tries++) {
    try {
      await updateAccount(aside(program), place, { asks_platform: asks });
      return;
    } catch (error) {
      if (!(error instanceof ProgramError) || error.code !== "conflict" || tries === triesMax) throw error;
    }
  }
}
