import { expect } from "chai";
import { RateLimit } from "../../src/api/rate-limit.ts";

describe("api/rate-limit", () => {
  it("lets so many through at once, and then as many as time gives back, for each key by itself", () => {
    const limit = new RateLimit(3);
    const at = (nowMs: number, key = "a"): boolean => limit.admits(key, nowMs);

    expect([at(0), at(0), at(0), at(0)]).to.deep.equal([true, true, true, false]);
    expect(at(0, "b")).to.equal(true);
    expect([at(333), at(334), at(335)]).to.deep.equal([false, true, false]);
    expect([at(10_000), at(10_000), at(10_000), at(10_000)]).to.deep.equal([true, true, true, false]);
  });
});
