import { expect } from "chai";
import type { Purchase } from "../../simulators/purchase.ts";
import type { Outcome } from "../../simulators/station.ts";
import { FaultGround, authorizationCodeOf, codeOf, pause } from "./fault-ground.ts";

const waveEveryMs = 100;
const waveSize = 8;

describe("simulation/Redis that does not work as it should", () => {
  let ground: FaultGround;
  beforeEach(async function () {
    this.timeout(60_000);
    ground = await FaultGround.open();
    await ground.untilServing();
  });
  afterEach(() => ground.close());

  for (const frozenMs of [100, 1_000, 3_000]) {
    it(`holds exactly what it approved when Redis stands still for ${frozenMs / 1_000} s, and goes on by itself`, async () => {
      const before = await ground.held();
      const redisPid = pidOf(ground);

      process.kill(redisPid, "SIGSTOP");
      const asked = await wavesDuring(frozenMs);
      process.kill(redisPid, "SIGCONT");
      const answers = await Promise.all(
        asked.map(async ({ purchase, outcome }) => ({ purchase, outcome: await outcome })),
      );
      const heldAfter = await ground.held();
      await ground.untilServing();
      const repeats = await Promise.all(answers.map(({ purchase }) => ground.askAgain(purchase)));

      const codes = answers.map(({ outcome }) => codeOf(outcome));
      expect(codes.filter((code) => !["00", "91", "silent"].includes(code))).to.deep.equal([]);
      expect(heldAfter - before, codes.join()).to.equal(approvedIn(answers));
      if (frozenMs > 2_000) expect(codes, "with the breaker open there is an answer at once").to.include("91");
      expect(ground.link.counts.late, "no answer after the deadline").to.equal(0);
      for (const [i, { outcome }] of answers.entries()) {
        if (codeOf(outcome) === "00") {
          expect(repeats[i]).to.include({ authorizationCode: authorizationCodeOf(outcome) });
        }
      }
      await ground.verified();
    }).timeout(40_000);
  }

  it("answers 91 while Redis is full and holds nothing then, but still releases what is reversed", async () => {
    const early = ground.purchase(4_000n);
    const advised = ground.purchase(3_000n);
    expect(codeOf(await ground.ask(early))).to.equal("00");
    expect(codeOf(await ground.ask(advised))).to.equal("00");
    const before = await ground.held();

    await ground.client.config("SET", "maxmemory", "100kb");
    const refused = ground.purchase(1_500n);
    const codes = [
      codeOf(await ground.ask(refused)),
      codeOf(await ground.reverse(early)),
      codeOf(await ground.reverse(advised, "0420")),
    ];
    const heldWhileFull = await ground.held();
    await ground.client.config("SET", "maxmemory", "0");
    await ground.untilServing();
    const repeat = await ground.askAgain(refused);

    expect(codes).to.deep.equal(["91", "00", "00"]);
    expect(before - heldWhileFull).to.equal(7_000n);
    expect(codeOf(repeat)).to.equal("00");
    expect(before - (await ground.held())).to.equal(7_000n - 1_500n - 100n);
    await ground.verified();
  }).timeout(40_000);

  it("answers 91 while Redis is a read-only replica, leaves reversals to store-and-forward, and goes on by itself", async () => {
    const early = ground.purchase(4_000n);
    expect(codeOf(await ground.ask(early))).to.equal("00");
    const before = await ground.held();
    const stan = ground.nextStan();

    await ground.client.replicaof("127.0.0.1", 1);
    const refused = ground.purchase(1_500n);
    const code = codeOf(await ground.ask(refused));
    const reversal = await ground.reverse(early, "0420", stan);
    const heldMeanwhile = await ground.held();
    await ground.client.replicaof("NO", "ONE");
    await ground.untilServing();
    const repeat = await ground.reverse(early, "0421", stan);

    expect(code).to.equal("91");
    expect(codeOf(reversal)).to.equal("silent");
    expect(heldMeanwhile).to.equal(before);
    expect(codeOf(repeat)).to.equal("00");
    expect(before - (await ground.held())).to.equal(4_000n - 100n);
    await ground.verified();
  }).timeout(40_000);

  it("loses no approval when Redis is killed under load, answers 91 or nothing meanwhile, and goes on by itself", async () => {
    const before = await ground.held();
    const purchases = Array.from({ length: 400 }, (_, i) => ground.purchase(BigInt(1_000 + i), i));
    const answered: Promise<{ purchase: Purchase; outcome: Outcome }>[] = [];

    for (const [i, purchase] of purchases.entries()) {
      answered.push(ground.ask(purchase).then((outcome) => ({ purchase, outcome })));
      if (i % 20 === 0) await pause(1);
      if (i === 200) process.kill(pidOf(ground), "SIGKILL");
    }
    const answers = await Promise.all(answered);
    await ground.untilServing();
    const repeats = await Promise.all(answers.map(({ purchase }) => ground.askAgain(purchase)));

    const codes = answers.map(({ outcome }) => codeOf(outcome));
    expect(codes.filter((code) => !["00", "91", "silent"].includes(code))).to.deep.equal([]);
    expect(codes).to.include("91");
    for (const [i, { outcome }] of answers.entries()) {
      expect(codeOf(repeats[i] ?? outcome)).to.equal("00");
      if (codeOf(outcome) === "00") expect(repeats[i]).to.include({ authorizationCode: authorizationCodeOf(outcome) });
    }
    const wanted = purchases.reduce((sum, { amount }) => sum + amount, 0n);
    expect((await ground.held()) - before).to.equal(wanted + 100n);
    await ground.verified();
  }).timeout(40_000);

  /** Purchases in waves for so long. */
  async function wavesDuring(ms: number): Promise<{ purchase: Purchase; outcome: Promise<Outcome> }[]> {
    const asked: { purchase: Purchase; outcome: Promise<Outcome> }[] = [];
    for (let passed = 0; passed < ms; passed += waveEveryMs) {
      for (let i = 0; i < waveSize; i++) {
        const purchase = ground.purchase(BigInt(1_000 + asked.length), asked.length);
        asked.push({ purchase, outcome: ground.ask(purchase) });
      }
      await pause(waveEveryMs);
    }
    return asked;
  }
});

function approvedIn(answers: readonly { purchase: Purchase; outcome: Outcome }[]): bigint {
  return answers.reduce((sum, { purchase, outcome }) => sum + (codeOf(outcome) === "00" ? purchase.amount : 0n), 0n);
}

function pidOf({ redis }: FaultGround): number {
  return redis.pid ?? expect.fail("Redis is running");
}
