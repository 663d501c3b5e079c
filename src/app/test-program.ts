import type { MerchantCategory } from "../../specs/merchant-categories.ts";
import type { LimitInterval } from "../../specs/limits.ts";
import { isoTime } from "../kernel/clock.ts";
import type { Place } from "../kernel/ids.ts";
import { minor } from "../kernel/money.ts";
import { type Result, ok } from "../kernel/result.ts";
import { noControls } from "../ledger/limits.ts";
import { createAccount, setAccountEnabled } from "../resources/accounts/accounts.ts";
import { topUp } from "../resources/balances/topups.ts";
import { createCardholder, plainCardholder } from "../resources/issuing/cardholders.ts";
import { type CardBody, createCard, updateCard } from "../resources/issuing/cards.ts";
import { readObject } from "../resources/program.ts";
import { type AppError, appError } from "./app-error.ts";
import type { Books } from "./books.ts";
import { currencyOf } from "./program-access.ts";

/** A card to test with, on an account of its own or one that an earlier test card has. Amounts in minor units. */
export interface TestCardWish {
  readonly account: string | null;
  readonly network: "visa" | "mastercard";
  readonly currency: "usd" | "eur" | "gbp";
  readonly funds: number;
  readonly takesPartial: boolean;
  readonly status: "active" | "inactive";
  readonly program: "standard" | "load";
  readonly limits: readonly { readonly amount: number; readonly interval: LimitInterval }[];
  readonly blockedCategories: readonly MerchantCategory[];
}

export interface TestCard {
  readonly id: string;
  readonly account: string;
  readonly pan: string;
  /** YYMM. */
  readonly expiry: string;
}

export interface TestCardChange {
  readonly status: "active" | "inactive" | "canceled" | null;
  readonly isAccountEnabled: boolean | null;
}

export interface TestCardBalance {
  readonly currency: string;
  readonly available: number;
  readonly held: number;
  /** What remains of each open hold of the card, oldest first. */
  readonly holds: readonly number[];
}

const homes = { usd: "US", eur: "DE", gbp: "GB" } as const;
const monthsValid = 36;
const openHoldsMax = 1_000;

/** Makes the account where it is wanted, a cardholder and a card, through the same functions as the seed. */
export async function issueTestCard(
  { access, engine }: Books,
  wish: TestCardWish,
): Promise<Result<TestCard, AppError>> {
  const { program } = access;
  const currency = currencyOf(wish.currency);
  const country = homes[wish.currency];
  let account = wish.account === null ? null : engine.ids.decode("acct", wish.account);
  if (wish.account !== null && account === null) return appError("not_found", `no account ${wish.account}`);
  if (account === null) {
    const names = { businessName: "Test Program", country, currency: currency.code };
    account = await createAccount(program, 0, { ...names, partialApprovals: wish.takesPartial });
    if (wish.funds > 0) await topUp(program, account, { amount: minor(wish.funds), currency });
  }
  const { no } = await createCardholder(program, account, plainCardholder("Test Holder", country));
  const expiry = expiryAfter(program.clock.businessNow());
  const { place, pan } = await createCard(program, account, {
    cardholder: no,
    currency,
    network: wish.network,
    type: "virtual",
    status: wish.status,
    cancellationReason: null,
    expMonth: expiry.month,
    expYear: expiry.year,
    program: wish.program,
    controls: {
      ...noControls,
      blocked_categories: wish.blockedCategories.length === 0 ? null : wish.blockedCategories,
      spending_limits: wish.limits.length === 0 ? null : wish.limits.map((limit) => ({ ...limit, categories: null })),
    },
    pan: null,
  });
  const yymm = `${String(expiry.year % 100).padStart(2, "0")}${String(expiry.month).padStart(2, "0")}`;
  return ok({ id: engine.ids.encode("ic", place), account: engine.ids.encode("acct", account), pan, expiry: yymm });
}

export async function changeTestCard(
  books: Books,
  id: string,
  change: TestCardChange,
): Promise<Result<null, AppError>> {
  const place = books.engine.ids.decode("ic", id);
  if (place === null) return appError("not_found", `no card ${id}`);
  const { program } = books.access;
  if (change.status !== null) await updateCard(program, place, { status: change.status });
  if (change.isAccountEnabled !== null) {
    const account = await accountOf(books, place);
    await setAccountEnabled(program, account, change.isAccountEnabled);
  }
  return ok(null);
}

/** The balance of a card's account, and the card's own open holds, once the records have caught up. */
export async function balanceOfCard(books: Books, id: string): Promise<Result<TestCardBalance, AppError>> {
  const { access, engine } = books;
  const place = engine.ids.decode("ic", id);
  if (place === null) return appError("not_found", `no card ${id}`);
  await access.caughtUp(place.shard);
  const { body } = await readObject<CardBody>(access.program, "card", place);
  const { number } = currencyOf(body.currency);
  const rows = access.queries.balances({ shard: place.shard, no: body.account });
  const balance = rows.find(({ currency }) => currency === number);
  const holds = access.queries.authorizationsOfCard(place, { before: null, rowsMax: openHoldsMax });
  const open = holds.filter(({ remaining, status }) => status === "pending" && remaining > 0n);
  return ok({
    currency: body.currency,
    available: Number(balance?.available ?? 0n),
    held: Number(balance?.held ?? 0n),
    holds: open.map(({ remaining }) => Number(remaining)).toReversed(),
  });
}

async function accountOf({ access }: Books, card: Place): Promise<Place> {
  const { body } = await readObject<CardBody>(access.program, "card", card);
  return { shard: card.shard, no: body.account };
}

function expiryAfter(businessMs: number): { readonly month: number; readonly year: number } {
  const now = isoTime(businessMs);
  const index = Number(now.slice(0, 4)) * 12 + Number(now.slice(5, 7)) - 1 + monthsValid;
  return { month: (index % 12) + 1, year: Math.floor(index / 12) };
}
