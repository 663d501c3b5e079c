import { type LimitInterval, limitIntervals } from "../../specs/limits.ts";
import { type MerchantCategory, merchantCategories } from "../../specs/merchant-categories.ts";
import { ProgramError } from "../resources/program.ts";
import type { AdminAnswer, AdminParts, AdminRequest, AdminRoute } from "./admin-routes.ts";
import type { AppError } from "./app-error.ts";
import {
  type TestCardChange,
  type TestCardWish,
  balanceOfCard,
  changeTestCard,
  issueTestCard,
} from "./test-program.ts";
import type { Result } from "../kernel/result.ts";

/** Cards to test with, for scenarios against a running switch: an account, a cardholder and a card in one request. */
export const testProgramRoutes: readonly AdminRoute[] = [
  { method: "POST", path: "/_admin/test-cards", answer: issue },
  { method: "POST", path: "/_admin/test-cards/:card", answer: change },
  { method: "GET", path: "/_admin/balances/:card", answer: balance },
];

async function issue({ platform }: AdminParts, { body }: AdminRequest): Promise<AdminAnswer> {
  const wish = wishOf(fieldsOf(body));
  if (typeof wish === "string") return { status: 400, body: { error: wish } };
  return answered(() => issueTestCard(platform.books(), wish));
}

async function change({ platform }: AdminParts, { body, captured }: AdminRequest): Promise<AdminAnswer> {
  const wish = changeOf(fieldsOf(body));
  if (typeof wish === "string") return { status: 400, body: { error: wish } };
  return answered(() => changeTestCard(platform.books(), captured, wish));
}

async function balance({ platform }: AdminParts, { captured }: AdminRequest): Promise<AdminAnswer> {
  return answered(() => balanceOfCard(platform.books(), captured));
}

async function answered(ask: () => Promise<Result<object | null, AppError>>): Promise<AdminAnswer> {
  try {
    const result = await ask();
    if (result.ok) return { status: 200, body: result.value ?? {} };
    return { status: result.error.code === "not_found" ? 404 : 503, body: { error: result.error.message } };
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    const status = error.code === "no_such_object" ? 404 : error.code === "invalid" ? 400 : 503;
    return { status, body: { error: error.message } };
  }
}

type Fields = Readonly<Record<string, unknown>>;

const amountMax = 1e12;

/** The wish, or what is wrong with it. */
function wishOf(fields: Fields): TestCardWish | string {
  const { account = null, network = "visa", currency = "usd", funds = 0, takesPartial = false } = fields;
  const { status = "active", program = "standard", limits = [], blockedCategories = [] } = fields;
  if (account !== null && typeof account !== "string") return '"account" is the id of an account';
  if (!among(network, ["visa", "mastercard"])) return '"network" is visa or mastercard';
  if (!among(currency, ["usd", "eur", "gbp"])) return '"currency" is usd, eur or gbp';
  if (!isAmount(funds)) return '"funds" is a whole number of minor units';
  if (typeof takesPartial !== "boolean") return '"takesPartial" is true or false';
  if (!among(status, ["active", "inactive"])) return '"status" is active or inactive';
  if (!among(program, ["standard", "load"])) return '"program" is standard or load';
  if (!Array.isArray(limits) || !limits.every(isLimit))
    return '"limits" is a list of {"amount": minor units, "interval": …}';
  if (!Array.isArray(blockedCategories) || !blockedCategories.every(isCategory))
    return '"blockedCategories" is a list of merchant categories';
  return { account, network, currency, funds, takesPartial, status, program, limits, blockedCategories };
}

function changeOf({ status = null, isAccountEnabled = null }: Fields): TestCardChange | string {
  if (status !== null && !among(status, ["active", "inactive", "canceled"]))
    return '"status" is active, inactive or canceled';
  if (isAccountEnabled !== null && typeof isAccountEnabled !== "boolean") return '"isAccountEnabled" is true or false';
  return { status, isAccountEnabled };
}

function among<T extends string>(value: unknown, choices: readonly T[]): value is T {
  return choices.some((choice) => choice === value);
}

function isAmount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 && value <= amountMax;
}

function isLimit(value: unknown): value is { amount: number; interval: LimitInterval } {
  const { amount, interval } = fieldsOf(value);
  return isAmount(amount) && typeof interval === "string" && interval in limitIntervals;
}

function isCategory(value: unknown): value is MerchantCategory {
  return typeof value === "string" && value in merchantCategories.codes;
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
