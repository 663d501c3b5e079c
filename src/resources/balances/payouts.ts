import type { BankRefusal } from "../../../specs/refusing-banks.ts";
import type { Place } from "../../kernel/ids.ts";
import { minor } from "../../kernel/money.ts";
import { paymentsBalance } from "../../ledger/balances.ts";
import { fields } from "../../store/keys.ts";
import type { BankAccountBody } from "../accounts/external-account-view.ts";
import { ApiError } from "../api-error.ts";
import type { Found } from "../call.ts";
import type { Metadata } from "../metadata.ts";
import { type Moved, addMovingObject, changeAndMove, insistOnChange } from "../plain-objects.ts";
import { type Program, ProgramError, aside, readObject } from "../program.ts";
import { currencyParam, paidFrom } from "./money-params.ts";
import type { Funds } from "./topups.ts";

/** Money that leaves for the account's bank. */
export interface PayoutBody {
  readonly object: "payout";
  readonly account: number;
  /** Minor units; negative where it takes another payout back. */
  readonly amount: number;
  readonly currency: string;
  readonly source_type: "card" | "bank_account" | "fpx" | "issuing";
  readonly method: "standard" | "instant";
  /** Number of the external account; null: the account's bank, of which nothing is known. */
  readonly destination: number | null;
  readonly description: string | null;
  readonly statement_descriptor: string | null;
  readonly status: PayoutStatus;
  /** Business second at which the bank has it. */
  readonly arrival_date: number;
  readonly metadata: Metadata;
  readonly created: number;
  /** Why the bank has sent it back; absent: it has not. */
  readonly failure_code?: BankRefusal;
  /** Number of the payout that it takes back; absent: none. */
  readonly original_payout?: number;
  /** Number of the payout that takes it back; absent: none. */
  readonly reversed_by?: number;
  /** Business millisecond at which the due runner has to look at it; null: never. */
  readonly due_ms: number | null;
  /** Types of the events that the present version is. */
  readonly events: readonly string[];
}

export type PayoutStatus = "pending" | "paid" | "canceled" | "failed";
export type PayoutEvent = "cancel" | "arrive" | "fail";

/** What may happen to a payout, and what becomes of it. */
export const payoutTransitions = {
  pending: { cancel: "canceled", arrive: "paid", fail: "failed" },
  paid: {},
  canceled: {},
  failed: {},
} as const satisfies Record<PayoutStatus, Partial<Record<PayoutEvent, PayoutStatus>>>;

const eventsOf = {
  cancel: ["payout.canceled"],
  arrive: ["payout.updated", "payout.paid"],
  fail: ["payout.updated", "payout.failed"],
} as const satisfies Record<PayoutEvent, readonly string[]>;

const dayS = 86_400;

export type PayoutWish = Pick<
  PayoutBody,
  "source_type" | "method" | "destination" | "description" | "statement_descriptor" | "metadata"
>;

/** Takes money from a balance at once; the bank has it on the next day, or now where that is asked for. */
export async function payOut(program: Program, account: Place, funds: Funds, wish: PayoutWish): Promise<Place> {
  const created = Math.floor(program.clock.businessNow() / 1000);
  const isInstant = wish.method === "instant";
  // What a bank will send back has to get there first.
  const isPaid = isInstant && (await refusalOf(program, account, wish)) === null;
  const arrival = isInstant ? created : nextDay(created);
  const body: PayoutBody = {
    object: "payout",
    account: account.no,
    amount: Number(funds.amount),
    currency: funds.currency.code,
    ...wish,
    status: isPaid ? "paid" : "pending",
    arrival_date: arrival,
    created,
    due_ms: isPaid ? null : arrival * 1000,
    events: isPaid ? ["payout.created", "payout.paid"] : ["payout.created"],
  };
  const moved = { balance: balanceOf(body, funds.currency.number), amount: minor(-funds.amount) };
  return paidFrom(addMovingObject(program, account, { type: "payout", body, moved }));
}

/** Gives the money back while it has not left. Throws ApiError. */
export function cancelPayout(program: Program, account: Place, no: number, currency: number): Promise<PayoutBody> {
  return change(program, { account, no, event: "cancel" }, (body) => ({
    balance: balanceOf(body, currency),
    amount: minor(body.amount),
  }));
}

