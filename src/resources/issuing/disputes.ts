import { type LossReason, decidingExplanations, evidenceRules } from "../../../specs/dispute-evidence.ts";
import type { Place } from "../../kernel/ids.ts";
import { minor } from "../../kernel/money.ts";
import { fields } from "../../store/keys.ts";
import { ApiError } from "../api-error.ts";
import { currencyParam } from "../balances/money-params.ts";
import { textIn } from "../details.ts";
import type { Metadata } from "../metadata.ts";
import { addMovingObject, changeAndMove, changePlainObject } from "../plain-objects.ts";
import { type Program, ProgramError, aside, readObject } from "../program.ts";
import type { StoredEvidence } from "./dispute-evidence.ts";
import { checkEvidence } from "./dispute-rules.ts";

/** A claim that a capture was not right (rules: Postings, Disputes). */
export interface DisputeBody {
  readonly object: "issuing.dispute";
  readonly account: number;
  /** Number of the transaction's entry. */
  readonly transaction: number;
  readonly amount: number;
  readonly currency: string;
  readonly evidence: StoredEvidence;
  readonly metadata: Metadata;
  readonly status: DisputeStatus;
  /** null: it is not lost. */
  readonly loss_reason: LossReason | null;
  readonly created: number;
  /** Business millisecond at which the due runner has to look at it; null: never. */
  readonly due_ms: number | null;
  /** Types of the events that the present version is. */
  readonly events: readonly string[];
}

export type DisputeStatus = "unsubmitted" | "submitted" | "won" | "lost" | "expired";
export type DisputeEvent = "edit" | "submit" | "expire" | "win" | "lose";

/** What may happen to a dispute, and what becomes of it. Metadata is no part of it and may always change. */
export const disputeTransitions = {
  unsubmitted: { edit: "unsubmitted", submit: "submitted", expire: "expired" },
  submitted: { win: "won", lose: "lost" },
  won: {},
  lost: {},
  expired: {},
} as const satisfies Record<DisputeStatus, Partial<Record<DisputeEvent, DisputeStatus>>>;

const eventsOf = {
  edit: ["issuing_dispute.updated"],
  submit: ["issuing_dispute.updated", "issuing_dispute.submitted"],
  expire: ["issuing_dispute.updated", "issuing_dispute.closed"],
  win: ["issuing_dispute.updated", "issuing_dispute.funds_reinstated", "issuing_dispute.closed"],
  lose: ["issuing_dispute.updated", "issuing_dispute.closed"],
} as const satisfies Record<DisputeEvent, readonly string[]>;

export type DisputeWish = Pick<
  DisputeBody,
  "transaction" | "amount" | "currency" | "evidence" | "metadata" | "created" | "due_ms"
>;

/** Opens the one dispute that a transaction may have: who comes second is refused with `invalid_state`. */
export async function openDispute(program: Program, account: Place, wish: DisputeWish): Promise<Place> {
  const body: DisputeBody = {
    object: "issuing.dispute",
    account: account.no,
    ...wish,
    status: "unsubmitted",
    loss_reason: null,
    events: ["issuing_dispute.created"],
  };
  try {
    const once = fields.disputed(wish.transaction);
    return await addMovingObject(program, account, { type: "dispute", body, moved: null, once });
  } catch (error) {
    if (!isConflict(error)) throw error;
    throw new ApiError("invalid_state", "This transaction has been disputed already.", "transaction");
  }
}

/** Changes what is claimed, while nobody was told of it. Throws ApiError. */
export function editDispute(
  program: Program,
  account: Place,
  no: number,
  edit: (body: DisputeBody) => Pick<DisputeBody, "amount" | "evidence" | "metadata">,
): Promise<DisputeBody> {
  return changePlainObject<DisputeBody>(program, account, { type: "dispute", no }, (body) => ({
    ...body,
    status: statusAfter(program, body, "edit"),
    ...edit(body),
    events: eventsOf.edit,
  }));
}

