import { decisionTable } from "../../specs/decision-table.ts";
import type { CryptogramData } from "../hsm/cryptogram.ts";
import { luaConstants } from "../store/library.ts";
import type { DeclineCheck } from "./decision.ts";
import type { Purpose } from "./request.ts";

/** What came of a check. What cannot be checked is never a pass (rules: Order of the decision). */
export type ProofOutcome = "match" | "mismatch" | "not_provided";

/** What a request brings along to prove that the card and its holder are there. */
export interface Proofs {
  /** The three digits on the back, from DE126.10 or DE48.92; null where none were sent. */
  readonly cvc2: string | null;
  /** DE52, and the link whose key it is encrypted under; null where no PIN was sent. */
  readonly pin: { readonly link: string; readonly block: Uint8Array } | null;
  /** DE55; null where it has no cryptogram, or one of a version that nobody can verify. */
  readonly chip: ChipProof | null;
  /**
   * What came of it, once the request was looked at. The answer tells it, that to a repeat too: it follows from the
   * request alone, so it is not stored.
   */
  verified: Verified | null;
}

export interface ChipProof {
  /** Tag 9F26. */
  readonly cryptogram: Uint8Array;
  /** Tag 5F34, two digits. */
  readonly sequence: string;
  readonly data: CryptogramData;
}

export interface Verified {
  readonly cvc2: ProofOutcome;
  readonly pin: ProofOutcome;
  readonly cryptogram: ProofOutcome;
  /** The check that declines, of several the one of lowest rank. */
  readonly refusal: DeclineCheck | null;
  /** Tag 91 for an answer with this DE39; null where no cryptogram was right. */
  readonly issuerAuthentication: ((isApproved: boolean, responseCode: string) => Uint8Array) | null;
}

/** What an entry says of proofs: the form of its details (src/ledger/entry-details.ts), by code and then PIN. */
const checkDetails = {
  match: {
    match: '{"verification_data":{"cvc_check":"match"},"pin_check":"match"}',
    mismatch: '{"verification_data":{"cvc_check":"match"},"pin_check":"mismatch"}',
    not_provided: '{"verification_data":{"cvc_check":"match"}}',
  },
  mismatch: {
    match: '{"verification_data":{"cvc_check":"mismatch"},"pin_check":"match"}',
    mismatch: '{"verification_data":{"cvc_check":"mismatch"},"pin_check":"mismatch"}',
    not_provided: '{"verification_data":{"cvc_check":"mismatch"}}',
  },
  not_provided: { match: '{"pin_check":"match"}', mismatch: '{"pin_check":"mismatch"}', not_provided: "" },
} as const satisfies Readonly<Record<ProofOutcome, Readonly<Record<ProofOutcome, string>>>>;

/** The details of a request's entry: those that it came with, else what came of its proofs. */
export function detailsOf(request: { readonly details?: string; readonly proofs?: Proofs | null }): string {
  const { cvc2, pin } = request.proofs?.verified ?? nothingVerified;
  return request.details ?? checkDetails[cvc2][pin];
}

const nothingVerified = { cvc2: "not_provided", pin: "not_provided" } as const;

const pinNumbers = {
  not_provided: luaConstants.PIN_NONE,
  match: luaConstants.PIN_RIGHT,
  mismatch: luaConstants.PIN_WRONG,
} as const satisfies Readonly<Record<ProofOutcome, number>>;

/**
 * Whether the function counts a try of the PIN: only where the checks in front of it have let the request pass, and
 * never for a credit, which needs a valid card and nothing else (rules: Order of the decision; Holds).
 */
export function pinTried(
  request: { readonly purpose: Purpose; readonly proofs?: Proofs | null },
  refusal: DeclineCheck | null,
): number {
  const { pin } = request.proofs?.verified ?? nothingVerified;
  const isReached = refusal === null || decisionTable[refusal].rank >= decisionTable.pin_blocked.rank;
  return isReached && request.purpose !== "refund" ? pinNumbers[pin] : luaConstants.PIN_NONE;
}
