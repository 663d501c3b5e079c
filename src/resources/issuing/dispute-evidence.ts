import type { issuingDisputeCreateParams, issuingDisputeUpdateParams } from "../../../specs/api/issuing-disputes.ts";
import type { DisputeReason } from "../../../specs/dispute-evidence.ts";
import type { Place } from "../../kernel/ids.ts";
import { ApiError } from "../api-error.ts";
import type { Call } from "../call.ts";
import { type Detail, type Details, mergeDetails } from "../details.ts";
import type { FileBody } from "../files/files.ts";
import type { ParamsOf } from "../params.ts";
import { postingNamed } from "./dispute-rules.ts";

/** Why a transaction is disputed, and what is said of it: names of the API; files and transactions by their numbers. */
export interface StoredEvidence {
  readonly reason: DisputeReason;
  readonly details: Details;
}

type EvidenceParams = NonNullable<
  ParamsOf<typeof issuingDisputeCreateParams>["evidence"] | ParamsOf<typeof issuingDisputeUpdateParams>["evidence"]
>;

/** Fields whose value is the id of a file. */
export const evidenceFiles: ReadonlySet<string> = new Set([
  "additional_documentation",
  "card_statement",
  "cash_receipt",
  "check_image",
]);

export const noEvidence: StoredEvidence = { reason: "other", details: {} };

/** Sections in the order in which a fault of them is told. */
const reasons: readonly DisputeReason[] = [
  "canceled",
  "duplicate",
  "fraudulent",
  "merchandise_not_as_described",
  "no_valid_authorization",
  "not_received",
  "other",
  "service_not_as_described",
];

/**
 * Evidence after a change, of the dispute about `disputed`. Of another reason nothing that was said before is kept. Throws
 * ApiError for a section of another reason, and for ids of what is not the account's.
 */
export function evidenceAfter<Params>(
  call: Call<Params>,
  disputed: Place,
  before: StoredEvidence | null,
  params: EvidenceParams | undefined,
): StoredEvidence {
  if (params === undefined) return before ?? noEvidence;
  const reason = params.reason ?? before?.reason;
  if (reason === undefined) {
    throw new ApiError("parameter_missing", "Missing required param: evidence[reason].", "evidence[reason]");
  }
  const other = reasons.find((name) => name !== reason && hasSection(params, name));
  if (other !== undefined) {
    const param = `evidence[${other}]`;
    throw new ApiError(
      "parameter_invalid",
      `The reason of this dispute is ${reason}: it has no evidence[${other}].`,
      param,
    );
  }
  const section: Details | "" | undefined = params[reason];
  const known = before?.reason === reason ? before.details : {};
  const named = section === undefined || section === "" ? section : numbered(call, disputed, { reason, section });
  return { reason, details: mergeDetails(known, named) };
}

function hasSection(params: EvidenceParams, name: DisputeReason): boolean {
  const section = params[name];
  return section !== undefined && section !== "";
}

/** A section with numbers in the place of ids. */
function numbered<Params>(
  call: Call<Params>,
  disputed: Place,
  { reason, section }: { readonly reason: DisputeReason; readonly section: Details },
): Details {
  const after: Record<string, Detail> = {};
  for (const [name, value] of Object.entries(section)) {
    const param = `evidence[${reason}][${name}]`;
    const isId = typeof value === "string" && value !== "";
    if (isId && evidenceFiles.has(name)) after[name] = fileNamed(call, value, param);
    else if (isId && name === "original_transaction") after[name] = originalNamed(call, disputed, { id: value, param });
    else after[name] = value;
  }
  return after;
}

function fileNamed<Params>(call: Call<Params>, id: string, param: string): number {
  const { body, place } = call.find<FileBody>("file", id, param);
  if (body.purpose === "dispute_evidence") return place.no;
  throw new ApiError("parameter_invalid", `The purpose of this file is ${body.purpose}, not dispute_evidence.`, param);
}

function originalNamed<Params>(
  call: Call<Params>,
  disputed: Place,
  { id, param }: { readonly id: string; readonly param: string },
): number {
  const { no } = postingNamed(call, id, param);
  if (no !== disputed.no) return no;
  throw new ApiError("parameter_invalid", "A transaction is no duplicate of itself.", param);
}
