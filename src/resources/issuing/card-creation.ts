import type { issuingCardCreateParams } from "../../../specs/api/issuing-cards.ts";
import { isoTime } from "../../kernel/clock.ts";
import type { Place } from "../../kernel/ids.ts";
import { noControls } from "../../ledger/limits.ts";
import { type AccountHome, issuingHomeOf } from "../accounts/account-home.ts";
import { ApiError } from "../api-error.ts";
import type { Call, Found } from "../call.ts";
import { mergeMetadata } from "../metadata.ts";
import type { ParamsOf } from "../params.ts";
import { type Answer, objectAnswer } from "../route.ts";
import { readShipping } from "./card-shipping.ts";
import { activationRefusal } from "./cardholder-rules.ts";
import type { CardholderBody } from "./cardholders.ts";
import {
  type CardBody,
  type CardExtras,
  type ReplacementReason,
  announceReplacement,
  createCard,
  replaceCard,
} from "./cards.ts";
import { defaultDesign, usableDesign } from "./design-use.ts";
import { readControls } from "./spending-controls.ts";

type CreateParams = ParamsOf<typeof issuingCardCreateParams>;

/** Months from the month of its making in which a card is valid where nobody says otherwise. */
const monthsValid = 36;
const yearsAheadMax = 20;
const secondLineCharsMax = 24;
const paymentsMax = 1_000_000;

interface Original extends Found<CardBody> {
  readonly reason: ReplacementReason;
}

/** POST /v1/issuing/cards: a card, or the replacement of one. Everything is checked before anything is written. */
export async function createCardByRequest(call: Call<CreateParams>): Promise<Answer> {
  const { params } = call;
  const home = issuingHomeOf(call);
  checkFixed(params, home);
  const original = originalOf(call);
  const holder = holderOf(call, original);
  checkHolder(params, holder.body, home);
  // The platform's default may be needed, and the platform lives in a shard of its own.
  if (params.type === "physical") await call.caughtUp(call.platform.place.shard);
  const extras = extrasOf(call, original);
  const expiry = expiryOf(call, original);
  const controls = params.spending_controls === undefined ? null : readControls(params.spending_controls);
  const status = params.status ?? "inactive";
  const made = { extras, expiry, controls, status, metadata: mergeMetadata({}, params.metadata) };
  const place =
    original === null ? await createFirst(call, home, holder.place, made) : await replace(call, original, made);
  return objectAnswer({ type: "card", place });
}

interface Made {
  readonly extras: Partial<CardExtras>;
  readonly expiry: { readonly expMonth: number; readonly expYear: number };
  /** null: none are given. */
  readonly controls: CardBody["spending_controls"] | null;
  readonly status: "active" | "inactive";
  readonly metadata: Readonly<Record<string, string>>;
}

async function createFirst(call: Call<CreateParams>, home: AccountHome, holder: Place, made: Made): Promise<Place> {
  const { place } = await createCard(call.program, call.account.place, {
    cardholder: holder.no,
    currency: home.currency,
    network: home.body.preferred_network,
    type: call.params.type,
    status: made.status,
    cancellationReason: null,
    ...made.expiry,
    program: "standard",
    controls: made.controls ?? noControls,
    pan: null,
    metadata: made.metadata,
    extras: made.extras,
  });
  return place;
}

// A card of the same PAN that is active from the start ends the one that it replaces.
async function replace(call: Call<CreateParams>, original: Original, made: Made): Promise<Place> {
  const { controls, expiry, extras, metadata, status } = made;
  const isEnded = status === "active" && keepsPan(original.reason) && original.body.status !== "canceled";
  const no = await announceReplacement(call.program, original.place, isEnded ? { status: "canceled" } : {});
  const { place } = await replaceCard(call.program, original.place, {
    reason: original.reason,
    ...expiry,
    status,
    no,
    with: {
      type: call.params.type,
      metadata,
      ...extras,
      ...(controls === null ? {} : { spending_controls: controls }),
    },
  });
  return place;
}

function checkFixed(params: CreateParams, { currency }: AccountHome): void {
  if (params.currency.toLowerCase() !== currency.code) {
    throw new ApiError(
      "parameter_invalid",
      `Cards of this account are in ${currency.code}, which is its issuing currency.`,
      "currency",
    );
  }
  if (params.financial_account !== undefined) {
    throw new ApiError(
      "resource_missing",
      `No such financial account: '${params.financial_account}'`,
      "financial_account",
    );
  }
}

function originalOf(call: Call<CreateParams>): Original | null {
  const { replacement_for: id, replacement_reason: reason } = call.params;
  if (id === undefined) {
    if (reason === undefined) return null;
    throw new ApiError("parameter_missing", "Missing required param: replacement_for.", "replacement_for");
  }
  if (reason === undefined) {
    throw new ApiError("parameter_missing", "Missing required param: replacement_reason.", "replacement_reason");
  }
  const original = call.find<CardBody>("ic", id, "replacement_for");
  const { cancellation_reason: cause, replaced_by: next, status } = original.body;
  if (!keepsPan(reason) && status !== "canceled") {
    throw new ApiError(
      "invalid_state",
      `A card that was ${reason} is canceled before it is replaced.`,
      "replacement_for",
    );
  }
  if (keepsPan(reason) && cause !== null) {
    throw new ApiError(
      "invalid_state",
      `This card was ${cause}: its number is not used again, so it cannot be replaced as ${reason}.`,
      "replacement_reason",
    );
  }
  const place = { shard: original.place.shard, no: next ?? 0 };
  const successor = next === null ? null : call.records.object("card", place);
  // The body was written by this room.
  if (successor !== null && (JSON.parse(successor.body) as CardBody).replacement_for === original.place.no) {
    throw new ApiError("invalid_state", "This card has been replaced already.", "replacement_for");
  }
  return { ...original, reason };
}

