import { expect } from "chai";
import type { FaultMode } from "../../simulators/fault-proxy.ts";
import { FaultGround, authorizationCodeOf, codeOf } from "./fault-ground.ts";

describe("simulation/lost answers of Redis", () => {
  let ground: FaultGround;
  before(async function () {
    this.timeout(60_000);
    ground = await FaultGround.open();
  });
  after(() => ground.close());

  const faults: readonly (readonly [string, FaultMode])[] = [
    ["is lost", { kind: "drop-reply" }],
    ["breaks off in the middle", { kind: "half-reply" }],
  ];
  for (const [what, fault] of faults) {
    it(`stays silent where the answer to a committed authorization ${what}; the 0101 gets the stored answer, and there is one hold`, async () => {
      await ground.untilServing();
      const before = await ground.held();
      const purchase = ground.purchase(2_345n);

      ground.proxy.set(fault);
      const first = await ground.ask(purchase);
      const heldAfterSilence = await ground.held();
      await ground.untilServing();
      const repeat = await ground.askAgain(purchase);
      const duplicate = await ground.ask(purchase);

      expect(codeOf(first)).to.equal("silent");
      expect(heldAfterSilence - before).to.equal(2_345n);
      expect(codeOf(repeat)).to.equal("00");
      expect(authorizationCodeOf(repeat)).to.match(/^\d{6}$/);
      expect(duplicate).to.include({ responseCode: "00", authorizationCode: authorizationCodeOf(repeat) });
      expect((await ground.held()) - before).to.equal(2_345n + 100n);
    }).timeout(40_000);
  }

  it("releases by 0421 what was approved without the network ever hearing of it", async () => {
    await ground.untilServing();
    const before = await ground.held();
    const purchase = ground.purchase(777n);
    const stan = ground.nextStan();

    ground.proxy.set({ kind: "drop-reply" });
    const first = await ground.ask(purchase);
    await ground.untilServing();
    ground.proxy.set({ kind: "drop-reply" });
    const advice = await ground.reverse(purchase, "0420", stan);
    await ground.untilServing();
    const repeat = await ground.reverse(purchase, "0421", stan);

    expect([codeOf(first), codeOf(advice), codeOf(repeat)]).to.deep.equal(["silent", "silent", "00"]);
    expect((await ground.held()) - before).to.equal(200n);
  }).timeout(40_000);

  it("answers 91 or nothing while the line to Redis is cut, holds nothing for a 91, and serves again without a restart", async () => {
    await ground.untilServing();
    const before = await ground.held();
    const purchases = Array.from({ length: 40 }, (_, i) => ground.purchase(BigInt(1_000 + i), i));

    const asked = purchases.map((purchase) => ground.ask(purchase));
    ground.proxy.set({ kind: "reset" });
    await ground.untilCut();
    const later = ground.purchase(5_000n);
    const refused = await ground.ask(later);
    const outcomes = (await Promise.all(asked)).map(codeOf);
    ground.proxy.set({ kind: "pass" });
    await ground.untilServing();
    const settled = await Promise.all(purchases.map((purchase) => ground.askAgain(purchase)));

    expect(codeOf(refused)).to.equal("91");
    expect(
      outcomes.every((code) => ["00", "91", "silent"].includes(code)),
      outcomes.join(),
    ).to.equal(true);
    expect(settled.map(codeOf).every((code) => code === "00")).to.equal(true);
    const wanted = purchases.reduce((sum, { amount }) => sum + amount, 0n);
    expect((await ground.held()) - before).to.equal(wanted + 100n);
  }).timeout(40_000);

  it("agrees in journal, records and Redis after all of it", async () => {
    const report = await ground.verified();

    expect(report.openHolds).to.be.above(40);
  }).timeout(40_000);
});
