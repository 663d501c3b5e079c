/** What a dispute has to bring when it is submitted, and why it is lost if it is; names are those of the API's parameters. */
export interface EvidenceRule {
  readonly required: readonly string[];
  /** At least one of these; none: nothing more is asked. */
  readonly oneOf: readonly string[];
  /** What is required besides, where a field says so. */
  readonly where: readonly { readonly field: string; readonly is: string; readonly required: string }[];
  readonly lossReason: LossReason;
}

/** The API knows more of them; these are what the simulated networks say. */
export type LossReason =
  | "cardholder_authentication_issuer_liability"
  | "invalid_duplicate_dispute"
  | "merchandise_delivered_or_shipped"
  | "merchandise_or_service_as_described"
  | "not_cancelled"
  | "other"
  | "transaction_authorized";

export type DisputeReason =
  | "canceled"
  | "duplicate"
  | "fraudulent"
  | "merchandise_not_as_described"
  | "no_valid_authorization"
  | "not_received"
  | "other"
  | "service_not_as_described";

/** How the goods came back, or did not. */
const returns = [{ field: "return_status", is: "successful", required: "returned_at" }] as const;

/** Every reason is explained; besides, whatever the claim itself says that has happened is dated or named. */
export const evidenceRules = {
  canceled: {
    required: ["explanation", "canceled_at", "cancellation_policy_provided", "cancellation_reason"],
    oneOf: [],
    where: [{ field: "product_type", is: "merchandise", required: "return_status" }, ...returns],
    lossReason: "not_cancelled",
  },
  duplicate: {
    required: ["explanation"],
    oneOf: ["original_transaction", "card_statement", "cash_receipt", "check_image"],
    where: [],
    lossReason: "invalid_duplicate_dispute",
  },
  fraudulent: {
    required: ["explanation"],
    oneOf: [],
    where: [],
    lossReason: "cardholder_authentication_issuer_liability",
  },
  merchandise_not_as_described: {
    required: ["explanation", "received_at", "return_status"],
    oneOf: [],
    where: [...returns, { field: "return_status", is: "merchant_rejected", required: "return_description" }],
    lossReason: "merchandise_or_service_as_described",
  },
  no_valid_authorization: { required: ["explanation"], oneOf: [], where: [], lossReason: "transaction_authorized" },
  not_received: {
    required: ["explanation", "expected_at", "product_type"],
    oneOf: [],
    where: [],
    lossReason: "merchandise_delivered_or_shipped",
  },
  other: { required: ["explanation"], oneOf: [], where: [], lossReason: "other" },
  service_not_as_described: {
    required: ["explanation", "canceled_at", "cancellation_reason", "received_at"],
    oneOf: [],
    where: [],
    lossReason: "merchandise_or_service_as_described",
  },
} as const satisfies Readonly<Record<DisputeReason, EvidenceRule>>;

/** Explanations with which a submitted dispute is decided at once; with any other it stays submitted. */
export const decidingExplanations = { winning_evidence: "win", losing_evidence: "lose" } as const;
