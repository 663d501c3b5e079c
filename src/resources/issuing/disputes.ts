import { type LossReason, decidingExplanations, evidenceRules } from "../../../specs/dispute-evidence.ts";
import type { Place } from "../../kernel/ids.ts";
import { fields } from "../../store/keys.ts";
import type { AccountBody } from "../accounts/accounts.ts";
import { ApiError } from "../api-error.ts";
import { textIn } from "../details.ts";
import type { Metadata } from "../metadata.ts";
import { addMovingObject, changeAndMove, changePlainObject } from "../plain-objects.ts";
import { type Program, ProgramError, aside, readObject } from "../program.ts";
import type { StoredEvidence } from "./dispute-evidence.ts";
import { checkEvidence } from "./dispute-rules.ts";
import { askBack, isShort, lent, settled } from "./provisional-credit.ts";

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
  /** What was lent at the submission, and what has become of it; absent: nothing was. */
  readonly provisional_credit?: ProvisionalCredit;
  readonly created: number;
  /** Business millisecond at which the due runner has to look at it; null: never. */
  readonly due_ms: number | null;
  /** Types of the events that the present version is. */
  readonly events: readonly string[];
}

export type DisputeStatus = "unsubmitted" | "submitted" | "won" | "lost" | "expired";
/** `kept`: the dispute was won. `owed`: it was lost, and the balance has not had the money since. */
export type ProvisionalCredit = "lent" | "kept" | "owed" | "returned";
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
  const { body: owner } = await readObject<AccountBody>(program, "account", account);
  const submitted = await changeAndMove<DisputeBody>(program, account, { type: "dispute", no }, (body) => {
    const status = statusAfter(program, body, "submit");
    check(body);
    checkEvidence(body.evidence);
    const after: DisputeBody = {
      ...body,
      status,
      metadata: metadataAfter(body.metadata),
      due_ms: answerTo(body.evidence) === null ? null : program.clock.businessNow(),
      events: eventsOf.submit,
    };
    return owner.provisional_credit === true ? lent(after) : { body: after, moved: null };
  });
  if (submitted.due_ms === null) return;
  await letHappen(aside(program), { shard: account.shard, no });
}

/** What becomes by itself of a dispute whose time has come: it expires, or the network answers. */
export async function letHappen(program: Program, place: Place): Promise<void> {
  const { body } = await readObject<DisputeBody>(program, "dispute", place);
  if (body.due_ms === null || program.clock.businessNow() < body.due_ms) return;
  const account = { shard: place.shard, no: body.account };
  if (body.provisional_credit === "owed") {
    await askBack(program, account, place.no);
    return;
  }
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

/** Closes a dispute. What was lent for one that is lost is owed where the balance does not have it any more. */
async function closeDispute(
  program: Program,
  account: Place,
  no: number,
  event: "expire" | "win" | "lose",
): Promise<void> {
  const name = { type: "dispute", no } as const;
  const close = (isAffordable: boolean): Promise<DisputeBody> =>
    changeAndMove<DisputeBody>(program, account, name, (body) => {
      const closed: DisputeBody = {
        ...body,
        status: nextStatus(body, event),
        loss_reason: event === "lose" ? evidenceRules[body.evidence.reason].lossReason : null,
        due_ms: null,
        events: eventsOf[event],
      };
      return settled(closed, isAffordable ? null : program.clock.businessNow());
    });
  try {
    await close(true);
  } catch (error) {
    if (!isShort(error)) throw error;
    await close(false);
  }
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
