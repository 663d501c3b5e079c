import { networks } from "../../specs/networks.ts";
import { isoTime } from "../kernel/clock.ts";
import { exceptionCauses } from "../ledger/exceptions.ts";
import type { RecordedException } from "../records/queries.ts";
import type { CommitEntry, JournalEntry } from "../store/entry.ts";
import { unpackEntry } from "../store/journal-entry.ts";
import type { Books } from "./books.ts";

/** What a person has to look at. Amounts are minor units of the transaction's currency. */
export interface ExceptionView {
  /** Shard and journal number: "3/17". */
  readonly id: string;
  readonly cause: string;
  readonly meaning: string;
  readonly wall: string;
  readonly business: string;
  /** null: the card is not ours. */
  readonly card: string | null;
  /** Masked, where the card is not ours. */
  readonly pan: string | null;
  readonly network: string | null;
  readonly stan: string | null;
  readonly rrn: string | null;
  readonly amount: number | null;
  readonly currency: number | null;
  /** Shard and journal number of the hold, the posting or the message that it is about. */
  readonly concerns: string | null;
}

/** The newest of all shards, newest first. */
export async function recentExceptions(
  { access, engine }: Pick<Books, "access" | "engine">,
  rowsMax: number,
): Promise<ExceptionView[]> {
  const entries: { row: RecordedException; entry: JournalEntry }[] = [];
  for (let shard = 0; shard < engine.keyspace.shardCount; shard++) {
    await access.caughtUp(shard);
    for (const row of access.queries.exceptions(shard, { before: null, rowsMax })) {
      entries.push({ row, entry: unpackEntry(shard, row.place.no, row.bytes) });
    }
  }
  entries.sort((a, b) => b.entry.wallMs - a.entry.wallMs);
  const cardId = (shard: number, no: number): string => engine.ids.encode("ic", { shard, no });
  return entries.slice(0, rowsMax).map(({ row, entry }) => ({
    id: `${row.place.shard}/${row.place.no}`,
    cause: row.cause,
    meaning: Object.entries(exceptionCauses).find(([cause]) => cause === row.cause)?.[1] ?? row.cause,
    wall: isoTime(entry.wallMs),
    business: isoTime(entry.businessMs),
    ...(entry.kind === "commit" ? ofCommit(entry) : ofMessage(entry, cardId)),
  }));
}

type Message = Pick<ExceptionView, "card" | "pan" | "network" | "stan" | "rrn" | "amount" | "currency" | "concerns">;

const nothing: Message = {
  card: null,
  pan: null,
  network: null,
  stan: null,
  rrn: null,
  amount: null,
  currency: null,
  concerns: null,
};

function ofMessage(entry: JournalEntry, cardId: (shard: number, no: number) => string): Message {
  if (entry.kind !== "reversal" && entry.kind !== "financial" && entry.kind !== "advice") return nothing;
  const { shard, stan, rrn, targetNo } = entry;
  const network = Object.entries(networks).find(([, number]) => number === entry.network)?.[0] ?? null;
  return {
    card: cardId(shard, entry.card),
    pan: null,
    network,
    stan,
    rrn,
    amount: Number(entry.transactionAmount),
    currency: entry.transactionCurrency,
    concerns: targetNo === 0 ? null : `${shard}/${targetNo}`,
  };
}

// The body was written by the authorizer: see authorizer/exception.ts.
function ofCommit({ body }: CommitEntry): Message {
  const { pan, network, stan, rrn, amount, currency } = JSON.parse(body) as Partial<Message>;
  const given = { pan, network, stan, rrn, amount, currency };
  const known = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...nothing, ...Object.fromEntries(known) };
}
