import type { SeenAuthorization, SeenJournal } from "../../simulators/journal.ts";
import type { LoadCard } from "../../src/app/load-program.ts";
import type { Records } from "../../src/records/database.ts";
import { placeOf } from "../../src/records/place.ts";
import { luaConstants } from "../../src/store/library.ts";

interface Row {
  readonly id: number;
  readonly card: number;
  readonly stan: number;
  readonly rrn: string;
  readonly status: string;
  readonly outcome: number;
  readonly amount: number;
  readonly approved: number;
  readonly remaining: number;
  readonly code: number;
}

const select = `SELECT id, card, stan, rrn, status, outcome, transaction_amount AS amount, approved, remaining,
  authorization_code AS code FROM authorizations`;

/** What the records say against what the network saw: each difference is a sentence, and there may be none. */
export function compareBooks(records: Records, journal: SeenJournal, cards: readonly LoadCard[]): string[] {
  const rows = new Map<string, Row>();
  const wrong: string[] = [];
  for (const row of records.prepare<Row>(select).all([])) {
    if (rows.has(row.rrn)) wrong.push(`${row.rrn}: two authorizations for one message`);
    rows.set(row.rrn, row);
  }
  for (const seen of journal.authorizations()) {
    const row = rows.get(seen.rrn);
    rows.delete(seen.rrn);
    const fault = row === undefined ? absent(seen) : (otherMessage(row, seen, cards) ?? otherFate(row, seen));
    if (fault !== null) wrong.push(`${seen.rrn}: ${fault}`);
  }
  for (const rrn of rows.keys()) wrong.push(`${rrn}: an authorization that nobody asked for`);
  return wrong;
}

function absent({ verdict, undo }: SeenAuthorization): string | null {
  if (verdict === "approved") return "an approval that was seen is missing";
  return verdict === "unknown" && undo !== "answered" ? "its outcome was never settled" : null;
}

function otherMessage(row: Row, seen: SeenAuthorization, cards: readonly LoadCard[]): string | null {
  const { shard, no } = placeOf(row.id);
  const place = cards[Number(seen.card)]?.place;
  if (place === undefined || place.shard !== shard || place.no !== row.card) return "it is on another card";
  if (Number(seen.stan) !== row.stan) return `entry ${no} has STAN ${row.stan} instead of ${seen.stan}`;
  return BigInt(row.amount) === seen.amount ? null : `${row.amount} was asked for instead of ${seen.amount}`;
}

function otherFate(row: Row, seen: SeenAuthorization): string | null {
  const { verdict, undo, authorizationCode } = seen;
  const isApproved = row.outcome === luaConstants.APPROVED;
  const isHeld = row.status === "pending" && row.remaining > 0;
  if (verdict === "declined") return isApproved ? "held, although the answer was 91" : null;
  if (undo === "answered") return isHeld ? "still held, although its reversal was answered" : null;
  if (undo === "open") return "its reversal was never answered";
  if (verdict === "unknown") return "its outcome was never settled";
  if (!isApproved || !isHeld) return `approved to the network, ${row.status} in the books`;
  if (BigInt(row.remaining) !== seen.amount) return `${row.remaining} is held instead of ${seen.amount}`;
  const code = String(row.code).padStart(6, "0");
  return code === authorizationCode ? null : `DE38 was ${authorizationCode}, the books have ${code}`;
}
