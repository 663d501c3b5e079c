import { type PhysicalBundle, physicalBundles } from "../../../specs/physical-bundles.ts";
import { must } from "../../kernel/assert.ts";
import type { Place } from "../../kernel/ids.ts";
import { ApiError } from "../api-error.ts";
import type { Call } from "../call.ts";
import type { CardExtras } from "./cards.ts";
import { type DesignBody, designsOf } from "./personalization-designs.ts";

const bundles: readonly PhysicalBundle[] = physicalBundles;

export function bundleOf(no: number): PhysicalBundle | null {
  return bundles.find((bundle) => bundle.no === no) ?? null;
}

interface PrintedCard {
  readonly type: "physical" | "virtual";
  readonly secondLine: string | null;
}

type DesignOfCard = Pick<CardExtras, "personalization_design" | "platform_design">;

/** The design that is asked for. Throws where it cannot be used now, or does not fit what shall be printed. */
export function usableDesign<Params>(call: Call<Params>, id: string, card: PrintedCard): DesignOfCard {
  if (card.type === "virtual") {
    throw new ApiError("parameter_invalid", "A virtual card has no design.", "personalization_design");
  }
  const { body, no } = found(call, id);
  checkFit(body, card);
  return { personalization_design: no, platform_design: null };
}

/**
 * The design of a new physical card for which none is asked: the account's default, else that of its platform, else none.
 * Throws where it does not fit what shall be printed.
 */
export function defaultDesign<Params>(call: Call<Params>, card: PrintedCard): DesignOfCard {
  const { account, platform } = call;
  const own = defaultOf(call, account.place);
  const lent = own === null && !account.isPlatform ? defaultOf(call, platform.place) : null;
  const design = own ?? lent;
  if (design !== null) checkFit(design.body, card);
  return {
    personalization_design: own === null ? null : own.no,
    platform_design: lent === null ? null : { shard: platform.place.shard, no: lent.no },
  };
}

function checkFit(body: DesignBody, card: PrintedCard): void {
  const { secondLine } = must(bundleOf(body.physical_bundle), "a design has a bundle");
  if (card.secondLine !== null && secondLine === "unsupported") {
    throw new ApiError("parameter_invalid", "Cards of this design have no second line.", "second_line");
  }
  if (card.secondLine === null && secondLine === "required") {
    throw new ApiError("parameter_missing", "Missing required param: second_line.", "second_line");
  }
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

function defaultOf<Params>({ records }: Call<Params>, account: Place): Design | null {
  const designs = designsOf(records, account);
  return designs.find(({ body }) => body.is_default && body.status === "active") ?? null;
}
