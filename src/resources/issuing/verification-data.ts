import type { VerificationDetails } from "../../ledger/entry-details.ts";

/** What was verified about who used the card; what nobody could verify is `not_provided`, never a match. */
export interface ShownVerification {
  address_line1_check: ShownCheck;
  address_postal_code_check: ShownCheck;
  authentication_exemption: {
    claimed_by: "acquirer" | "issuer";
    type: "low_value_transaction" | "transaction_risk_analysis" | "unknown";
  } | null;
  cvc_check: ShownCheck;
  expiry_check: ShownCheck;
  postal_code: string | null;
  three_d_secure: { result: "attempt_acknowledged" | "authenticated" | "failed" | "required" } | null;
}

type ShownCheck = "match" | "mismatch" | "not_provided";

export function shownVerification(told: VerificationDetails): ShownVerification {
  const { authentication_exemption: exemption, three_d_secure: secure } = told;
  return {
    address_line1_check: told.address_line1_check ?? "not_provided",
    address_postal_code_check: told.address_postal_code_check ?? "not_provided",
    authentication_exemption:
      exemption === undefined ? null : { claimed_by: exemption.claimed_by, type: exemption.type },
    cvc_check: told.cvc_check ?? "not_provided",
    expiry_check: told.expiry_check ?? "not_provided",
    postal_code: told.postal_code ?? null,
    three_d_secure: secure === undefined ? null : { result: secure.result },
  };
}
