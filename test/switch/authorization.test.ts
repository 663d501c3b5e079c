import { expect } from "chai";
import type { AuthorizationDecision } from "../../src/authorizer/decision.ts";
import { MovableClock } from "../../src/kernel/clock.ts";
import { transmissionText } from "../../src/switch/transmission-time.ts";
import { SwitchUnderTest, approval, linkOf, mastercardPurchase, purchase, visaPurchase } from "./open-switch.ts";
import { pause } from "./scripted-peer.ts";

const stored = { shard: 0, journalNo: 1, isDuplicate: false } as const;

describe("switch/authorization", () => {
  let underTest: SwitchUnderTest;

  beforeEach(() => {
    underTest = new SwitchUnderTest();
  });

  afterEach(() => underTest.close());

  it("answers a purchase with the decision and the fields by which its sender knows it again", async () => {
    const peer = await underTest.connect(linkOf("generic"));
    const request = purchase();

    peer.say(request);

    const reply = await peer.message(1);
    expect(reply.toJSON()).to.deep.equal({
      "0": "0110",
      "2": request["2"],
      "3": "000000",
      "4": "000000002599",
      "7": request["7"],
      "11": "000501",
      "12": "120000",
      "13": "1122",
      "19": "826",
      "25": "00",
      "32": "400005",
      "37": "632612000501",
      "38": "123456",
      "39": "00",
      "41": "T0000501",
      "42": "STORE-000000501",
      "49": "826",
    });
  });

  it("answers a visa-style purchase to the station it came from, with its transaction id", async () => {
    const peer = await underTest.connect(linkOf("visa"));

    peer.say(visaPurchase());

    const reply = await peer.message(1);
    expect(reply.header).to.include({ destination: "000000", source: "412345" });
    expect([reply.mti, reply.get("39"), reply.get("38"), reply.get("62.2")]).to.deep.equal([
      "0110",
      "00",
      "123456",
      "306326584712345",
    ]);
  });

  it("answers a mastercard-style purchase with its network data", async () => {
    const peer = await underTest.connect(linkOf("mastercard"));

    peer.say(mastercardPurchase());

    const reply = await peer.message(1);
    expect([reply.mti, reply.get("39"), reply.get("63"), reply.get("15")]).to.deep.equal([
      "0110",
      "00",
      "MCCBN123456 ",
      "1122",
    ]);
  });

  it("passes a repeat (0101) on as the same request, and answers it with 0110", async () => {
    const peer = await underTest.connect(linkOf("generic"));

    peer.say(purchase());
    peer.say(purchase({ "0": "0101" }));

    expect((await peer.message(2)).mti).to.equal("0110");
    const [first, second] = underTest.authorizer.authorizations;
    expect({ ...second, wallNowMs: 0, businessNowMs: 0, deadlineMs: 0 }).to.deep.equal({
      ...first,
      wallNowMs: 0,
      businessNowMs: 0,
      deadlineMs: 0,
    });
  });

  const answers: readonly (readonly [string, AuthorizationDecision, string])[] = [
    ["insufficient funds", { ...stored, outcome: "declined", check: "insufficient_funds" }, "51"],
    ["a limit", { ...stored, outcome: "declined", check: "limit" }, "61"],
    ["an expired card", { ...stored, outcome: "declined", check: "card_expired" }, "54"],
    ["an unknown PAN", { outcome: "unknown_pan" }, "14"],
    ["the same key with other contents", { outcome: "conflict" }, "94"],
    ["a reversal that came first", { ...stored, outcome: "reversed_before" }, "94"],
    ["a currency without a rate", { outcome: "unsupported_currency" }, "12"],
    ["a store that is known not to have committed", { outcome: "refused", cause: "not connected" }, "91"],
  ];
  for (const [what, decision, code] of answers) {
    it(`answers ${code} for ${what}, without an authorization code`, async () => {
      const peer = await underTest.connect(linkOf("generic"));
      underTest.authorizer.decide = (_, done) => done(decision);

      peer.say(purchase());

      const reply = await peer.message(1);
      expect([reply.get("39"), reply.get("38")]).to.deep.equal([code, undefined]);
    });
  }

  it("says nothing where the outcome is unknown, and serves the next request", async () => {
    const peer = await underTest.connect(linkOf("generic"));
    underTest.authorizer.decide = (request, done) =>
      done(request.stan === "000501" ? { outcome: "unknown", cause: "timeout" } : approval());

    peer.say(purchase());
    peer.say(purchase({ "11": "000777" }));

    expect((await peer.message(1)).get("11")).to.equal("000777");
    expect(underTest.times("silent")).to.equal(1);
  });

  it("never answers 91 to a repeat (0101): the message itself may have been approved, and only its answer lost", async () => {
    const peer = await underTest.connect(linkOf("generic", { limits: { inFlightMax: 1 } }));
    const waiting: ((decision: AuthorizationDecision) => void)[] = [];
    underTest.authorizer.decide = (_, done) => void waiting.push(done);

    peer.say(purchase({ "0": "0101" }));
    peer.say(purchase({ "0": "0101", "11": "000502" }));
    await peer.until(() => waiting.length === 1 && underTest.times("shed") === 1, "one repeat beyond the limit");
    waiting[0]?.({ outcome: "refused", cause: "not connected" });
    underTest.authorizer.decide = (_, done) => done(approval());
    peer.say(purchase({ "0": "0101", "11": "000777" }));

    const first = await peer.message(1);
    expect([first.get("11"), first.get("39")]).to.deep.equal(["000777", "00"]);
    expect(underTest.times("silent")).to.equal(1);
  });

  it("drops an approval that comes after the deadline, and counts it", async () => {
    const peer = await underTest.connect(linkOf("generic", { limits: { decisionMs: 250 } }));
    underTest.authorizer.decide = (request, done) =>
      void setTimeout(() => done(approval()), request.stan === "000501" ? 320 : 0);

    peer.say(purchase());
    await pause(380);
    peer.say(purchase({ "11": "000777" }));

    expect((await peer.message(1)).get("11")).to.equal("000777");
    expect(underTest.times("late")).to.equal(1);
  });

  it("still answers 91 after our deadline where nothing was committed and the network waits", async () => {
    const peer = await underTest.connect(linkOf("generic", { limits: { decisionMs: 20 } }));
    underTest.authorizer.decide = (_, done) => void setTimeout(() => done({ outcome: "expired_deadline" }), 50);

    peer.say(purchase());

    expect((await peer.message(1)).get("39")).to.equal("91");
  });

  it("says nothing once the network has stopped waiting, whatever the decision", async () => {
    const limits = { decisionMs: 20, networkWaitMs: 40 };
    const peer = await underTest.connect(linkOf("generic", { limits }));
    underTest.authorizer.decide = (_, done) => void setTimeout(() => done({ outcome: "expired_deadline" }), 90);

    peer.say(purchase());
    await pause(140);

    expect(peer.heard).to.deep.equal([]);
    expect(underTest.times("late")).to.equal(1);
  });

  it("counts the deadline from the first byte of the frame, not from its last", async () => {
    const peer = await underTest.connect(linkOf("generic"));
    const bytes = peer.bytesOf(purchase());
    const beforeMs = new MovableClock().wallNow();

    peer.socket.write(bytes.subarray(0, 1));
    await pause(200);
    peer.socket.write(bytes.subarray(1));
    await peer.message(1);

    const [request] = underTest.authorizer.authorizations;
    expect(request?.wallNowMs).to.be.within(beforeMs, beforeMs + 150);
    expect((request?.deadlineMs ?? 0) - (request?.wallNowMs ?? 0)).to.equal(1_500);
  });

  for (const [what, code] of [
    ["a change of the PIN", "920000"],
    ["a transfer between accounts", "402010"],
    ["a deposit", "210000"],
  ] as const) {
    it(`answers 12 for ${what} and asks nobody`, async () => {
      const peer = await underTest.connect(linkOf("generic"));

      peer.say(purchase({ "3": code }));

      expect((await peer.message(1)).get("39")).to.equal("12");
      expect(underTest.authorizer.authorizations).to.deep.equal([]);
    });
  }

  it("answers 12 for a type of message that stands in no table", async () => {
    const peer = await underTest.connect(linkOf("generic"));

    peer.say(purchase({ "0": "0500" }));

    const reply = await peer.message(1);
    expect([reply.mti, reply.get("39"), reply.get("11")]).to.deep.equal(["0510", "12", "000501"]);
    expect(underTest.times("not_served")).to.equal(1);
  });

  it("answers 92 for a PAN that the link may not speak for", async () => {
    const peer = await underTest.connect(linkOf("generic", { bins: ["40000027", "40000084"] }));

    peer.say(purchase({ "2": "4000008212345678" }));
    peer.say(purchase({ "2": "4000008412345678" }));

    expect((await peer.message(1)).get("39")).to.equal("92");
    expect((await peer.message(2)).get("39")).to.equal("00");
    expect(underTest.authorizer.authorizations).to.have.length(1);
  });

  it("answers 94 for a DE7 that is more than an hour old on a network's link, and not on a plain one", async () => {
    const old = transmissionText(new MovableClock().wallNow() - 3_602_000);
    const recent = transmissionText(new MovableClock().wallNow() - 3_500_000);
    const visa = await underTest.connect(linkOf("visa"));
    const plain = await underTest.connect(linkOf("generic"));

    visa.say(visaPurchase({ "7": old }));
    visa.say(visaPurchase({ "7": recent }));
    plain.say(purchase({ "7": old }));

    expect((await visa.message(1)).get("39")).to.equal("94");
    expect((await visa.message(2)).get("39")).to.equal("00");
    expect((await plain.message(1)).get("39")).to.equal("00");
  });

  it("never answers 94 to a repeat (0101) for its DE7, however old: it gets the first answer", async () => {
    const old = transmissionText(new MovableClock().wallNow() - 7_200_000);
    const peer = await underTest.connect(linkOf("visa"));

    peer.say(visaPurchase({ "0": "0101", "7": old }));
    peer.say(visaPurchase({ "0": "0101", "7": "1340256199", "11": "000502" }));

    expect((await peer.message(1)).get("39")).to.equal("00");
    expect((await peer.message(2)).get("44")).to.equal("007");
    expect(underTest.authorizer.authorizations.map(({ stan }) => stan)).to.deep.equal(["000501"]);
  });

  it("turns away at once with 91 what is beyond the limit in flight, and takes up again when there is room", async () => {
    const peer = await underTest.connect(linkOf("generic", { limits: { inFlightMax: 2 } }));
    const waiting: ((decision: AuthorizationDecision) => void)[] = [];
    underTest.authorizer.decide = (_, done) => void waiting.push(done);

    for (const stan of ["000001", "000002", "000003"]) peer.say(purchase({ "11": stan }));
    const shed = await peer.message(1);
    for (const done of waiting.splice(0)) done(approval());
    await peer.message(3);
    peer.say(purchase({ "11": "000004" }));
    await peer.until(() => waiting.length === 1, "the fourth request to be passed on");

    expect([shed.get("11"), shed.get("39")]).to.deep.equal(["000003", "91"]);
    expect(underTest.times("shed")).to.equal(1);
  });

  it("holds all links together to the limit of the process", async () => {
    const [visa, plain] = [linkOf("visa"), linkOf("generic")];
    const { ports } = await underTest.open([visa, plain], { inFlightMax: 1 });
    underTest.authorizer.decide = () => undefined;
    const first = await underTest.connectAgain(visa, ports["visa-style"] ?? 0);
    first.accept(await first.message(1));
    const second = await underTest.connectAgain(plain, ports["generic"] ?? 0);

    first.say(visaPurchase());
    await first.until(() => underTest.authorizer.authorizations.length === 1, "the first request");
    second.say(purchase());

    expect((await second.message(1)).get("39")).to.equal("91");
  });

  it("keeps no memory of a request that was never decided", async () => {
    const spec = linkOf("generic", { limits: { decisionMs: 90, networkWaitMs: 100, inFlightMax: 1 } });
    const { inFlight, ports } = await underTest.open([spec]);
    const peer = await underTest.connectAgain(spec, ports["generic"] ?? 0);
    underTest.authorizer.decide = () => undefined;

    peer.say(purchase());
    await peer.until(() => underTest.times("silent") === 1, "the request to be given up");
    underTest.authorizer.decide = (_, done) => done(approval());
    peer.say(purchase({ "11": "000777" }));

    expect((await peer.message(1)).get("11")).to.equal("000777");
    expect(inFlight()).to.equal(0);
  });

  it("tells how one request came through, stage by stage", async () => {
    const peer = await underTest.connect(linkOf("generic"));

    peer.say(purchase());
    await peer.message(1);

    const [trace] = underTest.traces;
    expect(trace).to.include({ link: "generic", mti: "0100", stan: "000501", outcome: "approved", responseCode: "00" });
    expect(trace?.askedAt).to.be.at.least(trace?.receivedAt ?? Number.NaN);
    expect(trace?.decidedAt).to.be.at.least(trace?.askedAt ?? Number.NaN);
    expect(trace?.answeredAt).to.be.at.least(trace?.decidedAt ?? Number.NaN);
    expect(underTest.latencies).to.have.length(1);
  });
});
