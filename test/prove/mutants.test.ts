import { expect } from "chai";
import { mutantName, mutantsOf } from "./mutants.ts";

const sample = `-- a < b in a comment
local function pay(hold, amount) -- and here: x == y
  if hold.remaining < amount and not hold.closed then return -1 end
  hold.remaining, hold.note = hold.remaining - amount, 'a == b'
  call('HSET', key, 'f', int(amount + 1), 'g', pack(a, b))
  redis.call("XADD", journal, '*')
  local t = { x = 1, [2] = 3 }
  t[#t + 1] = amount
end
`;

describe("prove/mutants", () => {
  it("changes every comparison, sign, connective and write once, and nothing in comments or texts", () => {
    const changes = mutantsOf("pay.lua", sample).map(({ line, change }) => `${line} ${change}`);

    expect(changes).to.deep.equal([
      "3 < becomes <=",
      "3 and becomes or",
      "3 not dropped",
      "3 minus dropped",
      "4 assignment dropped",
      "4 - becomes +",
      "5 HSET dropped",
      "5 field 1 of HSET dropped",
      "5 + becomes -",
      "5 field 2 of HSET dropped",
      "6 XADD dropped",
      "8 assignment dropped",
      "8 + becomes -",
    ]);
  });

  it("changes one place at a time and leaves the rest as it was", () => {
    const lines = mutantsOf("pay.lua", sample).map(({ source, line }) => {
      const changed = source.split("\n").filter((text, i) => text !== sample.split("\n")[i]);
      return [changed.length, source.split("\n")[line - 1]?.trim()];
    });

    expect(lines).to.deep.include([1, "local _ = hold.remaining - amount, 'a == b'"]);
    expect(lines).to.deep.include([1, "type('HSET', key, 'f', int(amount + 1), 'g', pack(a, b))"]);
    expect(lines).to.deep.include([1, "call('HSET', key, 'f', int(amount + 1) )"]);
    expect(lines).to.deep.include([1, `type("XADD", journal, '*')`]);
    expect(lines).to.deep.include([1, "local _ = amount"]);
    expect(lines.every(([changed]) => changed === 1)).to.equal(true);
  });

  it("names a mutant by its text, so that the name outlives lines that come and go above it", () => {
    const names = (source: string) => mutantsOf("pay.lua", source).map(mutantName);

    expect(names(`\n\n${sample}`)).to.deep.equal(names(sample));
    expect(new Set(names(sample + sample)).size).to.equal(2 * names(sample).length);
  });

  it("makes nothing of a text that is not Lua", () => {
    expect(mutantsOf("odd.lua", "a = `b`")).to.deep.equal([]);
  });
});
