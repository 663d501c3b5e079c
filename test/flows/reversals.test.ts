import { expect } from "chai";
import { type FlowCard, type Ledger, type NetworkName, WireGround } from "./wire-ground.ts";

const untouched: Ledger = { available: 100_00n, held: 0n, holds: [], spentToday: 0n };

describe("flows/reversals", () => {
  let ground: WireGround;
  let card: FlowCard;

  before(async () => {
    ground = await WireGround.open();
  });

  after(() => ground.close());

  beforeEach(async () => {
    card = await ground.card();
  });

  const original = (fields: Readonly<Record<string, string>>, type = "0100"): string =>
    `${type}${fields["11"]}${"0".repeat(32)}`;
  const replacement = (cents: number): string => String(cents).padStart(12, "0").padEnd(42, "0");

  for (const network of ["visa", "mastercard", "generic"] as const satisfies readonly NetworkName[]) {
    for (const mti of ["0400", "0420"]) {
      it(`F1: a full reversal (${mti}, ${network}) is answered 00 and gives back what was held`, async () => {
        const peer = await ground.peer(network);
        const order = ground.order(network, card, 30_00);
        expect(await ground.code(peer, order)).to.equal("00");
        expect(await ground.ledger(card)).to.deep.equal({
          available: 70_00n,
          held: 30_00n,
          holds: [30_00n],
          spentToday: 30_00n,
        });

        const undo = { ...order, "0": mti, "11": ground.stan(), "90": original(order) };
        const code = await ground.code(peer, undo);

        expect(code).to.equal("00");
        expect(await ground.ledger(card)).to.deep.equal(untouched);
      });
    }

    it(`F2: a partial reversal (DE95, ${network}) leaves the replacement amount held`, async () => {
      const peer = await ground.peer(network);
      const order = ground.order(network, card, 30_00);
      await ground.ask(peer, order);

      const undo = { ...order, "0": "0420", "11": ground.stan(), "90": original(order), "95": replacement(12_34) };
      const code = await ground.code(peer, undo);

      expect(code).to.equal("00");
      expect(await ground.ledger(card)).to.deep.equal({
        available: 87_66n,
        held: 12_34n,
        holds: [12_34n],
        spentToday: 12_34n,
      });
    });
  }

  it("F2: a replacement of more than remains is answered 00 and changes nothing", async () => {
    const peer = await ground.peer("visa");
    const order = ground.order("visa", card, 30_00);
    await ground.ask(peer, order);
    const before = await ground.ledger(card);

    const undo = { ...order, "0": "0400", "11": ground.stan(), "90": original(order), "95": replacement(30_01) };
    const code = await ground.code(peer, undo);

    expect(code).to.equal("00");
    expect(await ground.ledger(card)).to.deep.equal(before);
  });

  it("F2: a partial reversal in the currency of the purchase is converted by the rate of the hold", async () => {
    const peer = await ground.peer("visa");
    const order = {
      ...ground.order("visa", card, 20_00),
      "6": "000000002200",
      "10": "61100000",
      "49": "978",
      "51": "840",
    };
    await ground.ask(peer, order);

    const { "6": _, "10": __, "51": ___, ...plain } = order;
    const undo = { ...plain, "0": "0420", "11": ground.stan(), "90": original(order), "95": replacement(10_00) };
    const code = await ground.code(peer, undo);

    expect(code).to.equal("00");
    expect((await ground.ledger(card)).holds).to.deep.equal([11_00n]);
  });

  it("F3: a reversal that comes first is answered 00, and the purchase behind it 94 without a hold", async () => {
    const peer = await ground.peer("visa");
    const order = ground.order("visa", card, 30_00);

    const undo = { ...order, "0": "0420", "11": ground.stan(), "90": original(order) };
    const codes = [await ground.code(peer, undo), await ground.code(peer, order)];

    expect(codes).to.deep.equal(["00", "94"]);
    expect(await ground.ledger(card)).to.deep.equal({ ...untouched, spentToday: null });
  });

  it("F4: of two reversals of what never comes the advice is answered 00 and the request 25, and nothing moves", async () => {
    const peer = await ground.peer("visa");
    const order = ground.order("visa", card, 30_00);
    const undo = (mti: string) => ({ ...order, "0": mti, "11": ground.stan(), "90": original(order) });
    await ground.ask(peer, undo("0420"));

    const codes = [await ground.code(peer, undo("0420")), await ground.code(peer, undo("0400"))];

    expect(codes).to.deep.equal(["00", "25"]);
    expect(await ground.ledger(card)).to.deep.equal({ ...untouched, spentToday: null });
  });

  it("F5: a reversal of a purchase that was captured (0220) is answered 00 and moves no money", async () => {
    const peer = await ground.peer("visa");
    const order = ground.order("visa", card, 30_00);
    await ground.ask(peer, order);
    await ground.ask(peer, { ...order, "0": "0220", "11": ground.stan(), "90": original(order) });
    const captured = await ground.ledger(card);

    const undo = { ...order, "0": "0420", "11": ground.stan(), "90": original(order) };
    const code = await ground.code(peer, undo);

    expect(captured).to.deep.equal({ available: 70_00n, held: 0n, holds: [], spentToday: 30_00n });
    expect(code).to.equal("00");
    expect(await ground.ledger(card)).to.deep.equal(captured);
  });

  it("F6: a reversal that comes twice, repeated and anew, gives back once", async () => {
    const peer = await ground.peer("visa");
    const order = ground.order("visa", card, 30_00);
    await ground.ask(peer, order);
    const undo = { ...order, "0": "0420", "11": ground.stan(), "90": original(order) };

    const codes = [
      await ground.code(peer, undo),
      await ground.code(peer, undo),
      await ground.code(peer, { ...undo, "0": "0421" }),
      await ground.code(peer, { ...undo, "11": ground.stan() }),
      await ground.code(peer, { ...undo, "0": "0400", "11": ground.stan() }),
    ];

    expect(codes).to.deep.equal(["00", "00", "00", "00", "00"]);
    expect(await ground.ledger(card)).to.deep.equal(untouched);
  });

  it("F6: a reversal of a hold that has expired is answered 00 and gives back nothing more", async () => {
    const peer = await ground.peer("visa");
    const order = ground.order("visa", card, 30_00);
    await ground.ask(peer, order);

    const expire = await ground.due(card);
    const expired = await expire();
    const undo = { ...order, "0": "0420", "11": ground.stan(), "90": original(order) };
    const code = await ground.code(peer, undo);

    expect([expired, code]).to.deep.equal(["done", "00"]);
    expect(await ground.ledger(card)).to.deep.equal(untouched);
  });

  it("F21: a posting (0200) is undone in full or down to DE95, once", async () => {
    const peer = await ground.peer("visa");
    const [whole, part] = [ground.order("visa", card, 30_00), ground.order("visa", card, 40_00)];
    const undo = (order: Readonly<Record<string, string>>, more: Readonly<Record<string, string>> = {}) => ({
      ...order,
      "0": "0420",
      "11": ground.stan(),
      "90": original(order, "0200"),
      ...more,
    });
    await ground.ask(peer, { ...whole, "0": "0200" });
    await ground.ask(peer, { ...part, "0": "0200" });
    const posted = await ground.ledger(card);

    const codes = [
      await ground.code(peer, undo(whole)),
      await ground.code(peer, undo(whole)),
      await ground.code(peer, undo(part, { "95": replacement(15_00) })),
      await ground.code(peer, undo(part, { "95": replacement(15_01) })),
    ];

    expect(posted).to.deep.equal({ available: 30_00n, held: 0n, holds: [], spentToday: 70_00n });
    expect(codes).to.deep.equal(["00", "00", "00", "00"]);
    expect(await ground.ledger(card)).to.deep.equal({
      available: 85_00n,
      held: 0n,
      holds: [],
      spentToday: 15_00n,
    });
  });
});
