import { expect } from "chai";
import type { Place } from "../../src/kernel/ids.ts";
import type { ObjectQuery } from "../../src/records/object-search.ts";
import { createAccount } from "../../src/resources/accounts/accounts.ts";
import { createCardholder, plainCardholder } from "../../src/resources/issuing/cardholders.ts";
import { type TestEngine, openTestEngine } from "../support/engine.ts";

const everything: ObjectQuery = {
  before: null,
  after: null,
  created: { fromS: 0, untilS: 2 ** 40 },
  order: "newest_first",
  rowsMax: 100,
  fields: {},
};

describe("records/object-search", () => {
  let test: TestEngine;
  let account: Place;
  let other: Place;

  before(async () => {
    test = (await openTestEngine()) ?? expect.fail("no engine");
    const { access, clock } = test;
    const names = { businessName: "Test Inc", country: "US", currency: "usd" };
    account = await createAccount(access.program, 0, names);
    other = await createAccount(access.program, 0, names);
    for (const [at, name] of ["Ada", "Eve", "Ada", "Max"].entries()) {
      clock.set({ offsetMs: 0, frozenAtMs: (1_800_000_000 + at) * 1000 });
      await createCardholder(access.program, account, { ...plainCardholder(name, "US"), email: `${at}@example.com` });
    }
    await createCardholder(access.program, other, plainCardholder("Ada", "US"));
    await access.caughtUp(0);
  });

  after(() => test.close());

  const find = (query: Partial<ObjectQuery>): number[] =>
    test.access.queries.search.find("cardholder", account, { ...everything, ...query }).map(({ place }) => place.no);

  it("finds an account's own objects alone, in either order", () => {
    expect(find({})).to.deep.equal([4, 3, 2, 1]);
    expect(find({ order: "oldest_first", rowsMax: 2 })).to.deep.equal([1, 2]);
    expect(test.access.queries.search.find("card", account, everything)).to.deep.equal([]);
  });

  it("compares what bodies say, several fields at once", () => {
    expect(find({ fields: { name: "Ada" } })).to.deep.equal([3, 1]);
    expect(find({ fields: { name: "Ada", email: "2@example.com" } })).to.deep.equal([3]);
    expect(find({ fields: { created: 1_800_000_001 } })).to.deep.equal([2]);
    expect(find({ fields: { name: "Nobody" } })).to.deep.equal([]);
  });

  it("keeps between two numbers, and between two moments of which the second is left out", () => {
    expect(find({ before: 4, after: 1 })).to.deep.equal([3, 2]);
    expect(find({ created: { fromS: 1_800_000_001, untilS: 1_800_000_003 } })).to.deep.equal([3, 2]);
  });
});
