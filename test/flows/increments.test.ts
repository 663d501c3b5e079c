import { expect } from "chai";
import type { ScriptedPeer } from "../switch/scripted-peer.ts";
import { type Fields, type FlowCard, WireGround } from "./wire-ground.ts";

describe("flows/increments", () => {
  let ground: WireGround;
  let card: FlowCard;

  before(async () => {
    ground = await WireGround.open();
  });

  after(() => ground.close());

  beforeEach(async () => {
    card = await ground.card();
  });

  const amount = (cents: number): string => String(cents).padStart(12, "0");
  /** A message that adds to the hold of an earlier one, as each network marks it. */
  const more = (network: "visa" | "mastercard", order: Fields, cents: number): Fields => {
    const added = { ...order, "4": amount(cents), "11": ground.stan() };
    if (network === "visa") return { ...added, "63.3": "3900" };
    return { ...added, "48.63": `MCC${order["63.2"]?.trim()}1122`.padEnd(15), "61": "0000004000300826" };
  };
  const undo = (fields: Fields, changes: Fields = {}): Fields => ({
    ...fields,
    "0": "0420",
    "11": ground.stan(),
    "90": `0100${fields["11"]}${"0".repeat(32)}`,
    ...changes,
  });

  for (const network of ["visa", "mastercard"] as const) {
    it(`F9: an increment (${network}) adds to the hold that is there, and is one with it`, async () => {
      const peer = await ground.peer(network);
      const order = ground.order(network, card, 30_00);
      await ground.ask(peer, order);

      const code = await ground.code(peer, more(network, order, 20_00));

      expect(code).to.equal("00");
      expect(await ground.ledger(card)).to.deep.equal({
        available: 50_00n,
        held: 50_00n,
        holds: [50_00n],
        spentToday: 50_00n,
      });
    });
  }

  for (const network of ["visa", "mastercard"] as const) {
    it(`F9: an increment (${network}) of nothing asks about the account (85) and leaves the hold alone`, async () => {
      const peer = await ground.peer(network);
      const order = ground.order(network, card, 30_00);
      await ground.ask(peer, order);
      const before = await ground.ledger(card);
      const nothing = more(network, order, 0);

      const codes = [
        await ground.code(peer, nothing),
        await ground.code(peer, undo(nothing)),
        await ground.code(peer, { ...more(network, order, 0), "0": "0120", "39": "00" }),
      ];

      expect(codes).to.deep.equal(["85", "00", "00"]);
      expect(await ground.ledger(card)).to.deep.equal(before);
    });
  }

  describe("visa-style", () => {
    let peer: ScriptedPeer;
    let order: Fields;

    beforeEach(async () => {
      peer = await ground.peer("visa");
      order = ground.order("visa", card, 30_00);
      await ground.ask(peer, order);
    });

    it("F9: an increment beyond the funds is answered 51 and leaves the hold as it was", async () => {
      const before = await ground.ledger(card);

      const code = await ground.code(peer, more("visa", order, 70_01));

      expect(code).to.equal("51");
      expect(await ground.ledger(card)).to.deep.equal(before);
    });

    it("F9: a repeated increment adds once", async () => {
      const added = more("visa", order, 20_00);

      const [first, second] = [await ground.ask(peer, added), await ground.ask(peer, { ...added, "0": "0101" })];

      expect([first.get("39"), first.get("38")]).to.deep.equal([second.get("39"), second.get("38")]);
      expect((await ground.ledger(card)).holds).to.deep.equal([50_00n]);
    });

    it("F9: the reversal of an increment takes off the increment, that of the purchase all of it", async () => {
      const added = more("visa", order, 20_00);
      await ground.ask(peer, added);

      const codes = [await ground.code(peer, undo(added))];
      const without = await ground.ledger(card);
      codes.push(await ground.code(peer, undo(order)));

      expect(codes).to.deep.equal(["00", "00"]);
      expect(without).to.deep.equal({ available: 70_00n, held: 30_00n, holds: [30_00n], spentToday: 30_00n });
      expect(await ground.ledger(card)).to.deep.equal({ available: 100_00n, held: 0n, holds: [], spentToday: 0n });
    });

    it("F9: an increment of a chain that was reversed is a purchase of its own", async () => {
      await ground.ask(peer, undo(order));

      const code = await ground.code(peer, more("visa", order, 20_00));

      expect(code).to.equal("00");
      expect((await ground.ledger(card)).holds).to.deep.equal([20_00n]);
    });

    it("F9: an increment that the network has approved (0120) adds though the funds do not last", async () => {
      const code = await ground.code(peer, { ...more("visa", order, 90_00), "0": "0120", "39": "00" });

      expect(code).to.equal("00");
      expect(await ground.ledger(card)).to.deep.equal({
        available: -20_00n,
        held: 120_00n,
        holds: [120_00n],
        spentToday: 120_00n,
      });
    });
  });
});
