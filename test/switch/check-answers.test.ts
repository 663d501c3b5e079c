import { expect } from "chai";
import { SwitchUnderTest, linkOf, mastercardPurchase, purchase, visaPurchase } from "./open-switch.ts";

describe("switch/check-answers", () => {
  let underTest: SwitchUnderTest;

  beforeEach(() => {
    underTest = new SwitchUnderTest();
  });

  afterEach(() => underTest.close());

  it("says in visa-style DE44 that address and CVV2 were not compared, where they were sent", async () => {
    const peer = await underTest.connect(linkOf("visa"));
    const [address, code] = [{ "123": "ABC" }, { "126.10": "11 123" }];

    peer.say(visaPurchase({ ...address, ...code, "11": "000001" }));
    peer.say(visaPurchase({ ...code, "11": "000002" }));
    peer.say(visaPurchase({ ...address, "11": "000003", "0": "0200" }));
    peer.say(visaPurchase({ "126.10": "90    ", "11": "000004" }));
    await peer.message(4);

    expect(peer.heard.map((reply) => `${reply.get("44.2")?.trim()}/${reply.get("44.10")}`)).to.deep.equal([
      "U/P",
      "/P",
      "U/undefined",
      "undefined/undefined",
    ]);
  });

  it("says so in mastercard-style DE48.83 and DE48.87, under the category of the request", async () => {
    const peer = await underTest.connect(linkOf("mastercard"));

    peer.say(
      mastercardPurchase({ "48.TCC": "T", "48.92": "123", "120.01": "12345    12 HIGH STREET", "11": "000001" }),
    );
    peer.say(mastercardPurchase({ "48.92": "123", "11": "000002" }));
    peer.say(mastercardPurchase({ "11": "000003" }));
    await peer.message(3);

    expect(peer.heard.map((reply) => reply.get("48"))).to.deep.equal(["T8301U8701P", "R8701P", undefined]);
  });

  it("says nothing of checks on a plain link, in a format error, or to an advice", async () => {
    const plain = await underTest.connect(linkOf("generic"));
    const visa = await underTest.connect(linkOf("visa"));
    const { "49": _, ...withoutCurrency } = visaPurchase({ "126.10": "11 123" });

    plain.say(purchase({ "123": "ABC" }));
    visa.say(withoutCurrency);
    visa.say(visaPurchase({ "0": "0120", "126.10": "11 123" }));

    expect((await plain.message(1)).get("44")).to.equal(undefined);
    expect((await visa.message(1)).get("44")).to.equal("049");
    expect((await visa.message(2)).get("44")).to.equal(undefined);
  });
});
