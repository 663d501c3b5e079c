import type { Place } from "../../kernel/ids.ts";
import type { Minor } from "../../kernel/money.ts";
import { paymentsBalance } from "../../ledger/balances.ts";
import type { Metadata } from "../metadata.ts";
import { addMovingObject } from "../plain-objects.ts";
import type { Program } from "../program.ts";

/** Money paid into one of an account's balances. */
export interface TopupBody {
  readonly object: "topup";
  readonly account: number;
  /** Minor units. */
  readonly amount: number;
  readonly currency: string;
  readonly destination_balance: "issuing" | "payments";
  readonly status: "succeeded";
  readonly description: string | null;
  readonly statement_descriptor: string | null;
  readonly transfer_group: string | null;
  readonly metadata: Metadata;
  readonly created: number;
  /** Types of the events that its making is. */
  readonly events: readonly string[];
}

export interface Funds {
  readonly amount: Minor;
  readonly currency: { readonly code: string; readonly number: number };
}

export type TopupTexts = Partial<
  Pick<TopupBody, "destination_balance" | "description" | "statement_descriptor" | "transfer_group" | "metadata">
>;

/** Adds to what an account has available, in its issuing balance unless told otherwise; returns the top-up's place. */
export function topUp(program: Program, account: Place, funds: Funds, texts: TopupTexts = {}): Promise<Place> {
  const { amount, currency } = funds;
  const body: TopupBody = {
    object: "topup",
    account: account.no,
    amount: Number(amount),
    currency: currency.code,
    destination_balance: "issuing",
    status: "succeeded",
    description: null,
    statement_descriptor: null,
    transfer_group: null,
    metadata: {},
    ...texts,
    created: Math.floor(program.clock.businessNow() / 1000),
    events: ["topup.created", "topup.succeeded", "balance.available"],
  };
  const isIssuing = body.destination_balance === "issuing";
  const balance = isIssuing ? currency.number : paymentsBalance(currency.number);
  return addMovingObject(program, account, { type: "topup", body, moved: { balance, amount } });
}