function keepsPan(reason: ReplacementReason): boolean {
  return reason === "damaged" || reason === "expired";
}

function holderOf(call: Call<CreateParams>, original: Original | null): Found<CardholderBody> {
  const given = call.params.cardholder;
  if (original === null) {
    if (given !== undefined) return call.find<CardholderBody>("ich", given, "cardholder");
    throw new ApiError("parameter_missing", "Missing required param: cardholder.", "cardholder");
  }
  const { shard } = original.place;
  const holder = call.ids.encode("ich", { shard, no: original.body.cardholder });
  if (given === undefined || given === holder) return call.find<CardholderBody>("ich", holder, "cardholder");
  throw new ApiError("parameter_invalid", "A replacement is for the cardholder of the card it replaces.", "cardholder");
}

function checkHolder(params: CreateParams, holder: CardholderBody, { country }: AccountHome): void {
  if (country.needsPhone && holder.phone_number === null) {
    throw new ApiError(
      "parameter_invalid",
      "The cardholder needs a phone number: cards in Europe are authenticated by it.",
      "cardholder",
    );
  }
  const refusal = params.status === "active" ? activationRefusal(holder) : null;
  if (refusal !== null) throw new ApiError("invalid_state", refusal, "status");
}

function extrasOf(call: Call<CreateParams>, original: Original | null): Partial<CardExtras> {
  const { lifecycle_controls, personalization_design, second_line, shipping, type } = call.params;
  const secondLine = second_line === undefined || second_line === "" ? null : second_line;
  if (type === "virtual") {
    if (shipping !== undefined) throw notOfVirtual("shipping");
    if (personalization_design !== undefined) throw notOfVirtual("personalization_design");
    if (secondLine !== null) throw notOfVirtual("second_line");
    return { payments_max: paymentsMaxOf(lifecycle_controls) };
  }
  if (lifecycle_controls !== undefined) {
    throw new ApiError("parameter_invalid", "Only a virtual card has lifecycle controls.", "lifecycle_controls");
  }
  if (shipping === undefined) throw new ApiError("parameter_missing", "Missing required param: shipping.", "shipping");
  if (secondLine !== null && Array.from(secondLine).length > secondLineCharsMax) {
    throw new ApiError("parameter_invalid", `Must be at most ${secondLineCharsMax} characters.`, "second_line");
  }
  return { second_line: secondLine, shipping: readShipping(shipping), ...designOf(call, original, secondLine) };
}

/** A replacement looks as the card that it replaces unless another design is asked for. */
function designOf(
  call: Call<CreateParams>,
  original: Original | null,
  secondLine: string | null,
): Pick<CardExtras, "personalization_design" | "platform_design"> {
  const { personalization_design: id, type } = call.params;
  if (id !== undefined) return usableDesign(call, id, { type, secondLine });
  if (original === null) return defaultDesign(call, { type, secondLine });
  const { personalization_design, platform_design = null } = original.body;
  return { personalization_design, platform_design };
}

function paymentsMaxOf(params: CreateParams["lifecycle_controls"]): number | null {
  if (params === undefined) return null;
  const { payment_count: count } = params.cancel_after;
  if (count >= 1 && count <= paymentsMax) return count;
  throw new ApiError(
    "parameter_invalid",
    `Must be from 1 to ${paymentsMax}.`,
    "lifecycle_controls[cancel_after][payment_count]",
  );
}

function notOfVirtual(param: string): ApiError {
  return new ApiError("parameter_invalid", `A virtual card has no ${param.replaceAll("_", " ")}.`, param);
}

// Months are counted from year 0, so that they can be added to. CVC and DE14 tell two cards of one PAN apart by expiry.
function expiryOf(call: Call<CreateParams>, original: Original | null): Made["expiry"] {
  const { exp_month, exp_year } = call.params;
  const now = isoTime(call.nowS * 1000);
  const thisMonth = Number(now.slice(0, 4)) * 12 + Number(now.slice(5, 7)) - 1;
  const same = original !== null && keepsPan(original.reason) ? monthOf(original.body) : -1;
  if (exp_month === undefined && exp_year === undefined) {
    const month = thisMonth + monthsValid === same ? same + 1 : thisMonth + monthsValid;
    return { expMonth: (month % 12) + 1, expYear: Math.floor(month / 12) };
  }
  if (exp_month === undefined)
    throw new ApiError("parameter_missing", "Missing required param: exp_month.", "exp_month");
  if (exp_year === undefined) throw new ApiError("parameter_missing", "Missing required param: exp_year.", "exp_year");
  if (exp_month < 1 || exp_month > 12) throw invalidExpiry("exp_month", "must be from 1 to 12");
  const month = monthOf({ exp_month, exp_year });
  if (month < thisMonth) throw invalidExpiry("exp_year", "the card would have expired already");
  if (month > thisMonth + yearsAheadMax * 12) throw invalidExpiry("exp_year", `at most ${yearsAheadMax} years ahead`);
  if (month === same) throw invalidExpiry("exp_month", "must differ from that of the card with the same number");
  return { expMonth: exp_month, expYear: exp_year };
}

function monthOf({ exp_month, exp_year }: Pick<CardBody, "exp_month" | "exp_year">): number {
  return exp_year * 12 + exp_month - 1;
}

function invalidExpiry(param: "exp_month" | "exp_year", why: string): ApiError {
  return new ApiError("parameter_invalid", `Invalid ${param}: ${why}.`, param);
}
