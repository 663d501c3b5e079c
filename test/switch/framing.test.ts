import { expect } from "chai";
import { type LinkFraming, linkFramings } from "../../specs/links.ts";
import { framingNamed, framings } from "../../src/iso8583/public.ts";
import { SwitchUnderTest, linkOf, purchase } from "./open-switch.ts";

describe("switch/framing", () => {
  let underTest: SwitchUnderTest;

  beforeEach(() => {
    underTest = new SwitchUnderTest();
  });

  afterEach(() => underTest.close());

  it("offers a link every framing of the codec", () => {
    for (const name of Object.keys(framings)) expect(linkFramings).to.include(name);
    for (const name of linkFramings) expect(framingNamed(name), name).to.not.equal(null);
  });

  for (const framing of linkFramings) {
    it(`answers two purchases in a row in frames of ${framing}`, async () => {
      const peer = await underTest.connect(linkOf("generic", { framing, limits: { frameBytesMax: 400 } }));

      peer.say(purchase());
      peer.say({ ...purchase(), "11": "000502", "37": "632612000502" });

      expect([(await peer.message(1)).get("11"), (await peer.message(2)).get("11")]).to.have.members([
        "000501",
        "000502",
      ]);
      expect(underTest.times("framing_error")).to.equal(0);
    });
  }

  const unfit: readonly [LinkFraming, "generic" | "visa", string][] = [
    ["ascii-digits-3", "generic", '"limits.frameBytesMax" has to be at most 487 where "framing" is ascii-digits-3'],
    ["etx", "visa", '"framing" etx is for messages of text, and those of visa-style have bytes'],
  ];
  for (const [framing, network, complaint] of unfit) {
    it(`does not open a ${network} link of ${framing} that could not carry its messages`, async () => {
      const opened = await underTest.open([linkOf(network, { framing })]).catch((error: Error) => error.message);

      expect(opened).to.include(complaint);
    });
  }
});
