import type { Place } from "../../kernel/ids.ts";
import { minor } from "../../kernel/money.ts";
import { paymentsBalance } from "../../ledger/balances.ts";
import type { Metadata } from "../metadata.ts";
import { addMovingObject, addNumberedObject, changePlainObject } from "../plain-objects.ts";
import { type Program, ProgramError, aside, readObject } from "../program.ts";
import { currencyParam, paidFrom } from "./money-params.ts";
import type { Funds } from "./topups.ts";

/** Money from the platform's payments balance to that of a connected account, which may live in another shard. */
export interface TransferBody {
  readonly object: "transfer";
  /** Of the platform. */
  readonly account: number;
  readonly destination: Place;
  readonly amount: number;
  readonly currency: string;
  readonly description: string | null;
  readonly transfer_group: string | null;
  readonly metadata: Metadata;
  readonly created: number;
  /** Business millisecond of its making until the other half is booked, so that the due runner finds it; then null. */
  readonly due_ms: number | null;
  readonly events: readonly string[];
  /** Minor units that have come back; absent: none. */
  readonly amount_reversed?: number;
  /** How many reversals these were. */
  readonly reversals?: number;
}

/** The half of a transfer that arrives, under the transfer's own number, so that it can be booked only once. */
export interface ArrivalBody {
  readonly object: "arrival";
  readonly account: number;
  /** Of the platform. */
  readonly transfer: Place;
  readonly amount: number;
  readonly currency: string;
  readonly created: number;
  readonly events: readonly string[];
  /** Minor units that have left again; absent: none. */
  readonly amount_reversed?: number;
  readonly reversals?: number;
  /** What has left and is not booked on the other side yet; absent: nothing. */
  readonly leaving?: LeavingPart | null;
  /** Business millisecond of that part's leaving, so that the due runner finds it. */
  readonly due_ms?: number | null;
}

export interface LeavingPart {
  /** Of the reversals of its transfer, from 1. */
  readonly index: number;
  readonly amount: number;
  readonly metadata: Metadata;
  readonly created: number;
}

export type TransferWish = Pick<TransferBody, "description" | "transfer_group" | "metadata">;

/**
 * The payer's half moves the money to `in_transit`, the other half follows under a key derived from it (rules: Postings).
 * What a crash leaves on its way is brought home by the due runner.
 */
export async function transferTo(
  program: Program,
  platform: Place,
  { destination, funds }: { readonly destination: Place; readonly funds: Funds },
  wish: TransferWish,
): Promise<Place> {
  const nowMs = program.clock.businessNow();
  const body: TransferBody = {
    object: "transfer",
    account: platform.no,
    destination,
    amount: Number(funds.amount),
    currency: funds.currency.code,
    ...wish,
    created: Math.floor(nowMs / 1000),
    due_ms: nowMs,
    events: ["transfer.created"],
  };
  const moved = { balance: paymentsBalance(funds.currency.number), amount: minor(-funds.amount) };
  const place = await paidFrom(addMovingObject(program, platform, { type: "transfer", body, moved }));
  await bringHome(aside(program), place);
  return place;
}

/** Books the second half of a transfer, where it is not booked yet, and notes that nothing is on its way any more. */
export async function bringHome(program: Program, place: Place): Promise<void> {
  const { body } = await readObject<TransferBody>(program, "transfer", place);
  const { destination, amount, currency, account } = body;
  const arrival: ArrivalBody = {
    object: "arrival",
    account: destination.no,
    transfer: place,
    amount,
    currency,
    created: Math.floor(program.clock.businessNow() / 1000),
    events: [],
  };
  const moved = { balance: paymentsBalance(currencyParam(currency).number), amount: minor(amount) };
  // Made already: somebody else has brought it home.
  await addNumberedObject(program, destination, { type: "arrival", no: place.no }, { body: arrival, moved });
  await noteHome(program, { shard: place.shard, no: account }, place.no);
}

// Of two that note it at once, one finds that it is noted.
async function noteHome(program: Program, platform: Place, no: number): Promise<void> {
  try {
    await changePlainObject<TransferBody>(program, platform, { type: "transfer", no }, (body) => ({
      ...body,
      due_ms: null,
      events: [],
    }));
  } catch (error) {
    if (!(error instanceof ProgramError) || error.code !== "conflict") throw error;
  }
}
