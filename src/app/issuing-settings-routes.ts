import type { Place } from "../kernel/ids.ts";
import { type AccountBody, type AccountChange, updateAccount } from "../resources/accounts/accounts.ts";
import { challengeMinutes } from "../resources/issuing/fraud-challenges.ts";
import { ProgramError, readObject } from "../resources/program.ts";
import type { AdminAnswer, AdminParts, AdminRequest, AdminRoute } from "./admin-routes.ts";

/** What Stripe keeps in its dashboard, of one account; of the platform where none is named. */
export interface IssuingSettings {
  /** Cardholders are asked by a message whether what was declined for suspected fraud was theirs. */
  readonly fraud_challenges: boolean;
  /** For how many minutes of business time they may answer. */
  readonly fraud_challenge_minutes: number;
  /** Network of cards that are made from now on. */
  readonly network: "mastercard" | "visa";
  /** Where funds do not suffice, a part is approved if the terminal can take it. */
  readonly partial_approvals: boolean;
  /** What is disputed is lent from the submission until the network has answered. */
  readonly provisional_credit: boolean;
  /** What counts where the real-time endpoint does not answer in time. */
  readonly webhook_timeout_default: "approve" | "decline";
}

export const issuingSettingsRoutes: readonly AdminRoute[] = [
  { method: "GET", path: "/_admin/issuing_settings", answer: show },
  { method: "POST", path: "/_admin/issuing_settings", answer: change },
];

async function show(parts: AdminParts, { query }: AdminRequest): Promise<AdminAnswer> {
  return answered(parts, query.get("account"), null);
}

async function change(parts: AdminParts, { body }: AdminRequest): Promise<AdminAnswer> {
  const fields: Readonly<Record<string, unknown>> = typeof body === "object" && body !== null ? { ...body } : {};
  const { account = null, ...wanted } = fields;
  if (account !== null && typeof account !== "string") return refused('"account" is the id of an account');
  const read = changeOf(wanted);
  return typeof read === "string" ? refused(read) : answered(parts, account, read);
}

async function answered(
  { platform }: AdminParts,
  account: string | null,
  wanted: AccountChange | null,
): Promise<AdminAnswer> {
  const { program } = platform.books().access;
  const place = placeOf(platform, account);
  if (place === null) return { status: 404, body: { error: `no account ${account}` } };
  try {
    if (wanted !== null) await updateAccount(program, place, wanted);
    const { body } = await readObject<AccountBody>(program, "account", place);
    return body.deleted
      ? { status: 404, body: { error: `no account ${account}` } }
      : { status: 200, body: shown(body) };
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    return { status: error.code === "no_such_object" ? 404 : 503, body: { error: error.message } };
  }
}

function placeOf(platform: AdminParts["platform"], account: string | null): Place | null {
  const { ids, platform: own, program } = platform.api();
  if (account === null) return own;
  const place = ids.decode("acct", account);
  return place === null || place.shard >= program.committer.keyspace.shardCount ? null : place;
}

function shown(body: AccountBody): IssuingSettings {
  return {
    fraud_challenges: body.fraud_challenges === true,
    fraud_challenge_minutes: body.fraud_challenge_minutes ?? challengeMinutes,
    network: body.preferred_network,
    partial_approvals: body.partial_approvals,
    provisional_credit: body.provisional_credit === true,
    webhook_timeout_default: body.approves_by_default === true ? "approve" : "decline",
  };
}

/** The change, or what is wrong with it. */
function changeOf({
  fraud_challenges,
  fraud_challenge_minutes: minutes,
  network,
  partial_approvals,
  provisional_credit,
  webhook_timeout_default,
  ...unknown
}: Readonly<Record<string, unknown>>) {
  const [surplus] = Object.keys(unknown);
  if (surplus !== undefined) return `there is no setting "${surplus}"`;
  if (network !== undefined && network !== "visa" && network !== "mastercard") return '"network" is visa or mastercard';
  if (partial_approvals !== undefined && typeof partial_approvals !== "boolean") {
    return '"partial_approvals" is true or false';
  }
  if (fraud_challenges !== undefined && typeof fraud_challenges !== "boolean") {
    return '"fraud_challenges" is true or false';
  }
  if (minutes !== undefined && !isMinutes(minutes)) {
    return `"fraud_challenge_minutes" is a number from 1 to ${challengeMinutesMax}`;
  }
  if (provisional_credit !== undefined && typeof provisional_credit !== "boolean") {
    return '"provisional_credit" is true or false';
  }
  const byDefault = webhook_timeout_default;
  if (byDefault !== undefined && byDefault !== "approve" && byDefault !== "decline") {
    return '"webhook_timeout_default" is approve or decline';
  }
  const wanted: AccountChange = {
    ...(fraud_challenges === undefined ? {} : { fraud_challenges }),
    ...(minutes === undefined ? {} : { fraud_challenge_minutes: minutes }),
    ...(network === undefined ? {} : { preferred_network: network }),
    ...(partial_approvals === undefined ? {} : { partial_approvals }),
    ...(provisional_credit === undefined ? {} : { provisional_credit }),
    ...(byDefault === undefined ? {} : { approves_by_default: byDefault === "approve" }),
  };
  return wanted;
}

/** Thirty days. */
const challengeMinutesMax = 43_200;

function isMinutes(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 1 && value <= challengeMinutesMax;
}

function refused(error: string): AdminAnswer {
  return { status: 400, body: { error } };
}
