import { expect } from "chai";
import type { Stripe } from "stripe";
import type { ShownCard } from "../../../src/resources/issuing/card-view.ts";
import type { ShownCardholder } from "../../../src/resources/issuing/cardholder-view.ts";
import { renderers } from "../../../src/resources/renderers.ts";
import type { RenderedType } from "../../../src/resources/view.ts";
import type { Claim, Shows } from "./sdk-shapes.ts";

/** Fields whose texts are kept as the schema let them in: categories of merchants, what is wanted of a cardholder. */
type KeptAsWritten = "cardholder" | "requirements" | "spending_controls";

type Compared<Ours, Theirs> = Shows<Omit<Ours, KeptAsWritten>, Omit<Theirs, KeptAsWritten>>;

/** What is rendered of each type, beside the SDK's object. The compiler proves or refuses each line. */
interface Objects {
  readonly card: Claim<Compared<ShownCard, Stripe.Issuing.Card>>;
  readonly cardholder: Claim<Compared<ShownCardholder, Stripe.Issuing.Cardholder>>;
}

describe("resources/contract/objects of the SDK", () => {
  it("are compared by the compiler with what is rendered of each type", () => {
    const compared: Record<keyof Objects, true> = { card: true, cardholder: true };

    const missing = Object.keys(renderers).filter((type) => !Object.hasOwn(compared, type) && !beyondSdk.has(type));

    expect(missing).to.deep.equal([]);
  });
});

/** What the SDK has no type of. */
const beyondSdk: ReadonlySet<RenderedType | string> = new Set(["funding"]);
