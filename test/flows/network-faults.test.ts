import { expect } from "chai";
import { pause } from "../switch/scripted-peer.ts";
import { type Fields, type FlowCard, type Ledger, WireGround } from "./wire-ground.ts";

const held = (cents: bigint): Ledger => ({
  available: 100_00n - cents,
  held: cents,
  holds: [cents],
  spentToday: cents,
});

describe("flows/network-faults", () => {
  let ground: WireGround;
  let card: FlowCard;

  before(async () => {
    ground = await WireGround.open({
      limits: { echoIdleMs: 150, echoAnswerMs: 100, midFrameIdleMs: 150, signOnWaitMs: 300, unreadBytesMax: 65_536 },
    });
  });

  after(() => ground.close());

  beforeEach(async () => {
    card = await ground.card();
  });

  const undo = (fields: Fields, mti: string): Fields => ({
    ...fields,
    "0": mti,
    "11": ground.stan(),
    "90": `0100${fields["11"]}${"0".repeat(32)}`,
  });

  it("N1: a peer that has fallen silent is given up after two echo requests, and what it had asked for stands", async () => {
    const dead = await ground.peer("visa");
    const order = ground.order("visa", card, 30_00);
    await ground.ask(dead, order);

    await dead.closed();
    const again = await ground.ask(await ground.peer("visa"), { ...order, "0": "0101" });

    expect(dead.heard.filter(({ mti }) => mti === "0800").map((echo) => echo.get("70"))).to.deep.equal(["301", "301"]);
    expect([again.get("39"), again.get("38")]).to.deep.equal(["00", dead.heard[0]?.get("38")]);
    expect(await ground.ledger(card)).to.deep.equal(held(30_00n));
  });

  it("N2: frames that come byte by byte, and several in one piece, hold as much as any others", async () => {
    const peer = await ground.peer("generic");
    const orders = [1_00, 2_00, 4_00, 8_00].map((cents) => ground.order("generic", card, cents));

    for (const byte of peer.bytesOf(orders[0] ?? {})) {
      peer.socket.write(Uint8Array.of(byte));
      await pause(0);
    }
    peer.socket.write(Buffer.concat(orders.slice(1).map((order) => peer.bytesOf(order))));
    await peer.message(4);

    expect(peer.heard.map((reply) => reply.get("39"))).to.deep.equal(["00", "00", "00", "00"]);
    expect((await ground.ledger(card)).held).to.equal(15_00n);
  });

  it("N2: half a frame that does not go on ends the connection, and holds nothing", async () => {
    const peer = await ground.peer("generic");
    const bytes = peer.bytesOf(ground.order("generic", card, 30_00));

    peer.socket.write(bytes.subarray(0, bytes.length - 1));

    await peer.closed();
    expect(await ground.ledger(card)).to.deep.equal({ available: 100_00n, held: 0n, holds: [], spentToday: null });
  });

  it("N3: a length of 65,535 ends the connection before anything is set aside for it; others go on", async () => {
    const [hostile, peer] = [await ground.peer("generic"), await ground.peer("generic")];
    const before = process.memoryUsage().arrayBuffers;

    hostile.socket.write(Uint8Array.of(0xff, 0xff));
    await hostile.closed();
    const code = await ground.code(peer, ground.order("generic", card, 30_00));

    expect(process.memoryUsage().arrayBuffers - before).to.be.below(65_535);
    expect(ground.times("framing_error")).to.equal(1);
    expect(code).to.equal("00");
    expect(await ground.ledger(card)).to.deep.equal(held(30_00n));
  });

  it("N4: a field that breaks the format is named (30), and the books stay as they were", async () => {
    const peer = await ground.peer("generic");
    const bytes = Buffer.from(peer.bytesOf(ground.order("generic", card, 25_99)));
    bytes.write("00000000259X", bytes.indexOf("000000002599"), "latin1");

    peer.socket.write(bytes);

    const reply = await peer.message(1);
    expect([reply.mti, reply.get("39"), reply.get("44")]).to.deep.equal(["0110", "30", "004"]);
    expect((await ground.ledger(card)).available).to.equal(100_00n);
  });

  it("N4: ten frames a minute that break the format end the connection, answered or not", async () => {
    const peer = await ground.peer("generic");
    const { "49": _, ...withoutCurrency } = ground.order("generic", card, 25_99);

    for (let no = 0; no < 5; no++) peer.say(withoutCurrency);
    for (let no = 0; no < 5; no++) peer.socket.write(Uint8Array.of(0, 3, 1, 2, 3));

    await peer.closed();
    expect(peer.heard.map((reply) => reply.get("39"))).to.deep.equal(["30", "30", "30", "30", "30"]);
    expect((await ground.ledger(card)).available).to.equal(100_00n);
  });

  it("N6: frames that were recorded and come again in any order move nothing", async () => {
    const peer = await ground.peer("visa");
    const [first, second, third] = [20_00, 10_00, 5_00].map((cents) => ground.order("visa", card, cents));
    if (first === undefined || second === undefined || third === undefined) return expect.fail("three orders");
    const frames = [
      first,
      second,
      undo(second, "0420"),
      { ...third, "0": "0200" },
      { ...first, "0": "0120", "11": ground.stan(), "39": "00" },
    ];
    for (const fields of frames) await ground.ask(peer, fields);
    const before = await ground.ledger(card);

    const replayed = await ground.peer("visa");
    for (const order of [4, 1, 3, 0, 2, 2, 0]) await ground.ask(replayed, frames[order] ?? first);

    expect(await ground.ledger(card)).to.deep.equal(before);
  });

  it("N6: the same key with another amount is answered 94 and moves nothing", async () => {
    const peer = await ground.peer("visa");
    const order = ground.order("visa", card, 30_00);
    await ground.ask(peer, order);

    const code = await ground.code(peer, { ...order, "4": "000000003001" });

    expect(code).to.equal("94");
    expect(await ground.ledger(card)).to.deep.equal(held(30_00n));
  });

  it("N7: sixty-four copies of one message at the same time, on two connections, hold once and are answered alike", async () => {
    const peers = [await ground.peer("visa"), await ground.peer("visa")];
    const order = ground.order("visa", card, 30_00);

    for (let no = 0; no < 64; no++) peers[no % 2]?.say(no < 32 ? order : { ...order, "0": "0101" });
    const replies = (await Promise.all(peers.map((peer) => peer.message(32).then(() => peer.heard)))).flat();

    const answers = new Set(replies.map((reply) => `${reply.get("39")} ${reply.get("38")}`));
    expect([replies.length, answers.size, [...answers][0]?.slice(0, 2)]).to.deep.equal([64, 1, "00"]);
    expect(await ground.ledger(card)).to.deep.equal(held(30_00n));
  });

  it("N8: a peer that does not read its answers is cut off, and the others are served", async () => {
    const slow = await ground.peer("generic");
    slow.socket.pause();
    const order = ground.order("generic", card, 1_00);
    const bytes = Buffer.concat(Array.from({ length: 100 }, () => slow.bytesOf({ ...order, "0": "0620" })));

    for (let round = 0; round < 2_000 && ground.times("slow_reader") === 0; round++) {
      slow.socket.write(bytes);
      await pause(0);
    }
    const code = await ground.code(await ground.peer("generic"), ground.order("generic", card, 30_00));

    expect([ground.times("slow_reader"), code]).to.deep.equal([1, "00"]);
    expect(await ground.ledger(card)).to.deep.equal(held(30_00n));
  });

  it("N10: before the sign-on a purchase is answered 91, advices and reversals by silence, and nothing moves", async () => {
    const peer = await ground.stranger("visa");
    const order = ground.order("visa", card, 30_00);

    peer.say(undo(order, "0420"));
    peer.say({ ...order, "0": "0120" });
    peer.say({ ...order, "0": "0220" });
    const codes = [await ground.code(peer, order), await ground.code(peer, { ...order, "0": "0200" })];

    expect(codes).to.deep.equal(["91", "91"]);
    expect(peer.heard.map(({ mti }) => mti)).to.deep.equal(["0800", "0110", "0210"]);
    expect((await ground.ledger(card)).available).to.equal(100_00n);
  });

  for (const [what, settle, end] of [
    ["a repeat gets the answer that was lost", "0101", held(30_00n)],
    ["a reversal gives back what was held", "0420", { available: 100_00n, held: 0n, holds: [], spentToday: 0n }],
  ] as const) {
    it(`N11: an answer that is lost behind the commit leaves the hold, and ${what}`, async () => {
      const broken = await ground.peer("visa");
      const order = ground.order("visa", card, 30_00);

      broken.say(order);
      broken.socket.resetAndDestroy();
      const peer = await ground.peer("visa");
      for (let tries = 0; (await ground.ledger(card)).held === 0n && tries < 200; tries++) await pause(5);
      const left = await ground.ledger(card);
      const code = await ground.code(peer, settle === "0101" ? { ...order, "0": settle } : undo(order, settle));

      expect([broken.heard, code]).to.deep.equal([[], "00"]);
      expect(left).to.deep.equal(held(30_00n));
      expect(await ground.ledger(card)).to.deep.equal(end);
    });
  }

  it("N13: a sender that gives up and sends 0420 and three times 0421 gets its money back once", async () => {
    const peer = await ground.peer("visa");
    const [order, other] = [ground.order("visa", card, 30_00), ground.order("visa", card, 10_00)];
    const advice = undo(order, "0420");

    for (const fields of [order, other, advice, ...Array.from({ length: 3 }, () => ({ ...advice, "0": "0421" }))]) {
      peer.say(fields);
    }
    await peer.message(6);

    expect(peer.heard.map((reply) => `${reply.mti} ${reply.get("39")}`).sort()).to.deep.equal([
      "0110 00",
      "0110 00",
      "0430 00",
      "0430 00",
      "0430 00",
      "0430 00",
    ]);
    expect(await ground.ledger(card)).to.deep.equal(held(10_00n));
  });
});

describe("flows/network-faults: a flood", () => {
  it("N9: connections beyond those of an address and of the process are reset, and who is signed on is served", async () => {
    const ground = await WireGround.open(
      { limits: { connectionsAPeerMax: 20, signOnWaitMs: 200 } },
      { connectionsMax: 30 },
    );
    const card = await ground.card();
    const peer = await ground.peer("visa");

    const flood = await Promise.all(Array.from({ length: 200 }, () => ground.stranger("mastercard")));
    await peer.until(() => flood.filter(({ isClosed }) => isClosed).length >= 181, "the flood to be turned away");
    const open = ground.sessions;
    const code = await ground.code(peer, ground.order("visa", card, 30_00));
    await peer.until(() => flood.every(({ isClosed }) => isClosed), "those without a sign-on to be closed");
    const after = await ground.peer("mastercard");

    expect([open, code, after.isClosed]).to.deep.equal([20, "00", false]);
    expect(ground.times("refused_connection")).to.equal(181);
    expect(await ground.ledger(card)).to.deep.equal(held(30_00n));
    await ground.close();
  });
});
