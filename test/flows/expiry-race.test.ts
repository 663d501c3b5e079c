import { expect } from "chai";
import type { ScriptedPeer } from "../switch/scripted-peer.ts";
import { type Fields, type FlowCard, WireGround } from "./wire-ground.ts";

describe("flows/expiry-race", () => {
  let ground: WireGround;
  let peer: ScriptedPeer;

  before(async () => {
    ground = await WireGround.open();
    peer = await ground.peer("visa");
  });

  after(() => ground.close());

  const rounds = 25;
  const original = (order: Fields): string => `0100${order["11"]}${"0".repeat(32)}`;

  async function held(): Promise<{ card: FlowCard; order: Fields }> {
    const card = await ground.card();
    const order = ground.order("visa", card, 30_00);
    await ground.ask(peer, order);
    return { card, order };
  }

  it("F23: of expiry and reversal one releases the hold, and the other finds nothing to release", async () => {
    const outcomes = new Set<string>();
    for (let round = 0; round < rounds; round++) {
      const { card, order } = await held();
      const undo = { ...order, "0": "0420", "11": ground.stan(), "90": original(order) };

      const [expired, code] = await raced(round, await ground.due(card), () => ground.code(peer, undo));

      outcomes.add(expired);
      expect(code).to.equal("00");
      expect(await ground.ledger(card)).to.deep.equal({ available: 100_00n, held: 0n, holds: [], spentToday: 0n });
    }
    expect([...outcomes].sort()).to.deep.equal(["already", "done"]);
  });

  it("F23: of expiry and capture one closes the hold, and the capture posts in either case", async () => {
    const outcomes = new Set<string>();
    for (let round = 0; round < rounds; round++) {
      const { card, order } = await held();
      const told = { ...order, "0": "0220", "11": ground.stan(), "90": original(order) };

      const [expired, code] = await raced(round, await ground.due(card), () => ground.code(peer, told));

      outcomes.add(expired);
      expect(code).to.equal("00");
      const ledger = await ground.ledger(card);
      expect([ledger.available, ledger.held, ledger.holds]).to.deep.equal([70_00n, 0n, []]);
      expect(ledger.spentToday).to.equal(30_00n);
    }
    expect([...outcomes].sort()).to.deep.equal(["already", "done"]);
  });

  /** Both at once; and, so that neither always wins, one after the other in both orders. */
  async function raced<A, B>(round: number, one: () => Promise<A>, other: () => Promise<B>): Promise<[A, B]> {
    if (round % 4 === 0) return [await one(), await other()];
    if (round % 4 > 1) return Promise.all([one(), other()]);
    const second = await other();
    return [await one(), second];
  }
});
