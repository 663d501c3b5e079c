import type { Place } from "../../kernel/ids.ts";
import { minor } from "../../kernel/money.ts";
import { paymentsBalance } from "../../ledger/balances.ts";
import { ApiError } from "../api-error.ts";
import type { Metadata } from "../metadata.ts";
import { type Moved, addMovingObject, changeAndMove } from "../plain-objects.ts";
import type { Program } from "../program.ts";
import { paidFrom } from "./money-params.ts";
import type { Funds } from "./topups.ts";

/** Money that leaves for the account's bank. */
export interface PayoutBody {
  readonly object: "payout";
  readonly account: number;
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
  /** Business millisecond at which the due runner has to look at it; null: never. */
  readonly due_ms: number | null;
  /** Types of the events that the present version is. */
  readonly events: readonly string[];
}

export type PayoutStatus = "pending" | "paid" | "canceled";
export type PayoutEvent = "cancel" | "arrive";

/** What may happen to a payout, and what becomes of it. */
export const payoutTransitions = {
  pending: { cancel: "canceled", arrive: "paid" },
  paid: {},
  canceled: {},
} as const satisfies Record<PayoutStatus, Partial<Record<PayoutEvent, PayoutStatus>>>;

const eventsOf = {
  cancel: ["payout.canceled"],
  arrive: ["payout.updated", "payout.paid"],
} as const satisfies Record<PayoutEvent, readonly string[]>;

const dayS = 86_400;

export type PayoutWish = Pick<
  PayoutBody,
  "source_type" | "method" | "destination" | "description" | "statement_descriptor" | "metadata"
>;

/** Takes money from a balance at once; the bank has it on the next day, or now where that is asked for. */
export function payOut(program: Program, account: Place, funds: Funds, wish: PayoutWish): Promise<Place> {
  const created = Math.floor(program.clock.businessNow() / 1000);
  const isInstant = wish.method === "instant";
  const arrival = isInstant ? created : nextDay(created);
  const body: PayoutBody = {
    object: "payout",
    account: account.no,
    amount: Number(funds.amount),
    currency: funds.currency.code,
    ...wish,
    status: isInstant ? "paid" : "pending",
    arrival_date: arrival,
    created,
    due_ms: isInstant ? null : arrival * 1000,
    events: isInstant ? ["payout.created", "payout.paid"] : ["payout.created"],
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

/** The bank has it: called by the due runner, also for one that was canceled meanwhile. */
export async function arrivePayout(program: Program, account: Place, no: number): Promise<void> {
  await change(program, { account, no, event: "arrive" }, () => null);
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
