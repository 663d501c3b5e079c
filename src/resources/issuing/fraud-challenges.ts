import { decisionTable } from "../../../specs/decision-table.ts";
import type { Place } from "../../kernel/ids.ts";
import type { AuthorizationHistory } from "../../ledger/authorization-history.ts";
import { type FraudChallenge, readDetails } from "../../ledger/entry-details.ts";
import type { RecordsQueries } from "../../records/queries.ts";
import type { AuthorizationRow } from "../../records/rows.ts";
import type { Call } from "../call.ts";
import { type Program, ProgramError, aside } from "../program.ts";
import { type AuthorizationNote, changeNote, noteAsOf } from "./notes.ts";

/** Business time for which a yes lets the same card pay at the same merchant. Stripe does not say for how long. */
const verifiedForMs = 24 * 3_600_000;
const pageRowsMax = 100;
/** Behind so many authorizations of a card nobody looks for a yes. */
const pagesMax = 20;

/** Minutes for which a challenge waits, where no setting says otherwise. Stripe does not say for how long. */
export const challengeMinutes = 24 * 60;

/**
 * Lets a challenge wait for its time and not for ever; nothing of it is told anew. Where a crash comes before, it waits until
 * the request is repeated. Throws ProgramError.
 */
export async function awaitAnswer<Params>(
  { account, program, records }: Call<Params>,
  authorization: Place,
  { challenges, minutes }: { readonly challenges: readonly FraudChallenge[]; readonly minutes: number },
): Promise<void> {
  const asked = { place: authorization, asOf: null };
  if (noteAsOf(records, "authorization_note", asked).version > 0) return;
  const due_ms = program.clock.businessNow() + minutes * 60_000;
  const call = { program: aside(program), records, account };
  try {
    await changeNote(call, "authorization_note", authorization, ({ metadata }) => {
      return { metadata, fraud_challenges: challenges, due_ms, events: [] };
    });
  } catch (error) {
    // Of two attempts at the same request, the other one was here.
    if (!(error instanceof ProgramError) || error.code !== "conflict") throw error;
  }
}

/** For the due runner: nobody has answered. */
export async function expireChallenge(program: Program, records: RecordsQueries, place: Place): Promise<void> {
  const stored = records.object("authorization_note", place);
  if (stored === null) return;
  const call = { program, records, account: { place: { shard: place.shard, no: stored.account } } };
  await changeNote(call, "authorization_note", place, ({ fraud_challenges, metadata }) => ({
    metadata,
    fraud_challenges: fraud_challenges.map((one) => (one.status === "pending" ? { ...one, status: "expired" } : one)),
    due_ms: null,
  }));
}

/** What the cardholder was asked; null: nothing. The entry says how it began, the note what was answered. */
export function fraudChallengesOf(
  { requests }: Pick<AuthorizationHistory, "requests">,
  note: AuthorizationNote,
): readonly FraudChallenge[] | null {
  if (note.fraud_challenges.length > 0) return note.fraud_challenges;
  const [first] = requests;
  // A check in front may have declined what was to be challenged: then nobody was asked.
  if (first?.reason !== "suspected_fraud") return null;
  return readDetails(first.asked.details).fraud_challenges ?? null;
}

/** Whether somebody at this merchant has been let pass by the card's holder: a challenge was verified lately. */
export function isVerifiedAt(
  records: RecordsQueries,
  {
    card,
    merchantId,
    businessNowMs,
  }: { readonly card: Place; readonly merchantId: string; readonly businessNowMs: number },
): boolean {
  const sinceMs = businessNowMs - verifiedForMs;
  let before: number | null = null;
  for (let page = 0; page < pagesMax; page++) {
    const rows: AuthorizationRow[] = records.authorizationsOfCard(card, { before, rowsMax: pageRowsMax });
    for (const row of rows) {
      if (row.createdMs < sinceMs) return false;
      if (isVerified(records, row) && merchantIdOf(records, row) === merchantId) return true;
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageRowsMax) return false;
    before = last.place.no;
  }
  return false;
}

function isVerified(records: RecordsQueries, { place, reason }: AuthorizationRow): boolean {
  if (reason !== decisionTable.fraud.number) return false;
  const { note } = noteAsOf(records, "authorization_note", { place, asOf: null });
  return note.fraud_challenges.some(({ status }) => status === "verified");
}

function merchantIdOf(records: RecordsQueries, { merchantKey }: AuthorizationRow): string | null {
  return records.merchant(merchantKey)?.merchantId.trim() ?? null;
}
