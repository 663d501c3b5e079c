import type { Place } from "../../kernel/ids.ts";
import type { RecordsQueries } from "../../records/queries.ts";
import { type AccountBody, updateAccount } from "../accounts/accounts.ts";
import { insistOnChange } from "../plain-objects.ts";
import { type Program, ProgramError, readObject } from "../program.ts";
import {
  type Endpoint,
  type WebhookEndpointBody,
  endpointsFor,
  isAsked,
  requestEvent,
  wantsEvent,
} from "./webhook-endpoints.ts";

const accountsOfPage = 500;
const triesMax = 5;

/** The endpoint that is asked about an account's authorizations: its own before the platform's; null: there is none. */
export function realTimeEndpoint(records: RecordsQueries, account: Place, platform: Place): Endpoint | null {
  return endpointsFor(records, account, platform).find(({ body }) => wantsEvent(body, requestEvent)) ?? null;
}

/** What is read and written to note who is asked. */
export interface Asking {
  readonly program: Program;
  readonly records: RecordsQueries;
  readonly platform: Place;
  /** Waits until the records hold all that a shard's journal holds. */
  readonly caughtUp: (shard: number) => Promise<void>;
}

/**
 * After a change of an endpoint: whether somebody is asked stands in the account itself, where the hot path reads it. An
 * endpoint for connected accounts concerns all of them. Until that is done the endpoint is due, so that the due runner
 * finishes what a crash has left.
 */
export async function noteAsking(asking: Asking, place: Place): Promise<void> {
  const { caughtUp, program, records } = asking;
  for (let tries = 1; tries <= triesMax; tries++) {
    const { body } = await readObject<WebhookEndpointBody>(program, "webhook_endpoint", place);
    if (body.connect) {
      for (let shard = 0; shard < program.committer.keyspace.shardCount; shard++) {
        await caughtUp(shard);
        for (const account of accountsIn(records, shard)) await noteOne(asking, account);
      }
    } else {
      await noteOne(asking, { shard: place.shard, no: body.account });
    }
    if (await isNoted(program, place, body)) return;
  }
}

/** Whether the endpoint is as it was when that was noted; then nothing is due any more. */
async function isNoted(program: Program, { shard, no }: Place, noted: WebhookEndpointBody): Promise<boolean> {
  let isSame = false;
  const owner = { shard, no: noted.account };
  await insistOnChange<WebhookEndpointBody>(program, owner, { type: "webhook_endpoint", no }, (body) => {
    isSame = isAsked(body) === isAsked(noted);
    return isSame ? { ...body, due_ms: null } : body;
  });
  return isSame;
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

async function noteOne({ records, program, platform }: Asking, place: Place): Promise<void> {
  const isAskedAbout = (): boolean => realTimeEndpoint(records, place, platform) !== null;
  const stored = records.object("account", place);
  // Accounts are written by their own resource.
  if (stored === null || ((JSON.parse(stored.body) as AccountBody).asks_platform ?? false) === isAskedAbout()) return;
  for (let tries = 1; ; tries++) {
    try {
      // Told once the account is read: who changes it meanwhile is a conflict, and the endpoints are looked at again.
      await updateAccount(program, place, () => ({ asks_platform: isAskedAbout() }));
      return;
    } catch (error) {
      if (!(error instanceof ProgramError) || error.code !== "conflict" || tries === triesMax) throw error;
    }
  }
}
