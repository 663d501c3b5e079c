import { expect } from "chai";
import type { Stripe } from "stripe";
import type { ShownCard } from "../../../src/resources/issuing/card-view.ts";
import type { ShownCardholder } from "../../../src/resources/issuing/cardholder-view.ts";
import type { ShownDesign } from "../../../src/resources/issuing/personalization-design-view.ts";
import type { ShownBundle } from "../../../src/resources/issuing/physical-bundle-routes.ts";
import type { ShownBalance } from "../../../src/resources/balances/balance-routes.ts";
import type { ShownPayout } from "../../../src/resources/balances/payout-routes.ts";
import type { ShownTopup } from "../../../src/resources/balances/topup-routes.ts";
import type { ShownWebhookEndpoint } from "../../../src/resources/webhook-endpoints/webhook-endpoint-routes.ts";
import { renderers } from "../../../src/resources/renderers.ts";
import type { RenderedType } from "../../../src/resources/view.ts";
import type { Claim, Shows } from "./sdk-shapes.ts";

/**
 * Fields whose texts are kept as the schema let them in: categories of merchants, what is wanted of a cardholder, why a
 * design was rejected.
 */
type KeptAsWritten = "cardholder" | "rejection_reasons" | "requirements" | "spending_controls";

type Compared<Ours, Theirs> = Shows<Omit<Ours, KeptAsWritten>, Omit<Theirs, KeptAsWritten>>;

/** What is rendered of each type, beside the SDK's object. The compiler proves or refuses each line. */
interface Objects {
  readonly balance: Claim<Shows<ShownBalance, Stripe.Balance>>;
  readonly card: Claim<Compared<ShownCard, Stripe.Issuing.Card>>;
  readonly cardholder: Claim<Compared<ShownCardholder, Stripe.Issuing.Cardholder>>;
  readonly payout: Claim<Shows<ShownPayout, Stripe.Payout>>;
  readonly personalization_design: Claim<Compared<ShownDesign, Stripe.Issuing.PersonalizationDesign>>;
  readonly physical_bundle: Claim<Shows<ShownBundle, Stripe.Issuing.PhysicalBundle>>;
  readonly topup: Claim<Shows<ShownTopup, Stripe.Topup>>;
  readonly webhook_endpoint: Claim<Shows<ShownWebhookEndpoint, Stripe.WebhookEndpoint>>;
}

describe("resources/contract/objects of the SDK", () => {
  it("are compared by the compiler with what is rendered of each type", () => {
    const compared: Record<keyof Objects, true> = {
      balance: true,
      card: true,
      cardholder: true,
      payout: true,
      personalization_design: true,
      physical_bundle: true,
      topup: true,
      webhook_endpoint: true,
    };

    const missing = Object.keys(renderers).filter((type) => !Object.hasOwn(compared, type) && !beyondSdk.has(type));

    expect(missing).to.deep.equal([]);
  });
});

/** What the SDK has no type of. */
const beyondSdk: ReadonlySet<RenderedType | string> = new Set(["funding"]);
