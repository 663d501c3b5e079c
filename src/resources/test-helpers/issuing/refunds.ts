import { createHash } from "node:crypto";
import type { ClearingRequest } from "../../../authorizer/clearing.ts";
import { must } from "../../../kernel/assert.ts";
import type { Place } from "../../../kernel/ids.ts";
import { type Minor, minor } from "../../../kernel/money.ts";
import { ApiError } from "../../api-error.ts";
import type { Call } from "../../call.ts";
import type { CardBody } from "../../issuing/cards.ts";
import { type Refunds, type TransactionNote, changeNote, noteAsOf } from "../../issuing/notes.ts";
import { ProgramError, readObject } from "../../program.ts";
import { entryAt } from "../../recorded-entries.ts";
import { type PostingNames, clearingOf, forcedOf } from "./clearing-request.ts";
import { postedOf } from "./decided.ts";
import { readAuthorization } from "./named-authorization.ts";

/*
 * Refunds of one capture. Each is claimed first, in the capture's note, whose version lets one of two at once through, and
 * is posted then under a name that follows from capture and claim: whoever posts it again posts nothing. Only one claim is
 * unposted at a time: the next one posts it before, and the due runner where nobody comes.
 */

/** The nth refund of a capture. */
export interface RefundClaim {
  readonly index: number;
  readonly amount: Minor;
}

type Posting = Pick<Call<unknown>, "authorizer" | "program" | "records">;

const none: Refunds = { count: 0, amount: 0, unposted: null };
/** Somebody else's refund came between so often: the client is told to try again. */
const triesMax = 50;

/**
 * Takes a part of what is left of a capture; `wanted` null: all of it. Throws `parameter_invalid` where that is more than is
 * left, `invalid_state` where nothing is.
 */
export async function claimRefund<Params>(
  call: Call<Params>,
  capture: Place,
  { captured, wanted }: { readonly captured: Minor; readonly wanted: Minor | null },
): Promise<RefundClaim> {
  for (let tries = 1; ; tries++) {
    const refunds = refundsOf(noteAsOf(call.records, "transaction_note", { place: capture, asOf: null }).note);
    const claim = nextClaim(refunds, { captured, wanted });
    const before = unpostedOf(refunds);
    if (before !== null) await postRefund(call, capture, before);
    // What cannot be posted must not be claimed.
    await requestOf(call, capture, claim);
    try {
      await writeClaim(call, capture, claim);
      return claim;
    } catch (error) {
      if (!isConflict(error) || tries === triesMax) throw error;
      await call.caughtUp(capture.shard);
    }
  }
}

function nextClaim(
  { amount, count }: Refunds,
  { captured, wanted }: { readonly captured: Minor; readonly wanted: Minor | null },
): RefundClaim {
  const left = minor(captured - BigInt(amount));
  if (left === 0n) throw new ApiError("invalid_state", "This transaction has already been fully refunded.", "id");
  if (wanted !== null && wanted > left) {
    const text = `The refund amount (${wanted}) is greater than what is left to be refunded of this transaction (${left}).`;
    throw new ApiError("parameter_invalid", text, "refund_amount");
  }
  return { index: count + 1, amount: wanted ?? left };
}

function writeClaim<Params>(call: Call<Params>, capture: Place, { amount, index }: RefundClaim): Promise<void> {
  return changeNote(call, "transaction_note", capture, (note) => {
    const refunds = refundsOf(note);
    // The records may have learnt of another refund while the one before was posted.
    if (refunds.count + 1 !== index) throw new ProgramError("conflict", "another refund came before");
    const claimed = { count: index, amount: refunds.amount + Number(amount), unposted: Number(amount) };
    return { metadata: note.metadata, refunds: claimed, due_ms: call.program.clock.businessNow(), events: [] };
  });
}

/** The claim that a note's version has made. */
export function claimIn(body: string): RefundClaim {
  // Written by writeClaim: a version with a refund's key is a claim.
  return must(unpostedOf(refundsOf(JSON.parse(body) as TransactionNote)), "a claim tells its amount");
}

/** Posts what was claimed, once. Throws `unavailable` where nobody knows whether it is posted. */
export async function postRefund(
  parts: Posting,
  capture: Place,
  claim: RefundClaim,
): Promise<{ readonly shard: number; readonly journalNo: number }> {
  return postedOf(await parts.authorizer.clear(await requestOf(parts, capture, claim)));
}

/** Notes that a claim is posted, where no other one has come since. Nothing of it is told. */
export async function settleRefund(
  call: Parameters<typeof changeNote>[0],
  capture: Place,
  { index }: RefundClaim,
): Promise<void> {
  const { note } = noteAsOf(call.records, "transaction_note", { place: capture, asOf: null });
  if (refundsOf(note).count !== index || refundsOf(note).unposted === null) return;
  try {
    await changeNote(call, "transaction_note", capture, ({ metadata }) => ({
      metadata,
      refunds: { ...refundsOf(note), unposted: null },
      due_ms: null,
      events: [],
    }));
  } catch (error) {
    // Whoever was here has claimed the next one, or settles this one; or the due runner comes again.
    if (!isConflict(error)) throw error;
  }
}

/** For the due runner: who claimed a refund may have died before it was posted. */
export async function postDueRefund(parts: Posting, capture: Place): Promise<void> {
  const stored = parts.records.object("transaction_note", capture);
  if (stored === null) return;
  const claim = unpostedOf(refundsOf(noteAsOf(parts.records, "transaction_note", { place: capture, asOf: null }).note));
  if (claim === null) return;
  await postRefund(parts, capture, claim);
  await settleRefund({ ...parts, account: { place: { shard: capture.shard, no: stored.account } } }, capture, claim);
}

function refundsOf({ refunds = none }: TransactionNote): Refunds {
  return refunds;
}

function unpostedOf({ count, unposted }: Refunds): RefundClaim | null {
  return unposted === null ? null : { index: count, amount: minor(BigInt(unposted)) };
}

async function requestOf(parts: Posting, capture: Place, claim: RefundClaim): Promise<ClearingRequest> {
  const { program, records } = parts;
  const entry = must(entryAt(records, capture), "a capture has an entry");
  const names = namesOf(capture, claim);
  const posted = { kind: "refund", amount: claim.amount, isFinal: false, details: {} } as const;
  const authorization = authorizationOf(entry);
  if (authorization !== null) {
    return clearingOf(names, await readAuthorization({ program, records, ...names }, authorization), posted);
  }
  const card = { shard: entry.shard, no: "card" in entry ? entry.card : 0 };
  const { body } = await readObject<CardBody>(program, "card", card);
  return forcedOf(names, { place: card, body }, { ...posted, merchant: undefined });
}

function authorizationOf(entry: NonNullable<ReturnType<typeof entryAt>>): Place | null {
  const no = "targetNo" in entry ? entry.targetNo : 0;
  if (no > 0) return { shard: entry.shard, no };
  return entry.kind === "financial" && !entry.isAdvice ? entry : null;
}

function namesOf({ no, shard }: Place, { amount, index }: RefundClaim): PostingNames {
  const identity = createHash("sha256").update(`refund ${index} of ${no} in ${shard}`).digest().subarray(0, 16);
  const fingerprint = Buffer.alloc(8);
  fingerprint.writeBigUInt64BE(amount);
  return { identity: new Uint8Array(identity), fingerprint: new Uint8Array(fingerprint) };
}

function isConflict(error: unknown): boolean {
  return error instanceof ProgramError && error.code === "conflict";
}
