import { expect } from "chai";
import { Correlator } from "../../src/switch/correlator.ts";

describe("switch/correlator", () => {
  it("knows what an answer is for by its time and its STAN, and only once", () => {
    const correlator = new Correlator(8);
    correlator.expect("1122153045", "000001", "echo");
    correlator.expect("1122153046", "000001", "sign_off");

    const purposes = [
      correlator.take("1122153045", "000001"),
      correlator.take("1122153045", "000001"),
      correlator.take("1122153046", "000001"),
      correlator.take("1122153045", "000002"),
    ];

    expect(purposes).to.deep.equal(["echo", null, "sign_off", null]);
  });

  it("forgets the oldest request where too many wait", () => {
    const correlator = new Correlator(2);
    for (const stan of ["000001", "000002", "000003"]) correlator.expect("1122153045", stan, "echo");

    const purposes = ["000001", "000002", "000003"].map((stan) => correlator.take("1122153045", stan));

    expect(purposes).to.deep.equal([null, "echo", "echo"]);
  });
});
