import type { DisputeReason, LossReason } from "../../../specs/dispute-evidence.ts";
import type { Place } from "../../kernel/ids.ts";
import { unpackEntry } from "../../store/journal-entry.ts";
import { type ShownBalanceTransaction, shownBalanceTransaction } from "../balances/balance-transaction-view.ts";
import { type Detail, type Details, numberIn, textIn } from "../details.ts";
import { recordedBalanceTransactions } from "../recorded-entries.ts";
import type { View } from "../view.ts";
import type { DisputeBody, DisputeStatus } from "./disputes.ts";

/** A dispute as the API tells it; of its evidence only the section of its reason. */
export interface ShownDispute {
  id: string;
  object: "issuing.dispute";
  amount: number;
  /** Only where it is asked for. */
  balance_transactions?: ShownBalanceTransaction[];
  created: number;
  currency: string;
  evidence: ShownEvidence;
  livemode: boolean;
  /** Only of what is lost. */
  loss_reason?: LossReason;
  metadata: Record<string, string>;
  status: DisputeStatus;
  transaction: string;
  treasury: null;
}

export function renderDispute(view: View, place: Place): ShownDispute | null {
  const found = view.object<DisputeBody>("dispute", place);
  if (found === null) return null;
  const { body } = found;
  return {
    id: view.ids.encode("idp", place),
    object: "issuing.dispute",
    amount: body.amount,
    ...(view.expands("balance_transactions") ? { balance_transactions: balanceTransactionsOf(view, place) } : {}),
    created: body.created,
    currency: body.currency,
    evidence: shownEvidence(view, place, body),
    livemode: false,
    ...(body.loss_reason === null ? {} : { loss_reason: body.loss_reason }),
    metadata: { ...body.metadata },
    status: body.status,
    transaction: view.ids.encode("ipi", { shard: place.shard, no: body.transaction }),
    treasury: null,
  };
}

/** What the versions of a dispute have moved, the oldest first. */
function balanceTransactionsOf(view: View, place: Place): ShownBalanceTransaction[] {
  const { history } = view.records;
  const shown: ShownBalanceTransaction[] = [];
  let version = history.objectAsOf("dispute", place, view.asOf ?? Number.MAX_SAFE_INTEGER);
  while (version !== null) {
    const entry = unpackEntry(place.shard, version.no, version.bytes);
    const parts = recordedBalanceTransactions(view.records, entry);
    if (entry.kind === "commit") shown.unshift(...parts.map((part) => shownBalanceTransaction(view, part, entry)));
    version = history.objectBefore("dispute", place, version.no);
  }
  return shown;
}

interface Documented {
  additional_documentation: string | null;
  explanation: string | null;
}

type ProductType = "merchandise" | "service" | null;
type ReturnStatus = "merchant_rejected" | "successful" | null;

interface Canceled extends Documented {
  canceled_at: number | null;
  cancellation_policy_provided: boolean | null;
  cancellation_reason: string | null;
  expected_at: number | null;
  product_description: string | null;
  product_type: ProductType;
  return_status: ReturnStatus;
  returned_at: number | null;
}

interface Duplicate extends Documented {
  card_statement: string | null;
  cash_receipt: string | null;
  check_image: string | null;
  original_transaction: string | null;
}

interface MerchandiseNotAsDescribed extends Documented {
  received_at: number | null;
  return_description: string | null;
  return_status: ReturnStatus;
  returned_at: number | null;
}

interface NotReceived extends Documented {
  expected_at: number | null;
  product_description: string | null;
  product_type: ProductType;
}

interface Other extends Documented {
  product_description: string | null;
  product_type: ProductType;
}

interface ServiceNotAsDescribed extends Documented {
  canceled_at: number | null;
  cancellation_reason: string | null;
  received_at: number | null;
}

interface Sections {
  canceled: Canceled;
  duplicate: Duplicate;
  fraudulent: Documented;
  merchandise_not_as_described: MerchandiseNotAsDescribed;
  no_valid_authorization: Documented;
  not_received: NotReceived;
  other: Other;
  service_not_as_described: ServiceNotAsDescribed;
}

type ShownEvidence = { reason: DisputeReason } & Partial<Sections>;

function shownEvidence({ ids }: View, { shard }: Place, { evidence }: DisputeBody): ShownEvidence {
  const { details, reason } = evidence;
  const idIn = (prefix: "file" | "ipi", name: string): string | null => {
    const no = numberIn(details, name);
    return no === null ? null : ids.encode(prefix, { shard, no });
  };
  const documented: Documented = {
    additional_documentation: idIn("file", "additional_documentation"),
    explanation: textIn(details, "explanation"),
  };
  if (reason === "duplicate") {
    const duplicate: Duplicate = {
      ...documented,
      card_statement: idIn("file", "card_statement"),
      cash_receipt: idIn("file", "cash_receipt"),
      check_image: idIn("file", "check_image"),
      original_transaction: idIn("ipi", "original_transaction"),
    };
    return { reason, duplicate };
  }
  return { reason, [reason]: { ...documented, ...sections[reason](details) } };
}

/** What a section tells beside its document and its explanation. */
const sections: {
  readonly [Reason in Exclude<DisputeReason, "duplicate">]: (
    details: Details,
  ) => Omit<Sections[Reason], keyof Documented>;
} = {
  canceled: (details) => ({
    canceled_at: numberIn(details, "canceled_at"),
    cancellation_policy_provided: flagOrNull(details["cancellation_policy_provided"]),
    cancellation_reason: textIn(details, "cancellation_reason"),
    expected_at: numberIn(details, "expected_at"),
    ...productIn(details),
    return_status: returnStatusIn(details),
    returned_at: numberIn(details, "returned_at"),
  }),
  fraudulent: () => ({}),
  merchandise_not_as_described: (details) => ({
    received_at: numberIn(details, "received_at"),
    return_description: textIn(details, "return_description"),
    return_status: returnStatusIn(details),
    returned_at: numberIn(details, "returned_at"),
  }),
  no_valid_authorization: () => ({}),
  not_received: (details) => ({ expected_at: numberIn(details, "expected_at"), ...productIn(details) }),
  other: productIn,
  service_not_as_described: (details) => ({
    canceled_at: numberIn(details, "canceled_at"),
    cancellation_reason: textIn(details, "cancellation_reason"),
    received_at: numberIn(details, "received_at"),
  }),
};

function productIn(details: Details): Omit<Other, keyof Documented> {
  const type = textIn(details, "product_type");
  return {
    product_description: textIn(details, "product_description"),
    product_type: type === "merchandise" || type === "service" ? type : null,
  };
}

function returnStatusIn(details: Details): ReturnStatus {
  const status = textIn(details, "return_status");
  return status === "merchant_rejected" || status === "successful" ? status : null;
}

function flagOrNull(value: Detail): boolean | null {
  return typeof value === "boolean" ? value : null;
}
