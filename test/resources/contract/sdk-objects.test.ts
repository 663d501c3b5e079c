import { expect } from "chai";
import type { Stripe } from "stripe";
import type { ShownCountrySpec } from "../../../src/resources/accounts/country-specs.ts";
import type { ShownBalanceSettings } from "../../../src/resources/balances/balance-settings.ts";
import type { ShownBalance } from "../../../src/resources/balances/balance-routes.ts";
import { renderers } from "../../../src/resources/renderers.ts";
import type { RenderedType } from "../../../src/resources/view.ts";
import type { Claim, Shows } from "./sdk-shapes.ts";

/** What is rendered of each type, beside the SDK's object. The compiler proves or refuses each line. */
interface Objects {
  readonly account: Claim<AsSdk<"account", Stripe.Account>>;
  readonly authorization: Claim<AsSdk<"authorization", Stripe.Issuing.Authorization>>;
  readonly balance_transaction: Claim<AsSdk<"balance_transaction", Stripe.BalanceTransaction>>;
  readonly card: Claim<AsSdk<"card", Stripe.Issuing.Card>>;
  readonly cardholder: Claim<AsSdk<"cardholder", Stripe.Issuing.Cardholder>>;
  readonly dispute: Claim<AsSdk<"dispute", Stripe.Issuing.Dispute>>;
  readonly ephemeral_key: Claim<AsSdk<"ephemeral_key", Stripe.EphemeralKey>>;
  readonly event: Claim<AsSdk<"event", EventFrame>>;
  readonly external_account: Claim<AsSdk<"external_account", Stripe.BankAccount>>;
  readonly file: Claim<AsSdk<"file", Stripe.File>>;
  readonly file_link: Claim<AsSdk<"file_link", Stripe.FileLink>>;
  readonly payout: Claim<AsSdk<"payout", Stripe.Payout>>;
  readonly person: Claim<AsSdk<"person", Stripe.Person>>;
  readonly personalization_design: Claim<AsSdk<"personalization_design", Stripe.Issuing.PersonalizationDesign>>;
  readonly physical_bundle: Claim<AsSdk<"physical_bundle", Stripe.Issuing.PhysicalBundle>>;
  readonly topup: Claim<AsSdk<"topup", Stripe.Topup>>;
  readonly transaction: Claim<AsSdk<"transaction", Stripe.Issuing.Transaction>>;
  readonly transfer: Claim<AsSdk<"transfer", Stripe.Transfer>>;
  readonly transfer_reversal: Claim<AsSdk<"transfer_reversal", Stripe.TransferReversal>>;
  readonly webhook_endpoint: Claim<AsSdk<"webhook_endpoint", Stripe.WebhookEndpoint>>;
  readonly balance: Claim<Shows<ShownBalance, Stripe.Balance>>;
  readonly country_spec: Claim<Shows<ShownCountrySpec, Stripe.CountrySpec>>;
  readonly balance_settings: Claim<Shows<ShownBalanceSettings, Stripe.BalanceSettings>>;
  /** The SDK has no type of funding instructions. */
  readonly funding: true;
}

/** A type that is rendered and stands in no line above does not compile. */
export type Complete = Claim<RenderedType extends keyof Objects ? true : false>;

type AsSdk<Type extends RenderedType, Theirs> = Shows<Rendered<Type>, Theirs>;

/** What the renderer of a type says of what is there; nothing where no renderer is. */
type Rendered<Type extends RenderedType> = Type extends keyof typeof renderers
  ? Exclude<NonNullable<ReturnType<(typeof renderers)[Type]>>, { readonly deleted: true }>
  : never;

/** Every event but for what it is about. */
type EventFrame = Omit<Extract<Stripe.Event, { readonly type: "issuing_card.created" }>, "data" | "type">;

describe("resources/contract/objects of the SDK", () => {
  it("are compared by the compiler with what is rendered of each type", () => {
    const types = Object.keys(renderers);

    expect(types).to.include.members(["card", "cardholder", "topup"]);
  });
});