/** For the due runner: a payout gets to its bank, or a crash has left a reversal of which its original does not tell. */
export async function letPayoutHappen(program: Program, place: Place): Promise<void> {
  const { body } = await readObject<PayoutBody>(program, "payout", place);
  const account = { shard: place.shard, no: body.account };
  if (body.original_payout !== undefined) await noteReversed(program, account, place.no, body.original_payout);
  else if (body.status === "pending") await reachBank(program, account, place.no, body);
}

async function reachBank(program: Program, account: Place, no: number, body: PayoutBody): Promise<void> {
  const refusal = await refusalOf(program, account, body);
  if (refusal === null) {
    await change(program, { account, no, event: "arrive" }, () => null);
    return;
  }
  await changeAndMove<PayoutBody>(program, account, { type: "payout", no }, (before) => ({
    body: {
      ...before,
      status: requireEvent(before, "fail"),
      failure_code: refusal,
      due_ms: null,
      events: eventsOf.fail,
    },
    moved: { balance: balanceOf(before, currencyParam(before.currency).number), amount: minor(before.amount) },
  }));
}

async function refusalOf(
  program: Program,
  { shard }: Place,
  { destination: no }: Pick<PayoutBody, "destination">,
): Promise<BankRefusal | null> {
  if (no === null) return null;
  const { body } = await readObject<BankAccountBody>(program, "external_account", { shard, no });
  return body.refuses ?? null;
}

/**
 * Takes back what the bank has, once for ever: another payout, of the opposite amount, that is there at once. Returns its
 * place. Throws ApiError.
 */
export async function reversePayout(program: Program, original: Found<PayoutBody>, metadata: Metadata): Promise<Place> {
  const { body, place } = original;
  const account = { shard: place.shard, no: body.account };
  const nowMs = program.clock.businessNow();
  const created = Math.floor(nowMs / 1000);
  const reversal: PayoutBody = {
    ...body,
    amount: -body.amount,
    description: null,
    status: "paid",
    arrival_date: created,
    metadata,
    created,
    original_payout: place.no,
    due_ms: nowMs,
    events: ["payout.created", "payout.paid"],
  };
  const moved = { balance: balanceOf(body, currencyParam(body.currency).number), amount: minor(body.amount) };
  const made = await onceOnly(
    addMovingObject(program, account, { type: "payout", body: reversal, moved, once: fields.takenBack(place.no) }),
  );
  await noteReversed(aside(program), account, made.no, place.no);
  return made;
}

async function onceOnly(write: Promise<Place>): Promise<Place> {
  try {
    return await write;
  } catch (error) {
    if (!(error instanceof ProgramError) || error.code !== "conflict") throw error;
    throw new ApiError("invalid_state", "This payout has been reversed already.", "payout");
  }
}

async function noteReversed(program: Program, account: Place, no: number, original: number): Promise<void> {
  await insistOnChange<PayoutBody>(program, account, { type: "payout", no: original }, (body) => {
    const isNoted = body.reversed_by !== undefined;
    return isNoted ? { ...body, events: [] } : { ...body, reversed_by: no, events: ["payout.updated"] };
  });
  await insistOnChange<PayoutBody>(program, account, { type: "payout", no }, (body) => ({
    ...body,
    due_ms: null,
    events: [],
  }));
}

function requireEvent(body: PayoutBody, event: PayoutEvent): PayoutStatus {
  const allowed: Partial<Record<PayoutEvent, PayoutStatus>> = payoutTransitions[body.status];
  const next = allowed[event];
  if (next !== undefined) return next;
  throw new ApiError("invalid_state", `This payout is ${body.status}, so that it cannot ${event}.`, "payout");
}

function change(
  program: Program,
  { account, no, event }: { readonly account: Place; readonly no: number; readonly event: PayoutEvent },
  movedOf: (body: PayoutBody) => Moved | null,
): Promise<PayoutBody> {
  return changeAndMove<PayoutBody>(program, account, { type: "payout", no }, (body) => ({
    body: { ...body, status: requireEvent(body, event), due_ms: null, events: eventsOf[event] },
    moved: movedOf(body),
  }));
}

function balanceOf({ source_type: source }: Pick<PayoutBody, "source_type">, currency: number): number {
  return source === "issuing" ? currency : paymentsBalance(currency);
}

function nextDay(seconds: number): number {
  return (Math.floor(seconds / dayS) + 1) * dayS;
}
