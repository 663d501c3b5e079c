import type { Place } from "../../kernel/ids.ts";
import { minor } from "../../kernel/money.ts";
import { currencyParam } from "../balances/money-params.ts";
import { type Moved, changeAndMove, changePlainObject } from "../plain-objects.ts";
import { type Program, ProgramError } from "../program.ts";
import type { DisputeBody } from "./disputes.ts";

/*
 * What is disputed may be lent until the network has answered (rules: Postings, Disputes): it stays where the dispute is won,
 * and goes back where it is lost. A commit takes no balance below zero, so what was spent meanwhile is owed, and asked for
 * every day until the balance has it.
 */

/** A version of a dispute, and the money that it moves. */
export interface DisputeStep {
  readonly body: DisputeBody;
  readonly moved: Moved | null;
}

const dayMs = 86_400_000;

/** The submission of a dispute about which money is lent. */
export function lent(body: DisputeBody): DisputeStep {
  return {
    body: { ...body, provisional_credit: "lent", events: [...body.events, "issuing_dispute.funds_reinstated"] },
    moved: movedBy(body, 1),
  };
}

/** The closing of a dispute; `shortAtMs`: business time at which the balance did not have what was lent, null: it has. */
export function settled(body: DisputeBody, shortAtMs: number | null): DisputeStep {
  if (body.provisional_credit !== "lent") return { body, moved: body.status === "won" ? movedBy(body, 1) : null };
  if (body.status === "won") {
    const events = body.events.filter((type) => type !== "issuing_dispute.funds_reinstated");
    return { body: { ...body, provisional_credit: "kept", events }, moved: null };
  }
  if (shortAtMs !== null) {
    return { body: { ...body, provisional_credit: "owed", due_ms: shortAtMs + dayMs }, moved: null };
  }
  return returned({ ...body, events: [...body.events, "issuing_dispute.funds_rescinded"] });
}

/** Takes back what is owed, or puts it off for a day. Throws ProgramError. */
export async function askBack(program: Program, account: Place, no: number): Promise<void> {
  const name = { type: "dispute", no } as const;
  try {
    await changeAndMove<DisputeBody>(program, account, name, (body) =>
      returned({ ...body, due_ms: null, events: ["issuing_dispute.updated", "issuing_dispute.funds_rescinded"] }),
    );
  } catch (error) {
    if (!isShort(error)) throw error;
    const due_ms = program.clock.businessNow() + dayMs;
    await changePlainObject<DisputeBody>(program, account, name, (body) => ({ ...body, due_ms, events: [] }));
  }
}

export function isShort(error: unknown): boolean {
  return error instanceof ProgramError && error.code === "not_enough_funds";
}

function returned(body: DisputeBody): DisputeStep {
  return { body: { ...body, provisional_credit: "returned" }, moved: movedBy(body, -1) };
}

function movedBy({ amount, currency }: DisputeBody, sign: 1 | -1): Moved {
  return { balance: currencyParam(currency).number, amount: minor(sign * amount) };
}
