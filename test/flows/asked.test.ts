import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import type { AskPlatform } from "../../src/authorizer/ask-platform.ts";
import { type AskAnswer, askedMessageOf } from "../../src/authorizer/resolve.ts";
import type { Place } from "../../src/kernel/ids.ts";
import { minor } from "../../src/kernel/money.ts";
import { setAsking } from "../../src/resources/accounts/accounts.ts";
import { unpackEntry } from "../../src/store/journal-entry.ts";
import type { ScriptedPeer } from "../switch/scripted-peer.ts";
import { type FlowCard, WireGround } from "./wire-ground.ts";

const inFull: AskAnswer = { reason: "webhook_approved", amount: null, details: "" };

describe("flows/asked", () => {
  let ground: WireGround;
  let peer: ScriptedPeer;
  let card: FlowCard;
  let answer: AskAnswer | null = inFull;
  let takesMs = 0;
  let asked = 0;

  const endpoint: AskPlatform = {
    ask: (place, _deadlineMs, done) => {
      asked++;
      void say(place, done);
    },
  };

  async function say(place: Place, done: (isResolved: boolean) => void): Promise<void> {
    const { access, engine } = ground.test;
    await sleep(takesMs);
    await access.caughtUp(place.shard);
    const bytes = access.queries.entryBytes(place) ?? expect.fail("no entry");
    const entry = unpackEntry(place.shard, place.no, bytes);
    if (answer === null || entry.kind !== "authorization") return;
    await engine.authorizer.resolve(askedMessageOf(entry), answer);
    done(true);
  }

  before(async () => {
    ground = await WireGround.open({ allowsPartial: true }, {}, endpoint);
  });

  after(() => ground.close());

  beforeEach(async () => {
    [answer, takesMs, asked] = [inFull, 0, 0];
    card = await ground.card();
    await setAsking(ground.test.access.program, card.account, { asksPlatform: true, approvesByDefault: false });
    peer = await ground.peer("visa");
  });

  it("answers 00 when the endpoint approves, and holds the amount", async () => {
    const reply = await ground.ask(peer, ground.order("visa", card, 40_00));

    expect([reply.get("39"), reply.get("38")]).to.satisfy(([code, approval]: string[]) => code === "00" && approval);
    expect(await ground.ledger(card)).to.include({ available: 60_00n, held: 40_00n, spentToday: 40_00n });
  });

  it("answers 05 when the endpoint declines, and holds nothing", async () => {
    answer = { reason: "webhook_declined", amount: null, details: "" };

    expect(await ground.code(peer, ground.order("visa", card, 40_00))).to.equal("05");
    expect(await ground.ledger(card)).to.include({ available: 100_00n, held: 0n, spentToday: 0n });
  });

  it("answers 10 with the part that the endpoint grants", async () => {
    answer = { reason: "webhook_approved", amount: minor(15_00), details: "" };

    const reply = await ground.ask(peer, ground.order("visa", card, 40_00));

    expect([reply.get("39"), reply.get("4")]).to.deep.equal(["10", "000000001500"]);
    expect((await ground.ledger(card)).holds).to.deep.equal([15_00n]);
  });

  it("still answers after the time of an ordinary decision, as the endpoint has more", async () => {
    takesMs = 1_650;

    expect(await ground.code(peer, ground.order("visa", card, 40_00))).to.equal("00");
  });

  it("answers by the account's default when the endpoint says nothing", async () => {
    answer = null;

    expect(await ground.code(peer, ground.order("visa", card, 40_00))).to.equal("05");
    expect(await ground.ledger(card)).to.include({ available: 100_00n, held: 0n });
  });

  it("answers a 0101 that comes meanwhile with its 0100, and asks once", async () => {
    takesMs = 300;
    const order = ground.order("visa", card, 40_00);

    peer.say(order);
    await sleep(50);
    peer.say({ ...order, "0": "0101" });

    const codes = (): (string | undefined)[] =>
      peer.heard.filter((reply) => reply.get("11") === order["11"]).map((reply) => reply.get("39"));
    await peer.until(() => codes().length === 2, "both answers", 5_000);
    expect(codes()).to.deep.equal(["00", "00"]);
    expect(asked).to.equal(1);
    expect((await ground.ledger(card)).holds).to.deep.equal([40_00n]);
  });

  it("takes a 0420 that comes meanwhile for the end of it, and the 0100 gets 94", async () => {
    takesMs = 300;
    const order = ground.order("visa", card, 40_00);

    peer.say(order);
    await sleep(50);
    const reversed = await ground.code(peer, {
      ...order,
      "0": "0420",
      "90": `0100${order["11"]}${order["7"] ?? "1122101500"}${"0".repeat(22)}`,
    });

    await peer.until(() => peer.heard.some((reply) => reply.mti === "0110"), "an answer to the 0100", 5_000);
    expect(reversed).to.equal("00");
    expect(peer.heard.find((reply) => reply.mti === "0110")?.get("39")).to.equal("94");
    expect(await ground.ledger(card)).to.include({ available: 100_00n, held: 0n });
  });
});
