import { entryModes } from "../../../specs/entry-modes.ts";
import type { Place } from "../../kernel/ids.ts";
import {
  type AuthorizationHistory,
  type FirstEntry,
  type RequestOfHistory,
  foldAuthorization,
} from "../../ledger/authorization-history.ts";
import { type EntryDetails, type FraudChallenge, readDetails } from "../../ledger/entry-details.ts";
import type { RequestReason } from "../../ledger/request-reasons.ts";
import type { AuthorizationEntry, JournalEntry } from "../../store/entry.ts";
import { luaConstants } from "../../store/library.ts";
import { type ShownBalanceTransaction, shownBalanceTransaction } from "../balances/balance-transaction-view.ts";
import { entriesOfAuthorization } from "../recorded-entries.ts";
import { codeOf, secondsOf } from "../shown.ts";
import type { View } from "../view.ts";
import { authorizationMetadata } from "./authorization-metadata.ts";
import { type ShownAmountDetails, authorizationCodeOf, shownAmountDetails } from "./amount-details.ts";
import type { ShownCard } from "./card-view.ts";
import { embeddedCard } from "./embedded-card.ts";
import { fraudChallengesOf } from "./fraud-challenges.ts";
import { type ShownMerchant, shownMerchant } from "./merchant-data.ts";
import { noteAsOf } from "./notes.ts";
import { type ShownFleet, type ShownFuel, shownFleet, shownFuel } from "./fuel-details.ts";
import { type ShownTransaction, renderTransaction } from "./transaction-view.ts";
import { type ShownVerification, shownVerification } from "./verification-data.ts";

/** An authorization as the API tells it. */
export interface ShownAuthorization {
  id: string;
  object: "issuing.authorization";
  amount: number;
  amount_details: ShownAmountDetails | null;
  approved: boolean;
  authorization_method: "chip" | "contactless" | "keyed_in" | "online" | "swipe";
  balance_transactions: ShownBalanceTransaction[];
  card: ShownCard;
  card_presence: "not_present" | "present" | null;
  cardholder: string | null;
  created: number;
  currency: string;
  fleet: ShownFleet | null;
  fraud_challenges: FraudChallenge[] | null;
  fuel: ShownFuel | null;
  livemode: boolean;
  merchant_amount: number;
  merchant_currency: string;
  merchant_data: ShownMerchant;
  metadata: Record<string, string>;
  network_data: ShownNetworkData | null;
  pending_request: ShownPendingRequest | null;
  request_history: ShownRequest[];
  status: "closed" | "expired" | "pending" | "reversed";
  token: string | null;
  transactions: ShownTransaction[];
  treasury: null;
  verification_data: ShownVerification;
  verified_by_fraud_challenge: boolean | null;
  wallet: string | null;
}

interface ShownNetworkData {
  acquiring_institution_id: string | null;
  system_trace_audit_number: string | null;
  transaction_id: string | null;
}

export interface ShownPendingRequest {
  amount: number;
  amount_details: ShownAmountDetails | null;
  currency: string;
  is_amount_controllable: boolean;
  merchant_amount: number;
  merchant_currency: string;
  network_risk_score: number | null;
}

export interface ShownRequest {
  amount: number;
  amount_details: ShownAmountDetails | null;
  approved: boolean;
  authorization_code: string | null;
  created: number;
  currency: string;
  merchant_amount: number;
  merchant_currency: string;
  network_risk_score: number | null;
  reason: RequestReason;
  reason_message: string | null;
  requested_at: number | null;
}

const methods: ReadonlyMap<string, ShownAuthorization["authorization_method"]> = new Map(
  Object.entries(entryModes).map(([code, { method }]) => [code, method]),
);

/** An authorization as its messages have made it up to the view's moment; null where that entry has made none. */
export function renderAuthorization(view: View, place: Place): ShownAuthorization | null {
  const known = knownOf(view, place);
  return known === null ? null : shownAuthorization(view, known);
}

/** The same while its program is asked: what it is asked stands in `pending_request`, and is in no history yet. */
export function renderAskedAuthorization(view: View, place: Place): ShownAuthorization | null {
  const known = knownOf(view, place);
  if (known === null) return null;
  const shown = shownAuthorization(view, known);
  const { waiting } = known.history;
  return shown === null || waiting === null ? shown : { ...shown, pending_request: shownPending(waiting) };
}

interface Known {
  readonly history: AuthorizationHistory;
  /** What the message that told what was pumped says beside its amount. */
  readonly pumped: EntryDetails;
}

