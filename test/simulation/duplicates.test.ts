import { expect } from "chai";
import { networkSides } from "../../simulators/sides.ts";
import { ScriptedPeer } from "../switch/scripted-peer.ts";
import { FaultGround } from "./fault-ground.ts";

const rounds = 40;
const copiesEach = 32;

describe("simulation/duplicates", () => {
  let ground: FaultGround;
  before(async function () {
    this.timeout(60_000);
    ground = await FaultGround.open();
  });
  after(() => ground.close());

  it("holds once for 64 copies of a 0100 that arrive at the same time on two connections, and answers all of them alike", async () => {
    const peers = await Promise.all([0, 1].map(() => ScriptedPeer.connectTo(ground.spec, ground.port)));
    const before = await ground.held();
    let wanted = 0n;

    for (let round = 0; round < rounds; round++) {
      const purchase = ground.purchase(BigInt(100 + round), round);
      wanted += purchase.amount;
      const fields = networkSides.generic.request(purchase, "0100", purchase.startedMs);
      for (const peer of peers) {
        const copy = peer.bytesOf(fields);
        peer.heard.length = 0;
        peer.socket.write(Buffer.concat(Array.from({ length: copiesEach }, () => copy)));
      }
      for (const peer of peers) await peer.until(() => peer.heard.length === copiesEach, "every answer", 15_000);

      const answers = peers.flatMap(({ heard }) => heard.map((m) => `${m.mti} ${m.get("39")} ${m.get("38")}`));
      expect(new Set(answers).size, answers.join()).to.equal(1);
      expect(answers[0]).to.match(/^0110 00 \d{6}$/);
    }

    expect((await ground.held()) - before).to.equal(wanted);
    expect((await ground.verified()).openHolds).to.equal(rounds);
    for (const peer of peers) peer.close();
  }).timeout(60_000);

  it("gives a 0101 and a duplicate that race the original the same answer, and lets one copy of a reversal release it once", async () => {
    const peers = await Promise.all([0, 1].map(() => ScriptedPeer.connectTo(ground.spec, ground.port)));
    const [left, right] = peers;
    if (left === undefined || right === undefined) return expect.fail("two connections");
    const before = await ground.held();

    for (let round = 0; round < rounds; round++) {
      const purchase = ground.purchase(BigInt(500 + round), round);
      const side = networkSides.generic;
      const undo = {
        purchase,
        of: "0100",
        stan: ground.nextStan(),
        cause: "customer",
        replacement: null,
        authorizationCode: null,
      } as const;
      for (const peer of peers) peer.heard.length = 0;
      left.say(side.request(purchase, "0100", purchase.startedMs));
      right.say(side.request(purchase, "0101", purchase.startedMs + 1_000));
      for (const peer of peers) await peer.until(() => peer.heard.length === 1, "an answer each", 15_000);
      for (const peer of peers) for (let i = 0; i < 8; i++) peer.say(side.reversal(undo, "0400", purchase.startedMs));
      for (const peer of peers) await peer.until(() => peer.heard.length === 9, "nine answers each", 15_000);

      expect(left.heard[0]?.get("38")).to.equal(right.heard[0]?.get("38"));
      const codes = peers.flatMap(({ heard }) => heard.map((m) => m.get("39")));
      expect(new Set(codes)).to.deep.equal(new Set(["00"]));
    }

    expect(await ground.held()).to.equal(before);
    await ground.verified();
    for (const peer of peers) peer.close();
  }).timeout(60_000);
});
