import type { Place } from "../../kernel/ids.ts";
import { minor } from "../../kernel/money.ts";
import { paymentsBalance } from "../../ledger/balances.ts";
import { ApiError } from "../api-error.ts";
import type { Metadata } from "../metadata.ts";
import { addNumberedObject, changeAndMove, insistOnChange } from "../plain-objects.ts";
import { type Program, ProgramError, aside, readObject } from "../program.ts";
import { currencyParam, paidFrom } from "./money-params.ts";
import { type ArrivalBody, type LeavingPart, type TransferBody, bringHome } from "./transfers.ts";

/** A part of a transfer, or all of it, that has come back to the platform. */
export interface TransferReversalBody {
  readonly object: "transfer_reversal";
  /** Of the platform. */
  readonly account: number;
  /** Number of the transfer. */
  readonly transfer: number;
  readonly amount: number;
  readonly currency: string;
  readonly metadata: Metadata;
  readonly created: number;
  readonly events: readonly string[];
}

export interface ReversalWish {
  /** Minor units; null: all that has not come back yet. */
  readonly amount: number | null;
  readonly metadata: Metadata;
}

/** Reversals of one transfer; their numbers are counted from the transfer's, so that nothing else can take them. */
const reversalsMax = 1_000;

/**
 * The half of the account that pays comes first, because it alone can be refused: the arrival of the transfer gives back what
 * is asked for, and keeps it as leaving until the platform has it (rules: Postings). What a crash leaves on its way is
 * brought back by the due runner. Returns the reversal's place. Throws ApiError.
 */
export async function reverseTransfer(program: Program, transfer: Place, wish: ReversalWish): Promise<Place> {
  const { body } = await readObject<TransferBody>(program, "transfer", transfer);
  if (body.due_ms !== null) await bringHome(aside(program), transfer);
  const arrival = { shard: body.destination.shard, no: transfer.no };
  await bringBack(aside(program), arrival);
  const nowMs = program.clock.businessNow();
  const write = changeAndMove<ArrivalBody>(program, body.destination, { type: "arrival", no: arrival.no }, (before) => {
    const leaving = leavingOf(before, wish, Math.floor(nowMs / 1000));
    const balance = paymentsBalance(currencyParam(before.currency).number);
    const reversed = (before.amount_reversed ?? 0) + leaving.amount;
    return {
      body: { ...before, amount_reversed: reversed, reversals: leaving.index, leaving, due_ms: nowMs },
      moved: { balance, amount: minor(-leaving.amount) },
    };
  });
  const { reversals: index = 0 } = await paidFrom(write);
  await bringBack(aside(program), arrival);
  return reversalPlace(transfer, index);
}

/** Of the reversals of a transfer, by which of them it is. */
export function reversalPlace({ shard, no }: Place, index: number): Place {
  return { shard, no: no * reversalsMax + index };
}

/** Books on the platform's side what has left an arrival, where that is not done yet. Does nothing where nothing has. */
export async function bringBack(program: Program, arrival: Place): Promise<void> {
  const { body } = await readObject<ArrivalBody>(program, "arrival", arrival);
  const { account: no, leaving = null, transfer } = body;
  if (leaving === null) return;
  const { body: original } = await readObject<TransferBody>(program, "transfer", transfer);
  const platform = { shard: transfer.shard, no: original.account };
  const moved = { balance: paymentsBalance(currencyParam(body.currency).number), amount: minor(leaving.amount) };
  const reversal = { type: "transfer_reversal", no: reversalPlace(transfer, leaving.index).no } as const;
  // Made already: somebody else has brought it back.
  await addNumberedObject(program, platform, reversal, { body: reversalOf(original, transfer.no, leaving), moved });
  await noteReversed(program, platform, transfer.no, leaving);
  const isBack = (before: ArrivalBody): boolean => before.leaving?.index !== leaving.index;
  const name = { type: "arrival", no: arrival.no } as const;
  await insistOnChange<ArrivalBody>(program, { shard: arrival.shard, no }, name, (before) =>
    isBack(before) ? before : { ...before, leaving: null, due_ms: null },
  );
}

function leavingOf(before: ArrivalBody, { amount, metadata }: ReversalWish, created: number): LeavingPart {
  if ((before.leaving ?? null) !== null) throw new ProgramError("conflict", "this transfer is being reversed just now");
  const left = before.amount - (before.amount_reversed ?? 0);
  if (left === 0) throw new ApiError("invalid_state", "This transfer is already fully reversed.", "id");
  if (amount !== null && amount > left) {
    const text = `The reversal's amount (${amount}) is greater than what is left of the transfer (${left}).`;
    throw new ApiError("parameter_invalid", text, "amount");
  }
  const index = (before.reversals ?? 0) + 1;
  if (index >= reversalsMax) {
    throw new ApiError("invalid_state", `A transfer is reversed in at most ${reversalsMax - 1} parts.`, "id");
  }
  return { index, amount: amount ?? left, metadata, created };
}

function reversalOf(
  { account, currency }: TransferBody,
  transfer: number,
  { amount, created, metadata }: LeavingPart,
): TransferReversalBody {
  return { object: "transfer_reversal", account, transfer, amount, currency, metadata, created, events: [] };
}

function noteReversed(program: Program, platform: Place, no: number, part: LeavingPart): Promise<void> {
  return insistOnChange<TransferBody>(program, platform, { type: "transfer", no }, (before) => {
    const { amount_reversed: reversed = 0, reversals = 0 } = before;
    // One part leaves at a time, so that a part that is counted is the last one or an earlier one.
    if (reversals >= part.index) return { ...before, events: [] };
    const after = { amount_reversed: reversed + part.amount, reversals: part.index };
    return { ...before, ...after, events: ["transfer.reversed"] };
  });
}
