import { expect } from "chai";
import { type SignOnEvent, type SignOnState, nextSignOnState, signOnTransitions } from "../../src/switch/sign-on.ts";
import { transmissionText } from "../../src/switch/transmission-time.ts";
import { MovableClock } from "../../src/kernel/clock.ts";
import { SwitchUnderTest, linkOf, mastercardPurchase, purchase, reversal, visaPurchase } from "./open-switch.ts";

const header = visaPurchase()["header"] ?? "";

function management(code: string, changes: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { "0": "0800", "7": transmissionText(new MovableClock().wallNow()), "11": "000042", "70": code, ...changes };
}

describe("switch/sign-on", () => {
  let underTest: SwitchUnderTest;

  beforeEach(() => {
    underTest = new SwitchUnderTest();
  });

  afterEach(() => underTest.close());

  const events: readonly SignOnEvent[] = [
    "sign_on_sent",
    "sign_on_accepted",
    "sign_on_refused",
    "peer_signed_on",
    "peer_signed_off",
    "sign_off_sent",
    "sign_off_answered",
  ];
  const walk: Readonly<Record<SignOnState, readonly SignOnState[]>> = {
    signed_off: ["signing_on", "signed_off", "signed_off", "signed_on", "signed_off", "signing_off", "signed_off"],
    signing_on: ["signing_on", "signed_on", "signed_off", "signed_on", "signed_off", "signing_off", "signing_on"],
    signed_on: ["signed_on", "signed_on", "signed_on", "signed_on", "signed_off", "signing_off", "signed_on"],
    signing_off: ["signing_off", "signing_off", "signing_off", "signing_off", "ended", "signing_off", "ended"],
    ended: ["ended", "ended", "ended", "ended", "ended", "ended", "ended"],
  };
  for (const [state, after] of Object.entries(walk)) {
    it(`goes from ${state.replace("_", " ")} only where an event leads`, () => {
      const from = Object.keys(signOnTransitions).find((one): one is SignOnState => one === state);
      if (from === undefined) return expect.fail(`no state ${state}`);

      expect(events.map((event) => nextSignOnState(from, event))).to.deep.equal(after);
    });
  }

  it("signs on by itself, asks for stored advices, and serves from then on", async () => {
    const spec = linkOf("visa");
    const { ports, sessions } = await underTest.open([spec]);
    const peer = await underTest.connectAgain(spec, ports["visa-style"] ?? 0);

    const signOn = await peer.message(1);
    peer.say(visaPurchase());
    const refused = await peer.message(2);
    peer.accept(signOn);
    const stored = await peer.message(3);
    peer.say(visaPurchase());
    const served = await peer.message(4);

    expect([signOn.mti, signOn.get("70"), signOn.header?.destination]).to.deep.equal(["0800", "001", "000000"]);
    expect([refused.mti, refused.get("39")]).to.deep.equal(["0110", "91"]);
    expect([stored.mti, stored.get("70")]).to.deep.equal(["0800", "078"]);
    expect(served.get("39")).to.equal("00");
    expect(sessions().map(({ signOn: state }) => state)).to.deep.equal(["signed_on"]);
    expect(underTest.authorizer.authorizations).to.have.length(1);
  });

  it("lets a peer sign on that is quicker than its answer to us", async () => {
    const spec = linkOf("mastercard");
    const { ports } = await underTest.open([spec]);
    const peer = await underTest.connectAgain(spec, ports["mastercard-style"] ?? 0);
    await peer.message(1);

    peer.say(management("061"));
    peer.say(mastercardPurchase());

    const answer = await peer.message(2);
    expect([answer.mti, answer.get("39"), answer.get("11"), answer.get("70")]).to.deep.equal([
      "0810",
      "00",
      "000042",
      "061",
    ]);
    expect((await peer.message(3)).get("70")).to.equal("060");
    expect((await peer.message(4)).get("39")).to.equal("00");
  });

  it("serves nothing before the peer's sign-on where that is the rule: 91, and silence for a reversal", async () => {
    const peer = await underTest.connect(linkOf("generic", { signOn: "by-them" }));

    peer.say(reversal());
    peer.say(purchase());
    peer.say(management("001"));
    peer.say(purchase());
    await peer.message(3);

    expect(peer.heard.map((reply) => `${reply.mti} ${reply.get("39")}`)).to.deep.equal([
      "0110 91",
      "0810 00",
      "0110 00",
    ]);
    expect(underTest.authorizer.reversals).to.deep.equal([]);
  });

  it("serves nothing after the peer's sign-off until it signs on again", async () => {
    const peer = await underTest.connect(linkOf("visa", { limits: { signOnWaitMs: 30 } }));

    peer.say(management("002", { header }));
    peer.say(visaPurchase());
    await peer.message(2);
    await new Promise((resolve) => setTimeout(resolve, 80));
    peer.say(management("001", { header }));
    peer.say(visaPurchase());
    await peer.message(5);

    expect(peer.heard.map((reply) => `${reply.mti} ${reply.get("39") ?? reply.get("70")}`)).to.deep.equal([
      "0810 00",
      "0110 91",
      "0810 00",
      "0800 078",
      "0110 00",
    ]);
  });

  it("closes a connection on which nobody signs on", async () => {
    const peer = await underTest.connect(linkOf("generic", { signOn: "by-them", limits: { signOnWaitMs: 50 } }));

    await peer.closed();

    expect(underTest.times("sign_on_missing")).to.equal(1);
  });

  it("answers echo requests, before a sign-on too", async () => {
    const peer = await underTest.connect(linkOf("generic", { signOn: "by-them" }));

    peer.say(management("301"));

    const answer = await peer.message(1);
    expect([answer.mti, answer.get("39"), answer.get("70"), answer.get("11")]).to.deep.equal([
      "0810",
      "00",
      "301",
      "000042",
    ]);
  });

  it("asks a quiet peer whether it lives, and takes any answer for life", async () => {
    const peer = await underTest.connect(linkOf("generic", { limits: { echoIdleMs: 50, echoAnswerMs: 500 } }));

    const first = await peer.message(1);
    peer.accept(first);
    const second = await peer.message(2);

    expect([first.mti, first.get("70")]).to.deep.equal(["0800", "301"]);
    expect(second.get("70")).to.equal("301");
    expect(second.get("11")).not.to.equal(first.get("11"));
    expect([peer.isClosed, underTest.times("echo_missed"), underTest.times("unmatched_response")]).to.deep.equal([
      false,
      0,
      0,
    ]);
  });

  it("closes the connection after two echo requests without an answer", async () => {
    const peer = await underTest.connect(linkOf("generic", { limits: { echoIdleMs: 30, echoAnswerMs: 40 } }));

    await peer.closed();

    expect(peer.heard.map((message) => message.get("70"))).to.deep.equal(["301", "301"]);
    expect(underTest.times("echo_missed")).to.equal(2);
    expect(underTest.times("dead_peer")).to.equal(1);
  });

  it("answers 12 for a key exchange, and 30 naming DE70 where there is none", async () => {
    const peer = await underTest.connect(linkOf("visa"));
    const { "70": _, ...withoutCode } = management("001", { header });

    peer.say(management("161", { header }));
    peer.say(withoutCode);

    expect((await peer.message(1)).get("39")).to.equal("12");
    const second = await peer.message(2);
    expect([second.get("39"), second.get("44")]).to.deep.equal(["30", "070"]);
  });

  it("asks for stored advices on a link that serves without a sign-on, and once a peer has signed on", async () => {
    const open = await underTest.connect(linkOf("visa", { signOn: "none" }));
    const theirs = await underTest.connect(linkOf("mastercard", { signOn: "by-them" }));
    theirs.say(management("061"));
    await theirs.message(2);

    expect((await open.message(1)).get("70")).to.equal("078");
    expect(theirs.heard.map((message) => message.get("70"))).to.deep.equal(["061", "060"]);
  });

  it("accepts a group sign-on and sign-off, a request for stored advices and its end", async () => {
    const peer = await underTest.connect(linkOf("mastercard"));

    for (const code of ["063", "060", "363", "270"]) peer.say(management(code));
    await peer.message(4);

    expect(peer.heard.map((reply) => `${reply.mti} ${reply.get("70")} ${reply.get("39")}`)).to.deep.equal([
      "0810 063 00",
      "0810 060 00",
      "0810 363 00",
      "0810 270 00",
    ]);
  });

  it("takes note of a cutover, and serves on", async () => {
    const peer = await underTest.connect(linkOf("visa"));

    peer.say(management("201", { header, "15": "1123" }));
    peer.say(visaPurchase());

    expect((await peer.message(1)).get("39")).to.equal("00");
    expect((await peer.message(2)).get("39")).to.equal("00");
    expect(underTest.times("cutover")).to.equal(1);
  });

  it("answers an advice about the network (0820) and its repeat with 0830", async () => {
    const peer = await underTest.connect(linkOf("generic"));

    peer.say(management("270", { "0": "0820" }));
    peer.say(management("270", { "0": "0821" }));
    await peer.message(2);

    expect(peer.heard.map((reply) => `${reply.mti} ${reply.get("39")}`)).to.deep.equal(["0830 00", "0830 00"]);
    expect(underTest.times("noted")).to.equal(2);
  });

  it("says nothing to a notification, which wants no answer", async () => {
    const peer = await underTest.connect(linkOf("generic"));

    peer.say(management("270", { "0": "0840" }));
    peer.say(purchase());

    expect((await peer.message(1)).mti).to.equal("0110");
    expect(underTest.times("not_served")).to.equal(1);
  });

  it("counts answers to nothing, and does nothing about them", async () => {
    const peer = await underTest.connect(linkOf("generic"));

    peer.say(management("301", { "0": "0810", "39": "00" }));
    peer.say(purchase({ "0": "0110", "39": "00" }));
    peer.say(purchase());

    expect((await peer.message(1)).mti).to.equal("0110");
    expect(underTest.times("unmatched_response")).to.equal(2);
  });
});
