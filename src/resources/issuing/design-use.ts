import { type PhysicalBundle, physicalBundles } from "../../../specs/physical-bundles.ts";
import { must } from "../../kernel/assert.ts";
import { ApiError } from "../api-error.ts";
import type { Call } from "../call.ts";
import { type DesignBody, designsOf } from "./personalization-designs.ts";

const bundles: readonly PhysicalBundle[] = physicalBundles;

export function bundleOf(no: number): PhysicalBundle | null {
  return bundles.find((bundle) => bundle.no === no) ?? null;
}

/**
 * The number of the design for a new physical card: the one that is asked for, else the account's default, else none.
 * Throws where it cannot be used now, or does not fit what shall be printed.
 */
export function usableDesign<Params>(
  call: Call<Params>,
  id: string | null,
  card: { readonly type: "physical" | "virtual"; readonly secondLine: string | null },
): number | null {
  if (card.type === "virtual") {
    throw new ApiError("parameter_invalid", "A virtual card has no design.", "personalization_design");
  }
  const design = id === null ? defaultOf(call) : found(call, id);
  if (design === null) return null;
  const { secondLine } = must(bundleOf(design.body.physical_bundle), "a design has a bundle");
  if (card.secondLine !== null && secondLine === "unsupported") {
    throw new ApiError("parameter_invalid", "Cards of this design have no second line.", "second_line");
  }
  if (card.secondLine === null && secondLine === "required") {
    throw new ApiError("parameter_missing", "Missing required param: second_line.", "second_line");
  }
  return design.no;
}

interface Design {
  readonly no: number;
  readonly body: DesignBody;
}

function found<Params>(call: Call<Params>, id: string): Design {
  const { body, place } = call.find<DesignBody>("ipd", id, "personalization_design");
  if (body.status === "active" || body.status === "review") return { no: place.no, body };
  throw new ApiError("invalid_state", `This design is ${body.status}: no card can have it.`, "personalization_design");
}

function defaultOf<Params>(call: Call<Params>): Design | null {
  const designs = designsOf(call.records, call.account.place);
  return designs.find(({ body }) => body.is_default && body.status === "active") ?? null;
}
