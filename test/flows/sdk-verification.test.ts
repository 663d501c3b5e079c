import { expect } from "chai";
import type Stripe from "stripe";
import { defaultLinks } from "../../specs/links.ts";
import { must } from "../../src/kernel/assert.ts";
import { transmissionText } from "../../src/switch/transmission-time.ts";
import { type ApiUnderTest, connectedAccount, openApiUnderTest } from "../support/api.ts";
import { visaPurchase } from "../switch/open-switch.ts";
import { ScriptedPeer } from "../switch/scripted-peer.ts";

const [visaLink] = defaultLinks;

describe("flows: a card of the API proves itself on the wire", () => {
  let api: ApiUnderTest;
  let stripe: Stripe;
  let peer: ScriptedPeer;
  let account: { readonly stripeAccount: string };
  let stan = 0;

  before(async () => {
    api = await openApiUnderTest({ seed: "demo" });
    ({ stripe } = api);
    account = { stripeAccount: connectedAccount(api, "us") };
    peer = await ScriptedPeer.connectTo(visaLink, api.running.visa.port);
    peer.accept(await peer.message(1));
    await peer.message(2);
  });

  after(async () => {
    peer.close();
    await api.running.close();
  });

  it("approves with the CVC that the API tells, declines with another, and the API says which it was", async () => {
    const card = await activeCard();
    const right = must(card.cvc, "a CVC");
    const wrong = String((Number(right) + 1) % 1000).padStart(3, "0");

    const codes = [await codeOf(card, { "126.10": `11 ${right}` }), await codeOf(card, { "126.10": `11 ${wrong}` })];
    const { data } = await stripe.issuing.authorizations.list({ card: card.id }, account);

    expect(codes).to.deep.equal(["00", "N7"]);
    expect(data.map(({ approved, verification_data: told }) => [approved, told.cvc_check])).to.deep.equal([
      [false, "mismatch"],
      [true, "match"],
    ]);
    expect(data[0]?.request_history[0]?.reason).to.equal("verification_failed");
  });

  it("locks the PIN of a card until its program sends another, and tells the program why it declined", async () => {
    const card = await activeCard();
    const nothing = { "52": "hex:0000000000000000" };

    const codes = [await codeOf(card, nothing), await codeOf(card, nothing), await codeOf(card, nothing)];
    await stripe.issuing.cards.update(card.id, { pin: { encrypted_number: "c2VjcmV0" } }, account);
    codes.push(await codeOf(card, nothing));
    const { data } = await stripe.issuing.authorizations.list({ card: card.id }, account);

    expect(codes).to.deep.equal(["55", "55", "75", "55"]);
    expect(data.map(({ request_history: [first] }) => first?.reason)).to.deep.equal([
      "verification_failed",
      "pin_blocked",
      "verification_failed",
      "verification_failed",
    ]);
  });

  async function activeCard(): Promise<Stripe.Issuing.Card> {
    const { id: cardholder } = await stripe.issuing.cardholders.create(
      {
        name: "Jenny Rosen",
        billing: {
          address: { line1: "1 Main St", city: "Portland", state: "OR", postal_code: "97201", country: "US" },
        },
        individual: { card_issuing: { user_terms_acceptance: { date: 1_700_000_000, ip: "203.0.113.9" } } },
      },
      account,
    );
    const made = { cardholder, currency: "usd", type: "virtual", status: "active" } as const;
    const { id } = await stripe.issuing.cards.create(made, account);
    return stripe.issuing.cards.retrieve(id, { expand: ["number", "cvc"] }, account);
  }

  async function codeOf(
    card: Stripe.Issuing.Card,
    proof: Readonly<Record<string, string>>,
  ): Promise<string | undefined> {
    const no = String(++stan).padStart(6, "0");
    const year = String(card.exp_year % 100);
    const before = peer.heard.length;
    peer.say({
      ...visaPurchase({ "2": must(card.number, "a number"), "4": "000000000100", "11": no, "49": "840" }),
      "7": transmissionText(Date.now()),
      "14": `${year}${String(card.exp_month).padStart(2, "0")}`,
      "37": `V${no.padStart(11, "0")}`,
      "62.2": `306326584${no}`,
      ...proof,
    });
    const isAnswer = (heard: { readonly mti: string }) => heard.mti === "0110";
    await peer.until(() => peer.heard.slice(before).some(isAnswer), "an answer", 5_000);
    return peer.heard.slice(before).find(isAnswer)?.get("39");
  }
});
