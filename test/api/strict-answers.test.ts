import { expect } from "chai";
import { type ApiUnderTest, openApiUnderTest } from "../support/api.ts";
import { problemsOf } from "../support/answer-problems.ts";
import { type CardProgram, openCardProgram } from "../support/card-program.ts";
import { secretsIn } from "../support/strict-answers.ts";

type Plain = Readonly<Record<string, unknown>>;

describe("the look at every answer", () => {
  let api: ApiUnderTest;
  let program: CardProgram;
  let card: Plain;
  let event: Plain & { readonly data: Plain };

  before(async () => {
    api = await openApiUnderTest();
    program = await openCardProgram(api);
    card = plain(program.card);
    await api.stripe.issuing.cards.update(program.card.id, { metadata: { a: "b" } }, program.as);
    const { data } = await api.stripe.events.list({ type: "issuing_card.updated" }, program.as);
    event = plain(data[0]) as typeof event;
  });

  after(() => api.running.close());

  it("finds nothing in what the API tells", () => {
    expect([...problemsOf(card), ...problemsOf(event)]).to.deep.equal([]);
  });

  it("names what is unknown, missing, null, of another kind or of no list of the SDK", () => {
    const { last4: _, ...without } = card;
    const wrong: readonly [Plain, string][] = [
      [{ ...card, colour: "red" }, "issuing.card.colour: unknown"],
      [without, "issuing.card.last4: missing"],
      [{ ...card, last4: null }, "issuing.card.last4: null is no string"],
      [{ ...card, exp_month: "7" }, 'issuing.card.exp_month: "7" is no number'],
      [{ ...card, exp_month: 7.5 }, "issuing.card.exp_month: 7.5 is no number"],
      [{ ...card, status: "asleep" }, 'issuing.card.status: "asleep" is none of the SDK\'s'],
      [{ ...card, metadata: { a: 1 } }, "issuing.card.metadata.a: 1 is no string"],
      [{ ...card, object: "issuing.cart" }, "issuing.cart: the SDK has no such object"],
      [{ object: "list", data: [card], has_more: 0, url: "/v1/x" }, "list.has_more: no boolean"],
      [{ object: "list", data: [card], has_more: false, url: "/v1/x", count: 1 }, "list.count: unknown"],
      [{ error: { type: "no_such_error", message: "?" } }, "error.type: no_such_error"],
    ];

    for (const [answer, problem] of wrong) expect(problemsOf(answer)).to.deep.equal([problem]);
  });

  it("looks into what lies within, and into what an event tells of and says was before", () => {
    const cardholder = { ...(card["cardholder"] as Plain), type: "robot" };
    const inside = 'cardholder.type: "robot" is none of the SDK\'s';
    const { data } = event;

    expect(problemsOf({ ...card, cardholder })).to.deep.equal([`issuing.card.${inside}`]);
    expect(problemsOf({ ...event, data: { ...data, object: { ...card, cardholder } } })).to.deep.equal([
      `issuing_card.updated.data.object.${inside}`,
    ]);
    expect(problemsOf({ ...event, data: { ...data, previous_attributes: { last4: 7 } } })).to.deep.equal([
      "issuing_card.updated.data.previous_attributes.last4: 7 is no string",
    ]);
    expect(problemsOf({ ...event, type: "issuing_card.lost" })).to.deep.equal([
      "event: the SDK has no issuing_card.lost",
    ]);
  });

  it("finds a number and a code by what they are, and wherever they were not asked for", async () => {
    const { id } = program.card;
    const { cvc = "", number = "" } = await api.stripe.issuing.cards.retrieve(
      id,
      { expand: ["number", "cvc"] },
      program.as,
    );
    const asked = { method: "GET", path: `/v1/issuing/cards/${id}?expand[0]=number` };
    const told = { ...card, cvc, number };

    expect(number).to.match(/^\d{16}$/u);
    expect(secretsIn(asked, told)).to.deep.equal([]);
    expect(secretsIn({ method: "GET", path: "/v1/issuing/cards" }, { data: [told] })).to.have.members([
      "answer.data.0.number: a card number",
      "answer.data.0.cvc: a card's code",
    ]);
    expect(secretsIn(asked, { ...told, metadata: { note: `no. ${number}` } })).to.deep.equal([
      "answer.metadata.note: a card number",
    ]);
  });
});

function plain(value: unknown): Plain {
  return JSON.parse(JSON.stringify(value)) as Plain;
}
