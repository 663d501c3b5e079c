import { expect } from "chai";
import { wirePan } from "../../src/kernel/pan.ts";
import { AskedBefore } from "../../src/switch/asked-before.ts";
import { SwitchUnderTest, linkOf, purchase } from "./open-switch.ts";

const message = {
  network: "visa",
  pan: wirePan("4000008412345678"),
  stan: "000123",
  acquirer: "400001",
  rrn: "632912345678",
} as const;
const numbered = (no: number): typeof message => ({ ...message, stan: String(no) as "000123" });

describe("switch/asked-before", () => {
  it("knows a request by network, PAN, DE11, DE32 and DE37", () => {
    const asked = new AskedBefore();
    const first = asked.note(message);

    expect([first, asked.note({ ...message }), asked.has(message)]).to.deep.equal([false, true, true]);
    expect(asked.has({ ...message, network: "mastercard" })).to.equal(false);
    expect(asked.has({ ...message, pan: wirePan("4000008412345679") })).to.equal(false);
    expect(asked.has({ ...message, stan: "000124" })).to.equal(false);
    expect(asked.has({ ...message, acquirer: "40000", rrn: "1632912345678" })).to.equal(false);
  });

  it("forgets what is known not to have been decided, and nothing else", () => {
    const asked = new AskedBefore(4);
    for (let no = 0; no < 4; no++) asked.note(numbered(no));

    asked.forget(numbered(1));

    expect([0, 1, 2, 3].map((no) => asked.has(numbered(no)))).to.deep.equal([true, false, true, true]);
  });

  it("remembers so many requests at least, twice as many at most, and the latest always", () => {
    const asked = new AskedBefore(1_024);
    for (let no = 0; no < 10_000; no++) {
      asked.note(numbered(no));
      if (no >= 1_024) expect(asked.has(numbered(no - 1_023))).to.equal(true);
    }

    let known = 0;
    for (let no = 0; no < 10_000; no++) if (asked.has(numbered(no))) known++;
    expect(known).to.be.within(1_024, 2_048);
  });

  describe("on a link", () => {
    let underTest: SwitchUnderTest;

    beforeEach(() => {
      underTest = new SwitchUnderTest();
    });

    afterEach(() => underTest.close());

    const refused = { outcome: "refused", cause: "breaker open" } as const;

    for (const type of ["0100", "0200"]) {
      it(`keeps silent about a ${type} that is sent again as it was while the store is down`, async () => {
        const peer = await underTest.connect(linkOf("generic"));
        peer.say(purchase({ "0": type }));
        await peer.message(1);
        underTest.authorizer.decide = (_, done) => done(refused);
        underTest.authorizer.charge = (_, done) => done(refused);

        peer.say(purchase({ "0": type }));
        peer.say(purchase({ "0": type, "11": "000502" }));
        peer.say(purchase({ "0": type, "11": "000502" }));

        await peer.message(3);
        expect(peer.heard.map((reply) => `${reply.get("11")} ${reply.get("39")}`)).to.deep.equal([
          "000501 00",
          "000502 91",
          "000502 91",
        ]);
      });
    }

    it("keeps silent about a 0100 that is sent again as it was where there is no room for more", async () => {
      const peer = await underTest.connect(linkOf("generic", { limits: { inFlightMax: 1 } }));
      underTest.authorizer.decide = () => undefined;

      peer.say(purchase());
      peer.say(purchase());
      peer.say(purchase({ "11": "000502" }));

      expect((await peer.message(1)).get("11")).to.equal("000502");
      expect(peer.heard[0]?.get("39")).to.equal("91");
    });
  });
});
