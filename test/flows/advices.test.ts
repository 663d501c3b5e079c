import { expect } from "chai";
import type { ScriptedPeer } from "../switch/scripted-peer.ts";
import { type Fields, type FlowCard, WireGround } from "./wire-ground.ts";

describe("flows/advices", () => {
  let ground: WireGround;
  let card: FlowCard;
  let peer: ScriptedPeer;

  before(async () => {
    ground = await WireGround.open();
  });

  after(() => ground.close());

  beforeEach(async () => {
    card = await ground.card({ funds: 50_00n });
    peer = await ground.peer("visa");
  });

  const original = (fields: Fields, type = "0100"): string => `${type}${fields["11"]}${"0".repeat(32)}`;
  /** A 0120 of the network about a 0100, with the network's own answer. */
  const standIn = (order: Fields, code = "00", more: Fields = {}): Fields => ({
    ...order,
    "0": "0120",
    "11": ground.stan(),
    "39": code,
    "90": original(order),
    ...more,
  });

  it("F7: what the network approved in our place is held, though the balance is too low", async () => {
    const order = ground.order("visa", card, 80_00);

    const code = await ground.code(peer, standIn(order));

    expect(code).to.equal("00");
    expect(await ground.ledger(card)).to.deep.equal({
      available: -30_00n,
      held: 80_00n,
      holds: [80_00n],
      spentToday: 80_00n,
    });
  });

  it("F7: a stand-in for a purchase that we had approved merges with its hold", async () => {
    const order = ground.order("visa", card, 30_00);
    await ground.ask(peer, order);

    const code = await ground.code(peer, standIn(order));

    expect(code).to.equal("00");
    expect(await ground.ledger(card)).to.deep.equal({
      available: 20_00n,
      held: 30_00n,
      holds: [30_00n],
      spentToday: 30_00n,
    });
  });

  it("F7: a stand-in for a purchase that we had declined holds it all the same", async () => {
    const order = ground.order("visa", card, 80_00);
    const declined = await ground.code(peer, order);

    const code = await ground.code(peer, standIn(order));
    const again = await ground.code(peer, { ...order, "0": "0101" });

    expect([declined, code, again]).to.deep.equal(["51", "00", "51"]);
    expect((await ground.ledger(card)).holds).to.deep.equal([80_00n]);
  });

  it("F7: no cashback and no billing amount in error keeps a stand-in or a completed sale out of the books", async () => {
    const odd = { "54": `0040978D${"9".repeat(12)}`, "6": "000000000000", "51": "840" };
    const order = { ...ground.order("visa", card, 10_00), "49": "978", ...odd };

    const codes = [
      await ground.code(peer, standIn(order)),
      await ground.code(peer, { ...ground.order("visa", card, 10_00), "0": "0220", "49": "978", ...odd }),
    ];

    expect(codes).to.deep.equal(["00", "00"]);
    // Ten euros at the dated rate, once held and once posted.
    expect(await ground.ledger(card)).to.deep.equal({
      available: 28_00n,
      held: 11_00n,
      holds: [11_00n],
      spentToday: 22_00n,
    });
  });

  it("F7: the purchase itself, when it comes behind its stand-in, is a repeat of it", async () => {
    const order = ground.order("visa", card, 30_00);
    await ground.ask(peer, standIn(order));

    const code = await ground.code(peer, order);

    expect(code).to.equal("00");
    expect((await ground.ledger(card)).holds).to.deep.equal([30_00n]);
  });

  it("F7: a repeated advice (0121) holds once", async () => {
    const advice = standIn(ground.order("visa", card, 30_00));

    const codes = [await ground.code(peer, advice), await ground.code(peer, { ...advice, "0": "0121" })];

    expect(codes).to.deep.equal(["00", "00"]);
    expect((await ground.ledger(card)).holds).to.deep.equal([30_00n]);
  });

  it("F8: what the network declined in our place gives back the hold of our late approval", async () => {
    const order = ground.order("visa", card, 30_00);
    await ground.ask(peer, order);

    const code = await ground.code(peer, standIn(order, "05"));

    expect(code).to.equal("00");
    expect(await ground.ledger(card)).to.deep.equal({ available: 50_00n, held: 0n, holds: [], spentToday: 0n });
  });

  it("F8: of a purchase that is still on its way a declined stand-in leaves nothing to approve: 94", async () => {
    const order = ground.order("visa", card, 30_00);

    const codes = [await ground.code(peer, standIn(order, "91")), await ground.code(peer, order)];

    expect(codes).to.deep.equal(["00", "94"]);
    expect((await ground.ledger(card)).available).to.equal(50_00n);
  });

  it("F8: an advice for a PAN that nobody knows is answered 00, and listed", async () => {
    const order = { ...ground.order("visa", card, 30_00), "2": "4000010000000002" };

    const codes = [
      await ground.code(peer, standIn(order)),
      await ground.code(peer, { ...standIn(order), "0": "0220" }),
    ];

    expect(codes).to.deep.equal(["00", "00"]);
    expect((await ground.ledger(card)).available).to.equal(50_00n);
  });

  it("captures by a 0220 the hold that it names, for more than was held, and posts the difference", async () => {
    const order = ground.order("visa", card, 30_00);
    await ground.ask(peer, order);

    const told = { ...order, "0": "0220", "4": "000000003600", "11": ground.stan(), "90": original(order) };
    const codes = [await ground.code(peer, told), await ground.code(peer, { ...told, "0": "0221" })];

    expect(codes).to.deep.equal(["00", "00"]);
    expect(await ground.ledger(card)).to.deep.equal({ available: 14_00n, held: 0n, holds: [], spentToday: 36_00n });
  });

  it("posts a 0220 without any hold, whatever the balance, and a 0200 only where the funds last", async () => {
    const asked = await ground.code(peer, { ...ground.order("visa", card, 80_00), "0": "0200" });
    const told = await ground.code(peer, { ...ground.order("visa", card, 80_00), "0": "0220" });

    expect([asked, told]).to.deep.equal(["51", "00"]);
    expect(await ground.ledger(card)).to.deep.equal({ available: -30_00n, held: 0n, holds: [], spentToday: 80_00n });
  });

  it("posts a 0200 once, however often it is repeated (0201)", async () => {
    const order = { ...ground.order("visa", card, 20_00), "0": "0200" };

    const [first, second] = [await ground.ask(peer, order), await ground.ask(peer, { ...order, "0": "0201" })];

    expect([first.get("39"), first.get("38")]).to.deep.equal([second.get("39"), second.get("38")]);
    expect(await ground.ledger(card)).to.deep.equal({ available: 30_00n, held: 0n, holds: [], spentToday: 20_00n });
  });

  it("holds at a pump for what the card can be filled up for, and goes by the completion", async () => {
    const order = { ...ground.order("visa", card, 1_00), "18": "5542" };
    const code = await ground.code(peer, order);
    const held = await ground.ledger(card);

    const completed = await ground.code(peer, { ...order, "0": "0120", "4": "000000003750", "11": ground.stan() });

    expect([code, completed]).to.deep.equal(["00", "00"]);
    expect(held.holds).to.deep.equal([50_00n]);
    expect(await ground.ledger(card)).to.deep.equal({
      available: 12_50n,
      held: 37_50n,
      holds: [37_50n],
      spentToday: 37_50n,
    });
  });

  describe("the status check at a pump, answered in our place", () => {
    let order: Fields;

    beforeEach(() => {
      order = { ...ground.order("visa", card, 1_00), "18": "5542" };
    });

    it("merges with what we hold for the pump, whether or not it names the 0100", async () => {
      const codes = [await ground.code(peer, order)];
      codes.push(await ground.code(peer, { ...order, "0": "0120" }));
      codes.push(await ground.code(peer, { ...order, "0": "0120", "7": "1122130001", "90": original(order) }));

      expect(codes).to.deep.equal(["00", "00", "00"]);
      expect(await ground.ledger(card)).to.deep.equal({
        available: 0n,
        held: 50_00n,
        holds: [50_00n],
        spentToday: 50_00n,
      });
    });

    it("holds the dollar where nothing is known, and goes by the completion", async () => {
      const code = await ground.code(peer, { ...order, "0": "0120" });
      const held = await ground.ledger(card);
      const completion = { ...order, "0": "0120", "4": "000000003750", "11": ground.stan(), "90": original(order) };
      const completed = await ground.code(peer, completion);

      expect([code, completed]).to.deep.equal(["00", "00"]);
      expect(held).to.deep.equal({ available: 49_00n, held: 1_00n, holds: [1_00n], spentToday: 1_00n });
      expect(await ground.ledger(card)).to.deep.equal({
        available: 12_50n,
        held: 37_50n,
        holds: [37_50n],
        spentToday: 37_50n,
      });
    });

    it("is a completion over one dollar where it names another message than itself", async () => {
      await ground.ask(peer, order);

      const code = await ground.code(peer, { ...order, "0": "0120", "11": ground.stan(), "90": original(order) });

      expect(code).to.equal("00");
      expect(await ground.ledger(card)).to.deep.equal({
        available: 49_00n,
        held: 1_00n,
        holds: [1_00n],
        spentToday: 1_00n,
      });
    });
  });
});
