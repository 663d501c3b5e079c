import { expect } from "chai";
import { type Failpoint, readFailpoints } from "../src/failpoints.ts";

describe("failpoints", () => {
  function planted(text: string): Failpoint {
    const read = readFailpoints(text);
    return (read.ok ? read.value : null) ?? expect.fail("nothing is planted");
  }

  it("plants nothing where nothing is asked for, so that nobody asks on the way", () => {
    expect(readFailpoints(undefined)).to.deep.equal({ ok: true, value: null });
    expect(readFailpoints("")).to.deep.equal({ ok: true, value: null });
  });

  it("acts at the count-th time at its place, once, and at no other place", () => {
    const reach = planted("auth.before_fcall:throw:2");
    const seen = ["commit.after", "auth.before_fcall", "auth.before_fcall", "auth.before_fcall"].map((name) => {
      try {
        reach(name as "commit.after");
        return "passed";
      } catch (error) {
        return error instanceof Error ? error.message : "";
      }
    });

    expect(seen).to.deep.equal(["passed", "passed", "failpoint auth.before_fcall", "passed"]);
  });

  it("stands still for the time it is told", () => {
    const startedAt = performance.now();
    planted("commit.after:delay=30")("commit.after");

    expect(performance.now() - startedAt).to.be.at.least(29);
  });

  it("refuses a place, an action or a count that does not exist, and names the places", () => {
    for (const text of ["auth.nowhere:kill", "commit.after:explode", "commit.after:kill:0", "commit.after"]) {
      const read = readFailpoints(text);

      expect(read.ok, text).to.equal(false);
      expect(read.ok ? "" : read.error).to.include("projector.before_commit");
    }
  });
});
