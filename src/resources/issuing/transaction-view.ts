import type { IdCodec, Place } from "../../kernel/ids.ts";
import { type Minor, minor } from "../../kernel/money.ts";
import type { FirstEntry } from "../../ledger/authorization-history.ts";
import { readDetails } from "../../ledger/entry-details.ts";
import { merchantAmountOf } from "../../ledger/merchant-amount.ts";
import { settlementDay } from "../../ledger/settlement-position.ts";
import type { ClearingEntry, FinancialEntry, JournalEntry, ReversalEntry } from "../../store/entry.ts";
import { entryAt, recordedBalanceTransactions } from "../recorded-entries.ts";
import { codeOf, partId, secondsOf } from "../shown.ts";
import type { View } from "../view.ts";
import { type ShownAmountDetails, authorizationCodeOf, shownAmountDetails } from "./amount-details.ts";
import { type ShownMerchant, shownMerchant } from "./merchant-data.ts";
import { noteAsOf } from "./notes.ts";
import { type ShownPurchase, shownPurchase } from "./purchase-details.ts";

/** Money that was posted, as the API tells it: negative where the account has paid. */
export interface ShownTransaction {
  id: string;
  object: "issuing.transaction";
  amount: number;
  amount_details: ShownAmountDetails | null;
  authorization: string | null;
  balance_transaction: string | null;
  card: string;
  cardholder: string | null;
  created: number;
  currency: string;
  dispute: string | null;
  livemode: boolean;
  merchant_amount: number;
  merchant_currency: string;
  merchant_data: ShownMerchant;
  metadata: Record<string, string>;
  network_data: ShownNetworkData | null;
  /** Only where it is asked for. */
  purchase_details?: ShownPurchase | null;
  token: string | null;
  treasury: null;
  type: "capture" | "refund";
  wallet: "apple_pay" | "google_pay" | "samsung_pay" | null;
}

interface ShownNetworkData {
  authorization_code: string | null;
  processing_date: string | null;
  transaction_id: string | null;
}

type PostingEntry = ClearingEntry | FinancialEntry;

/** A posting, or what undoes one; what undoes it says nothing of the merchant, so that the posting is read for that. */
interface Posted {
  readonly entry: PostingEntry | ReversalEntry;
  readonly described: PostingEntry;
  readonly amount: Minor;
  readonly index: number;
}

export function renderTransaction(view: View, place: Place): ShownTransaction | null {
  if (view.asOf !== null && view.asOf < place.no) return null;
  const posted = postedBy(view, place);
  return posted === null ? null : shownTransaction(view, posted);
}

function postedBy(view: View, place: Place): Posted | null {
  const entry = entryAt(view.records, place);
  if (entry === null || !isPosting(entry)) return null;
  const part = recordedBalanceTransactions(view.records, entry).find(({ type }) => type === "issuing_transaction");
  if (part === undefined) return null;
  const { amount, index } = part;
  if (entry.kind !== "reversal") return { entry, described: entry, amount, index };
  const described = entryAt(view.records, { shard: place.shard, no: entry.targetNo });
  return described?.kind === "financial" ? { entry, described, amount, index } : null;
}

function isPosting(entry: JournalEntry): entry is PostingEntry | ReversalEntry {
  return entry.kind === "clearing" || entry.kind === "financial" || entry.kind === "reversal";
}

function shownTransaction(view: View, { entry, described, amount, index }: Posted): ShownTransaction {
  const { ids } = view;
  const { shard } = entry;
  const details = readDetails(described.details);
  const { note } = noteAsOf(view.records, "transaction_note", { place: entry, asOf: view.asOf });
  return {
    id: ids.encode("ipi", entry),
    object: "issuing.transaction",
    amount: Number(amount),
    amount_details: shownAmountDetails(described),
    authorization: authorizationOf(view, described),
    balance_transaction: partId(ids, "txn", entry, index),
    card: ids.encode("ic", { shard, no: entry.card }),
    cardholder: ids.encode("ich", { shard, no: entry.cardholder }),
    created: secondsOf(entry.businessMs),
    currency: codeOf(entry.cardCurrency),
    dispute: disputeOf(view, entry, ids),
    livemode: false,
    merchant_amount: merchantAmount(described, amount),
    merchant_currency: codeOf(described.transactionCurrency),
    merchant_data: shownMerchant(view, described),
    metadata: { ...note.metadata },
    network_data: networkDataOf(entry, described),
    ...(view.expands("purchase_details") ? { purchase_details: shownPurchase(details.purchase_details) } : {}),
    token: null,
    treasury: null,
    type: amount < 0n ? "capture" : "refund",
    wallet: details.wallet ?? null,
  };
}

// A 0200 is an authorization itself. What a 0220 or a clearing names may be a message that has left none.
function authorizationOf({ ids, records }: View, { kind, shard, no, targetNo, ...entry }: PostingEntry): string | null {
  const isAsked = kind === "financial" && "isAdvice" in entry && !entry.isAdvice;
  const place = { shard, no: isAsked ? no : targetNo };
  return place.no === 0 || records.history.authorizationHead(place) === null ? null : ids.encode("iauth", place);
}

function disputeOf({ asOf, records }: View, { shard, no }: Place, ids: IdCodec): string | null {
  const dispute = records.history.disputeOf({ shard, no }, asOf);
  return dispute === null ? null : ids.encode("idp", { shard, no: dispute });
}

function merchantAmount(described: Pick<FirstEntry, "cardAmount" | "transactionAmount">, amount: Minor): number {
  const isPaid = amount < 0n;
  const magnitude = Number(merchantAmountOf(described, isPaid ? minor(-amount) : amount));
  return isPaid ? -magnitude : magnitude;
}

function networkDataOf(entry: PostingEntry | ReversalEntry, described: PostingEntry): ShownNetworkData {
  const settled = entry.kind === "reversal" ? "" : entry.settlementDate;
  const day = String(settlementDay(settled, entry.businessMs));
  return {
    authorization_code: authorizationCodeOf(described.authorizationCode),
    processing_date: `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`,
    transaction_id: described.networkChain === "" ? null : described.networkChain,
  };
}
