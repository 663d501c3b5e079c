import { expect } from "chai";
import { SwitchUnderTest, linkOf, purchase } from "./open-switch.ts";
import { ScriptedPeer } from "./scripted-peer.ts";

describe("switch/authorization", () => {
  const underTest = new SwitchUnderTest();
  const peers: ScriptedPeer[] = [];

  afterEach(async () => {
    for (const peer of peers.splice(0)) peer.close();
    await underTest.close();
  });

  it("answers a purchase with the decision and the fields by which its sender knows it again", async () => {
    const spec = linkOf("generic");
    const { ports } = await underTest.open([spec]);
    const peer = await ScriptedPeer.connectTo(spec, ports["generic"] ?? 0);
    peers.push(peer);
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
});
