import { type TestSource, testSources } from "../../../specs/test-sources.ts";
import type { Place } from "../../kernel/ids.ts";
import { type Minor, minor } from "../../kernel/money.ts";
import { paymentsBalance } from "../../ledger/balances.ts";
import { ApiError } from "../api-error.ts";
import type { Metadata } from "../metadata.ts";
import { type Moved, addMovingObject, addPlainObject, changeAndMove } from "../plain-objects.ts";
import { type Program, readObject } from "../program.ts";
import { currencyParam } from "./money-params.ts";

/** Money paid into one of an account's balances. */
export interface TopupBody {
  readonly object: "topup";
  readonly account: number;
  /** Minor units. */
  readonly amount: number;
  readonly currency: string;
  readonly destination_balance: "issuing" | "payments";
  readonly status: TopupStatus;
  /** Whose bank was asked; absent: nobody's, and the money was there at once. */
  readonly source?: TestSource;
  /** Business second at which the bank has an answer; absent: it was there at once. */
  readonly expected_availability_date?: number;
  /** Business millisecond at which the due runner has to look at it; null or absent: never. */
  readonly due_ms?: number | null;
  readonly description: string | null;
  readonly statement_descriptor: string | null;
  readonly transfer_group: string | null;
  readonly metadata: Metadata;
  readonly created: number;
  /** Types of the events that the present version is. */
  readonly events: readonly string[];
}

type TopupStatus = "pending" | "succeeded" | "canceled" | "failed";
type TopupEvent = "arrive" | "cancel" | "fail";

export interface Funds {
  readonly amount: Minor;
  readonly currency: { readonly code: string; readonly number: number };
}

export type TopupTexts = Partial<
  Pick<TopupBody, "destination_balance" | "description" | "statement_descriptor" | "transfer_group" | "metadata">
>;

/** What may happen to a top-up, and what becomes of it. */
const topupTransitions = {
  pending: { arrive: "succeeded", cancel: "canceled", fail: "failed" },
  succeeded: {},
  canceled: {},
  failed: {},
} as const satisfies Record<TopupStatus, Partial<Record<TopupEvent, TopupStatus>>>;

const arrived = ["topup.succeeded", "balance.available"] as const;
const eventsOf = {
  arrive: arrived,
  cancel: ["topup.canceled"],
  fail: ["topup.failed"],
} as const satisfies Record<TopupEvent, readonly string[]>;

const dayS = 86_400;

/** Adds to what an account has available, in its issuing balance unless told otherwise; returns the top-up's place. */
export function topUp(program: Program, account: Place, funds: Funds, texts: TopupTexts = {}): Promise<Place> {
  const body = bodyOf(program, account, funds, texts);
  return addMovingObject(program, account, { type: "topup", body, moved: movedBy(body) });
}

/** Asks a bank for money, which has it or has it not on the next day; until then it can be canceled. */
export function askBank(
  program: Program,
  account: Place,
  funds: Funds,
  texts: TopupTexts & { readonly source: TestSource },
): Promise<Place> {
  const body = bodyOf(program, account, funds, texts);
  const arrival = (Math.floor(body.created / dayS) + 1) * dayS;
  return addPlainObject(program, account, "topup", {
    ...body,
    status: "pending",
    expected_availability_date: arrival,
    due_ms: arrival * 1000,
    events: ["topup.created"],
  } satisfies TopupBody);
}

/** Throws ApiError. */
export async function cancelTopup(program: Program, account: Place, no: number): Promise<void> {
  await change(program, account, no, () => "cancel");
}

/** For the due runner: a bank pays or refuses. */
export async function letTopupHappen(program: Program, place: Place): Promise<void> {
  const { body } = await readObject<TopupBody>(program, "topup", place);
  if (body.status !== "pending") return;
  await change(program, { shard: place.shard, no: body.account }, place.no, ({ source }) =>
    refusalOf(source) === null ? "arrive" : "fail",
  );
}

/** Why the bank of a source does not pay; null: it does. */
export function refusalOf(source: TopupBody["source"]): (typeof testSources)[number]["refusal"] {
  return testSources.find(({ token }) => token === source)?.refusal ?? null;
}

function change(
  program: Program,
  account: Place,
  no: number,
  eventOf: (body: TopupBody) => TopupEvent,
): Promise<TopupBody> {
  return changeAndMove<TopupBody>(program, account, { type: "topup", no }, (before) => {
    const event = eventOf(before);
    const body = { ...before, status: requireEvent(before, event), due_ms: null, events: eventsOf[event] };
    return { body, moved: event === "arrive" ? movedBy(body) : null };
  });
}

function requireEvent(body: TopupBody, event: TopupEvent): TopupStatus {
  const allowed: Partial<Record<TopupEvent, TopupStatus>> = topupTransitions[body.status];
  const next = allowed[event];
  if (next !== undefined) return next;
  throw new ApiError("invalid_state", `This top-up is ${body.status}; only a pending one can be canceled.`, "topup");
}

function bodyOf(program: Program, account: Place, { amount, currency }: Funds, texts: TopupTexts): TopupBody {
  const created = Math.floor(program.clock.businessNow() / 1000);
  return {
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
    created,
    events: ["topup.created", ...arrived],
  };
}

function movedBy({ amount, currency, destination_balance }: TopupBody): Moved {
  const { number } = currencyParam(currency);
  return { balance: destination_balance === "issuing" ? number : paymentsBalance(number), amount: minor(amount) };
}
