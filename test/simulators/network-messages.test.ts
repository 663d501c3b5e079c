import { expect } from "chai";
import type { NetworkSide } from "../../simulators/network-side.ts";
import { type Advice, type Asks, type Purchase, type WireFields, plainGoods } from "../../simulators/purchase.ts";
import { networkSides } from "../../simulators/sides.ts";
import { WireCodec } from "../../simulators/wire-codec.ts";
import { must } from "../../src/kernel/assert.ts";
import { minor } from "../../src/kernel/money.ts";
import { grocer, purchaseOf, startMs } from "./small-purchase.ts";

const networks = ["visa", "mastercard", "generic"] as const;

describe("simulators/network-messages", () => {
  for (const network of networks) {
    const side = networkSides[network];

    it(`says by DE3 what a cardholder gets: goods, cash, both, money back, or an answer (${network})`, () => {
      const codes = (["goods", "cash", "goods_and_cash", "refund", "verification", "inquiry"] as const).map((service) =>
        onWire(side, side.request(asking(side, { service }), "0100", startMs))("3"),
      );

      expect(codes).to.deep.equal(["000000", "010000", "090000", "200000", "000000", "310000"]);
    });

    it(`names the cash that is paid out beside the goods in DE54, and the settlement day of a 0200 in DE15 (${network})`, () => {
      const purchase = asking(side, { service: "goods_and_cash", cashback: minor(20_00n) });

      const read = onWire(side, side.request(purchase, "0200", startMs));

      expect(read("0")).to.equal("0200");
      expect(read("54")).to.equal("0040840D000000002000");
      expect(read("15")).to.equal("1122");
    });

    it(`tells in a 0120 what was answered in the issuer's place, under the STAN of the 0100 (${network})`, () => {
      const purchase = asking(side, {});
      const advice: Advice = {
        purchase,
        stan: purchase.trace.stan,
        original: null,
        cause: "stand_in",
        responseCode: "00",
        authorizationCode: "STIP01",
      };

      const read = onWire(side, side.advice(advice, "0120", startMs));

      expect(["0", "4", "11", "37", "38", "39"].map(read)).to.deep.equal([
        "0120",
        "000000002500",
        purchase.trace.stan,
        purchase.trace.rrn,
        "STIP01",
        "00",
      ]);
      expect(read("90")).to.equal(undefined);
    });

    it(`names in DE90 of a 0220 the 0100 that it completes, with a STAN of its own (${network})`, () => {
      const purchase = asking(side, {});
      const advice: Advice = {
        purchase: { ...purchase, amount: minor(31_00n) },
        stan: "777777",
        original: "0100",
        cause: "completion",
        responseCode: "00",
        authorizationCode: "123456",
      };

      const read = onWire(side, side.advice(advice, "0221", startMs));

      expect(["0", "4", "11", "15"].map(read)).to.deep.equal(["0221", "000000003100", "777777", "1122"]);
      expect(read("90")?.slice(0, 10)).to.equal(`0100${purchase.trace.stan}`);
    });

    it(`undoes a 0200 by its type in DE90 (${network})`, () => {
      const purchase = asking(side, {});
      const undo = { purchase, of: "0200", stan: "888888", cause: "customer", replacement: null } as const;

      const read = onWire(side, side.reversal({ ...undo, authorizationCode: "123456" }, "0400", startMs));

      expect(read("90")?.slice(0, 10)).to.equal(`0200${purchase.trace.stan}`);
    });

    it(`charges a card on file without the card, and a card that is tapped by its chip (${network})`, () => {
      const stored = onWire(side, side.request({ ...asking(side, {}), entry: "stored" }, "0100", startMs));
      const tapped = onWire(side, side.request({ ...asking(side, {}), entry: "contactless" }, "0100", startMs));

      expect([stored("22")?.slice(0, 2), stored("35"), stored("55")]).to.deep.equal(["10", undefined, undefined]);
      expect(tapped("22")?.slice(0, 2)).to.equal("07");
      expect(tapped("55")).to.not.equal(undefined);
    });
  }

  it("adds to a chain by the identifier of its first message and reason 3900, visa-style", () => {
    const side = networkSides.visa;
    const first = asking(side, { isEstimate: true });

    const read = onWire(side, side.request(asking(side, { addsTo: first }), "0100", startMs));

    expect([read("62.2"), read("63.3")]).to.deep.equal([first.trace.transactionId, "3900"]);
  });

  it("adds to a chain by DE48.63 and status 4 in DE61.7, mastercard-style", () => {
    const side = networkSides.mastercard;
    const first = asking(side, { isEstimate: true });

    const read = onWire(side, side.request(asking(side, { addsTo: first }), "0100", startMs));

    expect(read("48.63")).to.equal(`MCC${first.trace.reference}1122`);
    expect(read("61.7")).to.equal("4");
    expect(read("63.2")).to.not.equal(first.trace.reference);
  });

  it("names the chain in an advice that completes it without adding to it, mastercard-style", () => {
    const side = networkSides.mastercard;
    const told = { stan: "777777", original: "0100", cause: "completion", responseCode: "00" } as const;
    const purchase = asking(side, { isEstimate: true });

    const read = onWire(side, side.advice({ ...told, purchase, authorizationCode: "123456" }, "0120", startMs));

    expect([read("48.63"), read("61.7")]).to.deep.equal([`MCC${purchase.trace.reference}1122`, "0"]);
  });

  it("says that a part may be approved in DE60.10 visa-style and DE48.61 mastercard-style", () => {
    const asks: Partial<Asks> = { takesPartial: true };
    const visa = onWire(networkSides.visa, networkSides.visa.request(asking(networkSides.visa, asks), "0100", startMs));
    const { mastercard } = networkSides;
    const other = onWire(mastercard, mastercard.request(asking(mastercard, asks), "0100", startMs));

    expect(visa("60.10")).to.equal("1");
    expect(other("48.61")).to.match(/^1/);
  });

  it("gives the reason for standing in: DE63.4 visa-style, DE60 and the agent in DE121 mastercard-style", () => {
    const advice = (side: NetworkSide): Advice => {
      const purchase = asking(side, {});
      const told = { purchase, stan: purchase.trace.stan, original: null, cause: "stand_in" } as const;
      return { ...told, responseCode: "05", authorizationCode: null };
    };
    const { visa, mastercard } = networkSides;

    const ofVisa = onWire(visa, visa.advice(advice(visa), "0121", startMs));
    const ofMastercard = onWire(mastercard, mastercard.advice(advice(mastercard), "0121", startMs));

    expect(ofVisa("63.4")).to.equal("9020");
    expect([ofMastercard("60")?.slice(0, 3), ofMastercard("121")]).to.deep.equal(["100", "000001"]);
    expect([ofVisa("38"), ofMastercard("38")]).to.deep.equal([undefined, undefined]);
  });
});

function asking({ name }: NetworkSide, asks: Partial<Asks>): Purchase {
  return purchaseOf({ network: name, acceptor: grocer, asks: { ...plainGoods, ...asks } });
}

/** What the other end reads. */
function onWire(side: NetworkSide, fields: WireFields): (path: string) => string | undefined {
  const codec = new WireCodec(side);
  const frame = codec.request(fields);
  const message = must(codec.decode(frame.subarray(codec.framing.headerBytes)), "a message of the dialect");
  return (path) => (path === "0" ? message.mti : message.get(path));
}
