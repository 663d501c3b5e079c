import { expect } from "chai";
import { type ApiUnderTest, connectedAccount, openApiUnderTest } from "../support/api.ts";

const version = "2026-10-28.endive";

describe("api/ephemeral-access", () => {
  let api: ApiUnderTest;
  let account: string;

  before(async () => {
    api = await openApiUnderTest({ seed: "demo" });
    account = connectedAccount(api, "us");
  });

  after(() => api.running.close());

  it("opens the one card that a key was made for, with number and code, to who knows the nonce", async () => {
    const { card, other } = await twoCards(api, account);
    const key = await keyFor(api, account, card);
    const as = { headers: { authorization: `Bearer ${key.secret}` } };

    const opened = await api.send(`/v1/issuing/cards/${card}?ephemeral_key_private_nonce=n1`, as);

    expect(opened.status).to.equal(200);
    expect(opened.body["number"]).to.match(/^\d{16}$/);
    expect(opened.body["cvc"]).to.match(/^\d{3}$/);
    for (const path of [
      `/v1/issuing/cards/${card}`,
      `/v1/issuing/cards/${card}?ephemeral_key_private_nonce=n2`,
      `/v1/issuing/cards/${other}?ephemeral_key_private_nonce=n1`,
      "/v1/issuing/cards?ephemeral_key_private_nonce=n1",
    ]) {
      expect((await api.send(path, as)).status, path).to.equal(403);
    }
  });

  it("opens nothing any more once the key was deleted", async () => {
    const { card } = await twoCards(api, account);
    const key = await keyFor(api, account, card);
    await api.stripe.ephemeralKeys.del(key.id, {}, { stripeAccount: account });

    const refused = await api.send(`/v1/issuing/cards/${card}?ephemeral_key_private_nonce=n1`, {
      headers: { authorization: `Bearer ${key.secret}` },
    });

    expect(refused.status).to.equal(401);
  });
});

async function twoCards(api: ApiUnderTest, stripeAccount: string): Promise<{ card: string; other: string }> {
  const { data } = await api.stripe.issuing.cards.list({ type: "virtual", status: "active" }, { stripeAccount });
  const [card, other] = data;
  if (card === undefined || other === undefined) throw new Error("the demo has two virtual cards in this account");
  return { card: card.id, other: other.id };
}

async function keyFor(
  api: ApiUnderTest,
  stripeAccount: string,
  card: string,
): Promise<{ readonly id: string; readonly secret: string }> {
  const made = await api.stripe.ephemeralKeys.create(
    { issuing_card: card, nonce: "n1" },
    { stripeAccount, apiVersion: version },
  );
  return { id: made.id, secret: made.secret ?? "" };
}
