import { expect } from "chai";
import { FaultGround, authorizationCodeOf, codeOf, pause } from "./fault-ground.ts";

describe("simulation/a slow or dead line to Redis", () => {
  let ground: FaultGround;
  beforeEach(async function () {
    this.timeout(60_000);
    ground = await FaultGround.open();
    await ground.untilServing();
  });
  afterEach(() => ground.close());

  it("says nothing where the decision comes back after the deadline, and gives it to the 0101", async () => {
    const before = await ground.held();
    const purchase = ground.purchase(6_200n);

    ground.proxy.set({ kind: "delay", ms: 900 });
    const first = await ground.ask(purchase);
    const heldAfterSilence = await ground.held();
    ground.proxy.set({ kind: "pass" });
    await ground.untilServing();
    const repeats = [await ground.askAgain(purchase), await ground.askAgain(purchase)];

    expect(codeOf(first)).to.equal("silent");
    expect(heldAfterSilence - before).to.equal(6_200n);
    expect(repeats.map(codeOf)).to.deep.equal(["00", "00"]);
    expect(new Set(repeats.map(authorizationCodeOf)).size).to.equal(1);
    expect((await ground.held()) - before).to.equal(6_200n + 100n);
    expect(ground.link.counts.late).to.equal(0);
    await ground.verified();
  }).timeout(40_000);

  it("holds nothing for a request that reaches Redis after its deadline, which the network has given up by then", async () => {
    const before = await ground.held();
    const purchase = ground.purchase(6_300n);

    ground.proxy.set({ kind: "delay", ms: 2_200 });
    const first = await ground.ask(purchase);
    await pause(2_500);
    ground.proxy.set({ kind: "pass" });
    const heldAfterArrival = await ground.held();
    await ground.untilServing();
    const advice = await ground.reverse(purchase, "0420");
    const late = await ground.askAgain(purchase);

    expect(codeOf(first)).to.equal("silent");
    expect(heldAfterArrival).to.equal(before);
    expect(codeOf(advice)).to.equal("00");
    expect(codeOf(late)).to.equal("94");
    expect((await ground.held()) - before).to.equal(100n);
    expect(ground.link.counts.late).to.equal(0);
    await ground.verified();
  }).timeout(40_000);

  it("finds a new line by itself when the old one swallows everything and never breaks", async () => {
    const before = await ground.held();
    const purchases = Array.from({ length: 8 }, (_, i) => ground.purchase(1_000n, i));

    const [first = -1] = ground.proxy.connections();
    expect(ground.proxy.setConnection(first, { kind: "blackhole" })).to.equal(true);
    const outcomes = await Promise.all(purchases.map((purchase) => ground.ask(purchase)));
    const heldMeanwhile = await ground.held();
    await ground.untilServing();
    const repeats = await Promise.all(purchases.map((purchase) => ground.askAgain(purchase)));

    const codes = outcomes.map(codeOf);
    expect(codes.filter((code) => code !== "silent" && code !== "91")).to.deep.equal([]);
    expect(codes).to.include("silent");
    expect(heldMeanwhile).to.equal(before);
    expect(new Set(repeats.map(codeOf))).to.deep.equal(new Set(["00"]));
    expect((await ground.held()) - before).to.equal(8_000n + 100n);
    await ground.verified();
  }).timeout(40_000);
});
