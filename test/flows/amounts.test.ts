import { expect } from "chai";
import type { ScriptedPeer } from "../switch/scripted-peer.ts";
import { type FlowCard, type Ledger, WireGround } from "./wire-ground.ts";

const untouched: Ledger = { available: 100_00n, held: 0n, holds: [], spentToday: null };

describe("flows/amounts", () => {
  let ground: WireGround;
  let card: FlowCard;
  let peer: ScriptedPeer;

  before(async () => {
    ground = await WireGround.open({ allowsPartial: true });
  });

  after(() => ground.close());

  beforeEach(async () => {
    card = await ground.card();
    peer = await ground.peer("visa");
  });

  it("F21: an amount of zero is answered 85, or 00 on a plain link, and holds nothing", async () => {
    const plain = await ground.peer("generic");

    const codes = [
      await ground.code(peer, ground.order("visa", card, 0)),
      await ground.code(plain, ground.order("generic", card, 0)),
    ];

    expect(codes).to.deep.equal(["85", "00"]);
    expect(await ground.ledger(card)).to.deep.equal(untouched);
  });

  it("F21: twelve nines are more than any limit: 61, and nothing is held", async () => {
    const order = { ...ground.order("visa", card, 1), "4": "9".repeat(12) };

    const codes = [
      await ground.code(peer, order),
      await ground.code(peer, { ...order, "0": "0200", "11": ground.stan() }),
    ];

    expect(codes).to.deep.equal(["61", "61"]);
    expect(await ground.ledger(card)).to.deep.equal(untouched);
  });

  it("F21: what cannot be refused is booked to the last of twelve nines", async () => {
    const told = { ...ground.order("visa", card, 1), "0": "0220", "4": "9".repeat(12) };

    const code = await ground.code(peer, told);

    expect(code).to.equal("00");
    expect((await ground.ledger(card)).available).to.equal(100_00n - 999_999_999_999n);
  });

  for (const [what, currency, amount, cents] of [
    // 1,000 yen at 0.006875 are 6.875 dollars.
    ["yen, which have no smaller part", "392", 1_000, 6_88n],
    // 1.500 dinars at 3.254438 are 4.881657 dollars.
    ["dinars, which have a thousand parts", "414", 1_500, 4_88n],
  ] as const) {
    it(`F21: a purchase in ${what}, is billed by the exponent of its currency`, async () => {
      const code = await ground.code(peer, { ...ground.order("visa", card, amount), "49": currency });

      expect(code).to.equal("00");
      expect((await ground.ledger(card)).holds).to.deep.equal([cents]);
    });
  }

  it("F21: DE6 is held as it stands, and DE5, DE9, DE10, DE50 and DE51 come back untouched", async () => {
    const conversion = {
      "5": "000000002345",
      "6": "000000002199",
      "9": "61012345",
      "10": "61099500",
      "50": "826",
      "51": "840",
    };

    const reply = await ground.ask(peer, { ...ground.order("visa", card, 20_00), "49": "978", ...conversion });

    expect(reply.get("39")).to.equal("00");
    for (const [path, value] of Object.entries(conversion)) expect(reply.get(path)).to.equal(value);
    expect((await ground.ledger(card)).holds).to.deep.equal([21_99n]);
  });

  for (const [euros, dollars] of [
    [10_00, 11_00n],
    // At 1.1 a cent and a half: half to even, so 0.15 € is 16.5 → 16 and 0.25 € is 27.5 → 28.
    [15, 16n],
    [25, 28n],
    [5, 6n],
  ] as const) {
    it(`F21: ${euros} euro cents without DE6 cost ${dollars} at the dated rate, halves to the even cent`, async () => {
      const code = await ground.code(peer, { ...ground.order("visa", card, euros), "49": "978" });

      expect(code).to.equal("00");
      expect((await ground.ledger(card)).holds).to.deep.equal([dollars]);
    });
  }

  it("approves a part where message and account take it, and holds just that", async () => {
    const patient = await ground.card({ funds: 40_00n, takesPartial: true });
    const order = { ...ground.order("visa", patient, 55_00), "60": "010000000001" };

    const [first, again] = [await ground.ask(peer, order), await ground.ask(peer, { ...order, "0": "0101" })];

    expect([first.get("39"), first.get("4"), first.get("54")]).to.deep.equal([
      "10",
      "000000004000",
      "0057840D000000005500",
    ]);
    expect(again.toJSON()).to.deep.equal(first.toJSON());
    expect(await ground.ledger(patient)).to.deep.equal({
      available: 0n,
      held: 40_00n,
      holds: [40_00n],
      spentToday: 40_00n,
    });
  });

  it("approves no part where the account does not take it, nor below the cashback", async () => {
    const plain = await ground.peer("generic");
    const patient = await ground.card({ funds: 40_00n, takesPartial: true });
    const cash = { "3": "090000", "54": "0040840D000000004001" };

    const codes = [
      await ground.code(plain, ground.order("generic", card, 155_00)),
      await ground.code(plain, { ...ground.order("generic", patient, 55_00), ...cash }),
      await ground.code(plain, { ...ground.order("generic", patient, 55_00), ...cash, "54": "0040840D000000004000" }),
    ];

    expect(codes).to.deep.equal(["51", "51", "10"]);
    expect((await ground.ledger(patient)).holds).to.deep.equal([40_00n]);
  });

  it("approves a refund without a hold, and posts one that is told as a credit", async () => {
    const asked = await ground.code(peer, { ...ground.order("visa", card, 500_00), "3": "200000" });
    const before = await ground.ledger(card);
    const told = await ground.code(peer, { ...ground.order("visa", card, 5_00), "0": "0220", "3": "200000" });

    expect([asked, told]).to.deep.equal(["00", "00"]);
    expect(before).to.deep.equal(untouched);
    expect(await ground.ledger(card)).to.deep.equal({ ...untouched, available: 105_00n });
  });

  it("answers an inquiry with what is there and what of it is free", async () => {
    await ground.ask(peer, ground.order("visa", card, 30_00));

    const reply = await ground.ask(peer, { ...ground.order("visa", card, 0), "3": "310000", "49": "978" });

    expect([reply.get("39"), reply.get("54")]).to.deep.equal(["00", "0001840C0000000100000002840C000000007000"]);
  });
});
