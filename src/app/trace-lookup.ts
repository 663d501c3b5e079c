import { decisionTable } from "../../specs/decision-table.ts";
import { networks } from "../../specs/networks.ts";
import { adviceOutcomes, authorizationOutcomes, financialOutcomes } from "../authorizer/decision.ts";
import { isoTime } from "../kernel/clock.ts";
import type { Place } from "../kernel/ids.ts";
import { type Result, ok } from "../kernel/result.ts";
import type { AuthorizationRow } from "../records/rows.ts";
import type { AdviceEntry, AuthorizationEntry, FinancialEntry } from "../store/entry.ts";
import { unpackEntry } from "../store/journal-entry.ts";
import type { DecisionTrace } from "../switch/observation.ts";
import type { AdminParts } from "./admin-routes.ts";
import { type AppError, appError } from "./app-error.ts";
import type { Books } from "./books.ts";

/** How one authorization was decided: what was asked, which check refused, what it left behind, how long each stage took. */
export interface AuthorizationTrace {
  readonly id: string;
  readonly journal: Place;
  readonly outcome: string;
  /** The check that refused, with its rank among all; null for an approval. */
  readonly refusal: { readonly check: string; readonly rank: number; readonly reason: string } | null;
  readonly request: object;
  readonly result: object;
  /** Milliseconds since the first byte; null where the message was not among those that are followed, or is long past. */
  readonly stages: object | null;
}

/** By id (iauth_…) or by its place, "3/17": shard and journal number. */
export async function traceOf(
  { platform, neighbours }: AdminParts,
  id: string,
): Promise<Result<AuthorizationTrace, AppError>> {
  const books = platform.books();
  const place = placeOf(books, id);
  if (place === null || place.shard >= books.engine.keyspace.shardCount) {
    return appError("not_found", `"${id}" is no id of an authorization of this data set`);
  }
  await books.access.caughtUp(place.shard);
  const bytes = books.access.queries.entryBytes(place);
  const entry = bytes === null ? null : unpackEntry(place.shard, place.no, bytes);
  if (entry === null || !("cardAmount" in entry) || entry.kind === "clearing")
    return appError("not_found", `no authorization ${id}`);
  const traces =
    (await neighbours
      .switch()
      ?.traces()
      .catch(() => [])) ?? [];
  return ok(render(books, entry, traces));
}

/** The newest of all shards, newest first, with the ids to look closer. */
export async function recentAuthorizations(
  { access, engine }: Pick<Books, "access" | "engine">,
  rowsMax: number,
): Promise<object[]> {
  const rows: AuthorizationRow[] = [];
  for (let shard = 0; shard < engine.keyspace.shardCount; shard++) {
    await access.caughtUp(shard);
    rows.push(...access.queries.authorizations(shard, { before: null, rowsMax }));
  }
  rows.sort((a, b) => b.wallMs - a.wallMs);
  return rows.slice(0, rowsMax).map((row) => ({
    id: engine.ids.encode("iauth", row.place),
    card: engine.ids.encode("ic", { shard: row.place.shard, no: row.card }),
    network: nameOf(networks, row.network),
    outcome: nameOf(outcomes, row.outcome),
    refusal: refusalOf(row.reason),
    status: row.status,
    currency: row.currency,
    amount: row.amount,
    approved: row.approved,
    remaining: row.remaining,
    mcc: row.mcc,
    created: isoTime(row.createdMs),
    wall: isoTime(row.wallMs),
  }));
}

function placeOf({ engine }: Books, id: string): Place | null {
  const spoken = /^(\d{1,3})\/(\d{1,12})$/.exec(id);
  return spoken === null ? engine.ids.decode("iauth", id) : { shard: Number(spoken[1]), no: Number(spoken[2]) };
}

type Decided = AuthorizationEntry | AdviceEntry | FinancialEntry;

/** An advice that holds and a request that posts at once are authorizations too. */
const outcomes = { ...adviceOutcomes, ...financialOutcomes, ...authorizationOutcomes };

function render(books: Books, entry: Decided, traces: readonly DecisionTrace[]): AuthorizationTrace {
  const { shard, no } = entry;
  const row = books.access.queries.authorization({ shard, no });
  return {
    id: books.engine.ids.encode("iauth", { shard, no }),
    journal: { shard, no },
    outcome: nameOf(outcomes, entry.outcome),
    refusal: refusalOf(entry.reason),
    request: {
      card: books.engine.ids.encode("ic", { shard, no: entry.card }),
      network: nameOf(networks, entry.network),
      stan: entry.stan,
      rrn: entry.rrn,
      acquirer: entry.acquirer,
      amount: entry.transactionAmount,
      currency: entry.transactionCurrency,
      cardAmount: entry.cardAmount,
      cardCurrency: entry.cardCurrency,
      mcc: entry.mcc,
      merchantCountry: entry.merchantCountry,
      isPresent: entry.isPresent,
      entryMode: entry.entryMode,
    },
    result: {
      approved: entry.kind === "authorization" ? entry.approved : entry.amount,
      availableAfter: entry.available,
      heldAfter: entry.held,
      wall: isoTime(entry.wallMs),
      business: isoTime(entry.businessMs),
      status: row?.status ?? null,
      remaining: row?.remaining ?? null,
    },
    stages: stagesOf(traces.findLast((trace) => trace.stan === entry.stan && trace.mti.startsWith(mtiOf[entry.kind]))),
  };
}

const mtiOf = { authorization: "01", advice: "01", financial: "02" } as const;

function refusalOf(reason: number): AuthorizationTrace["refusal"] {
  for (const [check, { number, rank, reason: word }] of Object.entries(decisionTable)) {
    if (number === reason) return { check, rank, reason: word };
  }
  return null;
}

function stagesOf(trace: DecisionTrace | undefined): object | null {
  if (trace === undefined) return null;
  const since = (at: number | null): number | null =>
    at === null ? null : Math.round((at - trace.receivedAt) * 1000) / 1000;
  return {
    asked: since(trace.askedAt),
    decided: since(trace.decidedAt),
    answered: since(trace.answeredAt),
    responseCode: trace.responseCode,
  };
}

function nameOf(table: Readonly<Record<string, number>>, wanted: number): string {
  return Object.entries(table).find(([, number]) => number === wanted)?.[0] ?? String(wanted);
}