function knownOf(view: View, place: Place): Known | null {
  if (view.asOf !== null && view.asOf < place.no) return null;
  const entries = entriesOfAuthorization(view.records, place, view.asOf);
  const [first] = entries;
  // A message that asks makes an authorization; of other messages the records know whether they have made one.
  const isMade = first?.kind === "authorization" && first.holdNo === 0;
  if (!isMade && view.records.history.authorizationHead(place) === null) return null;
  return { history: foldAuthorization(entries), pumped: readDetails(completionDetails(entries)) };
}

function completionDetails(entries: readonly JournalEntry[]): string {
  for (const entry of entries) {
    if (entry.kind === "advice" && entry.outcome === luaConstants.COMPLETED) return entry.details;
  }
  return "";
}

function shownAuthorization(view: View, { history, pumped }: Known): ShownAuthorization | null {
  const { first } = history;
  const { shard } = first;
  const card = embeddedCard(view, { shard, no: first.card });
  if (card === null) return null;
  const details = readDetails(first.details);
  const { fleet = details.fleet, fuel = details.fuel } = pumped;
  const stored = noteAsOf(view.records, "authorization_note", { place: first, asOf: view.asOf });
  const challenges = fraudChallengesOf(history, stored.note);
  return {
    id: view.ids.encode("iauth", first),
    object: "issuing.authorization",
    amount: Number(history.amount),
    amount_details: shownAmountDetails(first),
    approved: history.isApproved,
    authorization_method: details.authorization_method ?? methods.get(first.entryMode.slice(0, 2)) ?? "keyed_in",
    balance_transactions: history.balanceTransactions.map(({ entry, ...part }) =>
      shownBalanceTransaction(view, part, entry),
    ),
    card,
    card_presence: first.isPresent ? "present" : "not_present",
    cardholder: view.ids.encode("ich", { shard, no: first.cardholder }),
    created: secondsOf(first.businessMs),
    currency: codeOf(first.cardCurrency),
    fleet: fleet === undefined ? null : shownFleet(fleet),
    fraud_challenges: challenges === null ? null : [...challenges],
    fuel: fuel === undefined ? null : shownFuel(fuel),
    livemode: false,
    merchant_amount: Number(history.merchantAmount),
    merchant_currency: codeOf(first.transactionCurrency),
    merchant_data: shownMerchant(view, first),
    metadata: { ...authorizationMetadata(history, stored) },
    network_data: networkDataOf(first),
    pending_request: null,
    request_history: history.requests.map(shownRequest),
    status: history.status,
    token: null,
    transactions: history.transactions.flatMap((posted) => renderTransaction(view, posted) ?? []),
    treasury: null,
    verification_data: shownVerification(details.verification_data ?? {}),
    verified_by_fraud_challenge: details.verified_by_fraud_challenge ?? null,
    wallet: details.wallet ?? null,
  };
}

function networkDataOf({ acquirer, stan, networkChain }: FirstEntry): ShownNetworkData {
  return {
    acquiring_institution_id: acquirer === "" ? null : acquirer,
    system_trace_audit_number: stan,
    transaction_id: networkChain === "" ? null : networkChain,
  };
}

function shownRequest(request: RequestOfHistory): ShownRequest {
  const { asked, isApproved } = request;
  const details = readDetails(asked.details);
  return {
    amount: Number(request.amount),
    amount_details: shownAmountDetails(asked),
    approved: isApproved,
    authorization_code: isApproved ? authorizationCodeOf(asked.authorizationCode) : null,
    created: secondsOf(asked.businessMs),
    currency: codeOf(asked.cardCurrency),
    merchant_amount: Number(request.merchantAmount),
    merchant_currency: codeOf(asked.transactionCurrency),
    network_risk_score: details.network_risk_score ?? null,
    reason: request.reason,
    reason_message: readDetails(request.answerDetails).reason_message ?? details.reason_message ?? null,
    requested_at: secondsOf(asked.businessMs),
  };
}

function shownPending(asked: AuthorizationEntry): ShownPendingRequest {
  const details = readDetails(asked.details);
  return {
    amount: Number(asked.approved),
    amount_details: shownAmountDetails(asked),
    currency: codeOf(asked.cardCurrency),
    is_amount_controllable: asked.allowsPartial,
    merchant_amount: Number(asked.transactionAmount),
    merchant_currency: codeOf(asked.transactionCurrency),
    network_risk_score: details.network_risk_score ?? null,
  };
}
