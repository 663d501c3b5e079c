import { disputeWindows } from "../../../specs/dispute-windows.ts";
import { type DisputeReason, type EvidenceRule, evidenceRules } from "../../../specs/dispute-evidence.ts";
import { type Network, networks } from "../../../specs/networks.ts";
import type { Place } from "../../kernel/ids.ts";
import { type Minor, minor, subtract, zero } from "../../kernel/money.ts";
import type { ClearingEntry, FinancialEntry, JournalEntry } from "../../store/entry.ts";
import { luaConstants } from "../../store/library.ts";
import { ApiError } from "../api-error.ts";
import { amountParam } from "../balances/money-params.ts";
import type { Call } from "../call.ts";
import type { Detail } from "../details.ts";
import { ownEntry } from "../own-entry.ts";
import { recordedBalanceTransactions } from "../recorded-entries.ts";
import { codeOf } from "../shown.ts";
import type { StoredEvidence } from "./dispute-evidence.ts";

/** A capture as far as its dispute depends on it. */
export interface Capture {
  readonly place: Place;
  /** What was captured and not reversed since. */
  readonly amount: Minor;
  /** What was captured beyond its hold; 0: nothing, or there was no hold to exceed. */
  readonly excess: Minor;
  /** "usd": of the card. */
  readonly currency: string;
  readonly network: Network;
  /** Business time in milliseconds. */
  readonly capturedMs: number;
}

const dayMs = 86_400_000;

/** The capture that an id names. Throws ApiError where it is nobody's of the acting account, or no capture. */
export function captureNamed<Params>(call: Call<Params>, id: string, param: string): Capture {
  const place = postingNamed(call, id, param);
  const capture = captureAt(call, place);
  if (capture === null) throw new ApiError("invalid_state", "Only a capture can be disputed.", param);
  return capture;
}

/** The transaction that an id names. Throws `resource_missing` where it is not the acting account's. */
export function postingNamed<Params>(call: Call<Params>, id: string, param: string): Place {
  const place = call.ids.decode("ipi", id);
  const entry = place === null ? null : ownEntry(call, place);
  if (place === null || entry === null || postedBy(call, entry) === zero) {
    throw new ApiError("resource_missing", `No such issuing transaction: '${id}'`, param);
  }
  return place;
}

/** The capture that stands at a place of the acting account; null: what stands there has taken nothing. */
export function captureAt<Params>(call: Call<Params>, place: Place): Capture | null {
  const entry = ownEntry(call, place);
  if (entry === null || (entry.kind !== "clearing" && entry.kind !== "financial")) return null;
  const posted = postedBy(call, entry);
  if (posted >= zero) return null;
  // What was cleared is undone by another clearing, and by no message; of a single message less may be left.
  const amount =
    entry.kind === "clearing" ? minor(-posted) : (call.records.transaction(place)?.reversible ?? minor(-posted));
  if (amount === zero) return null;
  return {
    place,
    amount,
    excess: excessOf(entry),
    currency: codeOf(entry.cardCurrency),
    network: networkOf(entry),
    capturedMs: entry.businessMs,
  };
}

function postedBy<Params>({ records }: Call<Params>, entry: JournalEntry): Minor {
  const part = recordedBalanceTransactions(records, entry).find(({ type }) => type === "issuing_transaction");
  return part?.amount ?? zero;
}

// A hold that was over when the capture came cannot be exceeded: nothing was authorized any more.
function excessOf({ amount, before, outcome }: ClearingEntry | FinancialEntry): Minor {
  const hasHold = outcome === luaConstants.CAPTURED || outcome === luaConstants.CAPTURED_HOLD;
  return hasHold && before > zero && amount > before ? subtract(amount, before) : zero;
}

function networkOf({ network }: ClearingEntry | FinancialEntry): Network {
  if (network === networks.visa) return "visa";
  return network === networks.mastercard ? "mastercard" : "generic";
}

/** Business millisecond at which a dispute that was not submitted is over. */
export function disputeEndMs({ capturedMs, network }: Capture): number {
  return capturedMs + disputeWindows[network].days * dayMs;
}

/** Throws `invalid_state` where it is too late to dispute a capture, for a reason or (null) at all. */
export function checkWindow(capture: Capture, reason: DisputeReason | null, nowMs: number, param: string): void {
  const { days, noValidAuthorizationDays } = disputeWindows[capture.network];
  const daysMax = reason === "no_valid_authorization" ? noValidAuthorizationDays : days;
  if (nowMs < capture.capturedMs + daysMax * dayMs) return;
  const claim = reason === "no_valid_authorization" ? " as not validly authorized" : "";
  throw new ApiError(
    "invalid_state",
    `${daysMax} days after its capture a transaction cannot be disputed${claim}.`,
    param,
  );
}

/**
 * What is claimed: what is wished, or all that can be. Who says that a capture beyond its hold was not authorized can claim
 * but the excess. Throws ApiError.
 */
export function claimOf(capture: Capture, reason: DisputeReason, wish: number | undefined): Minor {
  const isExcess = reason === "no_valid_authorization" && capture.excess > zero;
  const most = isExcess ? capture.excess : capture.amount;
  if (wish === undefined) return most;
  const amount = amountParam(wish);
  if (amount <= most) return amount;
  const what = isExcess ? "what was captured beyond its authorization" : "what was captured";
  throw new ApiError("parameter_invalid", `A dispute is at most about ${what}: ${most}.`, "amount");
}

/** Throws `parameter_missing` for the first thing that the reason requires and the evidence lacks. */
export function checkEvidence({ reason, details }: StoredEvidence): void {
  const { oneOf, required, where }: EvidenceRule = evidenceRules[reason];
  const missing =
    required.find((name) => isMissing(details[name])) ??
    where.find((one) => details[one.field] === one.is && isMissing(details[one.required]))?.required ??
    (oneOf.length > 0 && oneOf.every((name) => isMissing(details[name])) ? oneOf[0] : undefined);
  if (missing === undefined) return;
  const param = `evidence[${reason}][${missing}]`;
  throw new ApiError(
    "parameter_missing",
    `A dispute of this reason needs ${missing}. Missing required param: ${param}.`,
    param,
  );
}

function isMissing(value: Detail): boolean {
  return value === undefined || value === null || value === "";
}
