import { currencies } from "../../../specs/currencies.ts";
import { must } from "../../kernel/assert.ts";
import { type Currency, currenciesByCode } from "../../kernel/currency.ts";
import type { Place } from "../../kernel/ids.ts";
import type { View } from "../view.ts";
import type { CardShipping, ShippingStatus, ValidationMode } from "./card-shipping.ts";
import { type ShownAddress, type ShownCardholder, embeddedCardholder, shownAddress } from "./cardholder-view.ts";
import type { CardBody, ReplacementReason } from "./cards.ts";
import { type ShownControls, defaultLimitOf, shownControls } from "./spending-controls.ts";

/** A card as the API tells it. */
export interface ShownCard {
  id: string;
  object: "issuing.card";
  brand: "MasterCard" | "Visa";
  cancellation_reason: "lost" | "stolen" | null;
  cardholder: ShownCardholder;
  created: number;
  currency: string;
  /** Three digits; only of a virtual card that is retrieved, and where it is asked for. */
  cvc?: string;
  exp_month: number;
  exp_year: number;
  financial_account: string | null;
  last4: string;
  latest_fraud_warning: null;
  lifecycle_controls: { cancel_after: { payment_count: number } } | null;
  livemode: boolean;
  metadata: Record<string, string>;
  /** The PAN; as `cvc`. */
  number?: string;
  personalization_design: string | null;
  replaced_by: string | null;
  replacement_for: string | null;
  replacement_reason: ReplacementReason | null;
  second_line: string | null;
  shipping: ShownShipping | null;
  spending_controls: ShownControls;
  status: "active" | "canceled" | "inactive";
  type: "physical" | "virtual";
  wallets: ShownWallets;
}

export interface ShownShipping {
  address: ShownAddress;
  address_validation: {
    mode: ValidationMode;
    normalized_address: ShownAddress | null;
    result: "likely_deliverable" | null;
  };
  business_name: string | null;
  carrier: "dhl" | "fedex" | "royal_mail" | "usps" | null;
  customs: { eori_number: string | null } | null;
  delivered_at: number | null;
  eta: number | null;
  name: string;
  phone_number: string | null;
  require_signature: boolean | null;
  service: "express" | "priority" | "standard";
  shipped_at: number | null;
  status: ShippingStatus;
  tracking_number: string | null;
  tracking_url: string | null;
  type: "bulk" | "individual";
}

export interface ShownWallets {
  apple_pay: ShownWallet;
  google_pay: ShownWallet;
  primary_account_identifier: string | null;
}

interface ShownWallet {
  eligible: boolean;
  ineligible_reason: "missing_cardholder_contact" | null;
}

const brands = { visa: "Visa", mastercard: "MasterCard" } as const;
const byCode = currenciesByCode<Currency>(currencies);

export function renderCard(view: View, place: Place): ShownCard | null {
  const stored = view.object<CardBody>("card", place);
  if (stored === null) return null;
  const { body } = stored;
  const cardholder = embeddedCardholder(view, { shard: place.shard, no: body.cardholder });
  const idOf = (prefix: "ic" | "ipd", no: number | null): string | null =>
    no === null ? null : view.ids.encode(prefix, { shard: place.shard, no });
  return {
    id: view.ids.encode("ic", place),
    object: "issuing.card",
    brand: brands[body.network],
    cancellation_reason: body.cancellation_reason,
    cardholder,
    created: body.created,
    currency: body.currency,
    exp_month: body.exp_month,
    exp_year: body.exp_year,
    financial_account: null,
    last4: body.last4,
    latest_fraud_warning: null,
    lifecycle_controls: body.payments_max === null ? null : { cancel_after: { payment_count: body.payments_max } },
    livemode: false,
    metadata: { ...body.metadata },
    personalization_design: idOf("ipd", body.personalization_design) ?? lentDesign(view, body),
    replaced_by: idOf("ic", replacedBy(view, place, body)),
    replacement_for: idOf("ic", body.replacement_for),
    replacement_reason: body.replacement_reason,
    second_line: body.second_line,
    shipping: body.shipping === null ? null : shownShipping(body.shipping, place),
    spending_controls: controlsOf(body),
    status: body.status,
    type: body.type,
    wallets: walletsOf(cardholder),
    ...secretsOf(view, place, body),
  };
}

function lentDesign({ ids }: View, { platform_design: design = null }: CardBody): string | null {
  return design === null ? null : ids.encode("ipd", design);
}

/** A card is replaced once the card that was announced is there and says so itself. */
function replacedBy(view: View, { shard, no }: Place, { replaced_by: next }: CardBody): number | null {
  if (next === null) return null;
  const stored = view.object<CardBody>("card", { shard, no: next });
  return stored?.body.replacement_for === no ? next : null;
}

function secretsOf(view: View, place: Place, body: CardBody): { cvc?: string; number?: string } {
  const wants = { cvc: view.expands("cvc"), number: view.expands("number") };
  if (body.type !== "virtual" || (!wants.cvc && !wants.number)) return {};
  const pan = view.cardSecrets.number(place, body.sealed_pan);
  const expiry = (body.exp_year % 100) * 100 + body.exp_month;
  return {
    ...(wants.cvc ? { cvc: view.cardSecrets.cvc(pan, expiry) } : {}),
    ...(wants.number ? { number: pan } : {}),
  };
}

// rules: Limits. What nobody has limited is limited by default, and shows it.
function controlsOf(body: CardBody): ShownControls {
  const limits = body.spending_controls.spending_limits ?? [];
  const { decimals } = must(byCode.get(body.currency), "a card has a currency");
  const inForce = limits.length > 0 || body.program === "load" ? limits : [defaultLimitOf(decimals)];
  return shownControls({ ...body.spending_controls, spending_limits: inForce }, body.currency);
}

function shownShipping(shipping: CardShipping, place: Place): ShownShipping {
  const { address_validation: mode, eori_number, status } = shipping;
  const address = shownAddress(shipping.address);
  const isOnItsWay = shipping.shipped_at !== null;
  const tracking = `CS${String(place.shard).padStart(3, "0")}${String(place.no).padStart(10, "0")}`;
  return {
    address,
    address_validation: {
      mode,
      normalized_address: mode === "disabled" ? null : address,
      result: mode === "validation_and_normalization" ? "likely_deliverable" : null,
    },
    business_name: shipping.business_name,
    carrier: isOnItsWay ? carrierTo(shipping.address.country) : null,
    customs: eori_number === null ? null : { eori_number },
    delivered_at: shipping.delivered_at,
    eta: shipping.eta,
    name: shipping.name,
    phone_number: shipping.phone_number,
    require_signature: shipping.require_signature,
    service: shipping.service,
    shipped_at: shipping.shipped_at,
    status,
    tracking_number: isOnItsWay && shipping.service !== "standard" ? tracking : null,
    tracking_url: null,
    type: shipping.type,
  };
}

function carrierTo(country: string): "dhl" | "royal_mail" | "usps" {
  if (country === "US") return "usps";
  return country === "GB" ? "royal_mail" : "dhl";
}

// Wallets ask a cardholder by mail or phone.
function walletsOf({ email, phone_number }: ShownCardholder): ShownWallets {
  const wallet = (): ShownWallet =>
    email === null && phone_number === null
      ? { eligible: false, ineligible_reason: "missing_cardholder_contact" }
      : { eligible: true, ineligible_reason: null };
  return { apple_pay: wallet(), google_pay: wallet(), primary_account_identifier: null };
}