/** Changes what no network reads, whatever the status. */
export function noteDispute(
  program: Program,
  account: Place,
  no: number,
  metadataAfter: (before: Metadata) => Metadata,
): Promise<DisputeBody> {
  return changePlainObject<DisputeBody>(program, account, { type: "dispute", no }, (body) => ({
    ...body,
    metadata: metadataAfter(body.metadata),
    events: eventsOf.edit,
  }));
}

/**
 * Hands a dispute to the network, once for ever; where its explanation decides it, the answer follows in a commit of its own,
 * and by the due runner where a crash comes between. `check` may still refuse it. Throws ApiError.
 */
export async function submitDispute(
  program: Program,
  account: Place,
  no: number,
  { check, metadataAfter }: { check: (body: DisputeBody) => void; metadataAfter: (before: Metadata) => Metadata },
): Promise<void> {
  const submitted = await changePlainObject<DisputeBody>(program, account, { type: "dispute", no }, (body) => {
    const status = statusAfter(program, body, "submit");
    check(body);
    checkEvidence(body.evidence);
    return {
      ...body,
      status,
      metadata: metadataAfter(body.metadata),
      due_ms: answerTo(body.evidence) === null ? null : program.clock.businessNow(),
      events: eventsOf.submit,
    };
  });
  if (submitted.due_ms === null) return;
  await letHappen(aside(program), { shard: account.shard, no });
}

/** What becomes by itself of a dispute whose time has come: it expires, or the network answers. */
export async function letHappen(program: Program, place: Place): Promise<void> {
  const { body } = await readObject<DisputeBody>(program, "dispute", place);
  if (body.due_ms === null || program.clock.businessNow() < body.due_ms) return;
  const account = { shard: place.shard, no: body.account };
  const event = body.status === "unsubmitted" ? "expire" : answerTo(body.evidence);
  if (event === null) return;
  try {
    await closeDispute(program, account, place.no, event);
  } catch (error) {
    if (!isTooLate(error)) throw error;
  }
}

// Of two that close a dispute at once, one finds that somebody was there first; it stays due until it is closed.
function isTooLate(error: unknown): boolean {
  return error instanceof ApiError ? error.code === "invalid_state" : isConflict(error);
}

function isConflict(error: unknown): boolean {
  return error instanceof ProgramError && error.code === "conflict";
}

/** Closes a dispute. What is won comes back to the account from the networks' disputes; what is lost moves nothing. */
function closeDispute(
  program: Program,
  account: Place,
  no: number,
  event: "expire" | "win" | "lose",
): Promise<DisputeBody> {
  return changeAndMove<DisputeBody>(program, account, { type: "dispute", no }, (body) => ({
    body: {
      ...body,
      status: nextStatus(body, event),
      loss_reason: event === "lose" ? evidenceRules[body.evidence.reason].lossReason : null,
      due_ms: null,
      events: eventsOf[event],
    },
    moved: event === "win" ? { balance: currencyParam(body.currency).number, amount: minor(body.amount) } : null,
  }));
}

/** What the network says to evidence; null: it has yet to decide. */
function answerTo({ details }: StoredEvidence): "win" | "lose" | null {
  const explanation = textIn(details, "explanation");
  const known: Readonly<Record<string, "win" | "lose">> = decidingExplanations;
  return explanation !== null && Object.hasOwn(known, explanation) ? (known[explanation] ?? null) : null;
}

// The due runner may not have come by yet.
function statusAfter(program: Program, body: DisputeBody, event: "edit" | "submit"): DisputeStatus {
  const isOver = body.status === "unsubmitted" && body.due_ms !== null && program.clock.businessNow() >= body.due_ms;
  return nextStatus(isOver ? { ...body, status: "expired" } : body, event);
}

function nextStatus({ status }: DisputeBody, event: DisputeEvent): DisputeStatus {
  const allowed: Partial<Record<DisputeEvent, DisputeStatus>> = disputeTransitions[status];
  const next = allowed[event];
  if (next !== undefined) return next;
  throw new ApiError("invalid_state", `This dispute is ${status}, so that you cannot ${event} it.`, "id");
}
