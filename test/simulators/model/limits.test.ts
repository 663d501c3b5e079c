import { expect } from "chai";
import { isoTime } from "../../../src/kernel/clock.ts";
import { minor } from "../../../src/kernel/money.ts";
import { type Interval, windowStart } from "../../../simulators/model/windows.ts";
import { dayMs, limited, newCard, noonMs, purchase, reversalOf, smallModel } from "./small-program.ts";

describe("simulators/model/limits", () => {
  it("lets a card without limits spend 500.00 a day", () => {
    const model = smallModel();

    expect(model.authorize(purchase({ amount: 50_000 }))).to.include({
      outcome: "approved",
    });
    expect(model.authorize(purchase({ amount: 1 }))).to.include({
      check: "limit",
    });
    expect(model.authorize(purchase({ amount: 1, atMs: Date.UTC(2026, 3, 16) }))).to.include({ outcome: "approved" });
  });

  it("caps every authorization at 10,000.00, except in a load program", () => {
    const model = smallModel();
    model.fund("acct", minor(1_000_000n));
    model.program.card("card").controls = limited(9_000_000, "daily");

    expect(model.authorize(purchase({ amount: 1_000_001 }))).to.include({
      check: "limit",
    });
    model.program.addCard(newCard({ card: "load", pan: "4000000000000028", program: "load" }));

    expect(model.authorize(purchase({ amount: 1_000_001, pan: "4000000000000028" }))).to.include({
      outcome: "approved",
    });
  });

  const nextWindow: [Interval, number][] = [
    ["daily", Date.UTC(2026, 3, 16)],
    ["weekly", Date.UTC(2026, 3, 20)],
    ["monthly", Date.UTC(2026, 4, 1)],
    ["yearly", Date.UTC(2027, 0, 1)],
  ];
  for (const [interval, start] of nextWindow) {
    it(`starts the ${interval} window at 00:00 UTC and not a millisecond earlier`, () => {
      const model = smallModel();
      model.program.card("card").controls = limited(10_000, interval);
      model.authorize(purchase({}));

      expect(model.authorize(purchase({ amount: 1, atMs: start - 1 }))).to.include({ check: "limit" });
      expect(model.authorize(purchase({ atMs: start }))).to.include({
        outcome: "approved",
      });
    });
  }

  it("never starts an all-time limit again", () => {
    const model = smallModel();
    model.program.card("card").controls = limited(10_000, "all_time");
    model.authorize(purchase({}));

    expect(model.authorize(purchase({ amount: 1, atMs: noonMs + 1000 * dayMs }))).to.include({ check: "limit" });
  });

  it("counts only the categories of a limit and lets the others pass", () => {
    const model = smallModel();
    model.program.card("card").controls = limited(10_000, "daily", ["restaurants", "transit"]);
    model.authorize(purchase({ amount: 6_000 }));
    model.authorize(purchase({ amount: 4_000, mcc: "4111" }));

    expect(model.authorize(purchase({ amount: 1 }))).to.include({
      check: "limit",
    });
    expect(model.authorize(purchase({ amount: 90_000, mcc: "5411" }))).to.include({ outcome: "approved" });
  });

  it("counts what was spent before the limit was set", () => {
    const model = smallModel();
    model.authorize(purchase({ amount: 6_000, atMs: noonMs }));

    model.program.card("card").controls = limited(10_000, "weekly");

    expect(model.authorize(purchase({ amount: 4_001 }))).to.include({
      check: "limit",
    });
    expect(model.authorize(purchase({ amount: 4_000 }))).to.include({
      outcome: "approved",
    });
  });

  it("counts all cards of a cardholder, and a card together with the one that it replaces", () => {
    const model = smallModel();
    model.program.addCard(newCard({ card: "other", pan: "4000000000000028" }));
    model.program.cardholder("holder").controls = limited(60_000, "daily");
    model.authorize(purchase({ amount: 40_000 }));

    expect(model.authorize(purchase({ amount: 20_001, pan: "4000000000000028" }))).to.include({ check: "limit" });
    model.program.setCardStatus("card", "canceled");
    model.program.addCard(
      newCard({
        card: "new",
        pan: "4000000000000036",
        replacement: { of: "card", reason: "stolen" },
      }),
    );
    expect(model.authorize(purchase({ amount: 10_001, pan: "4000000000000036" }))).to.include({ check: "limit" });
    expect(model.authorize(purchase({ amount: 10_000, pan: "4000000000000036" }))).to.include({ outcome: "approved" });
  });

  it("gives back to the windows that were charged and to no other", () => {
    const model = smallModel();
    model.program.card("card").controls = {
      ...limited(10_000, "daily"),
      limits: [...limited(10_000, "daily").limits, ...limited(15_000, "monthly").limits],
    };
    const message = purchase({});
    model.authorize(message);
    const tomorrow = noonMs + dayMs;
    model.authorize(purchase({ amount: 5_000, atMs: tomorrow }));

    model.reverse(reversalOf(message, { atMs: tomorrow }));

    expect(model.countersOf(model.program.card("card")).map((counter) => counter.spent)).to.deep.equal([
      5_000n,
      5_000n,
    ]);
    expect(model.authorize(purchase({ amount: 5_001, atMs: tomorrow }))).to.include({ check: "limit" });
    expect(model.authorize(purchase({ amount: 5_000, atMs: tomorrow }))).to.include({ outcome: "approved" });
  });

  it("never goes back to an earlier window when a message brings an older time", () => {
    const model = smallModel();
    model.authorize(purchase({ amount: 50_000, atMs: Date.UTC(2026, 3, 16) }));

    const older = model.authorize(purchase({ amount: 1, atMs: Date.UTC(2026, 3, 15, 23) }));

    expect(older).to.include({ check: "limit" });
  });
});

describe("simulators/model/windows", () => {
  it("agrees with the calendar on every day of sixty years", () => {
    // 1999-12-25 was a Saturday, five days after its Monday.
    let sinceMonday = 5;
    for (let ms = Date.UTC(1999, 11, 25, 5); ms < Date.UTC(2060, 0, 5); ms += dayMs) {
      const [y = 0, m = 0, d = 0] = isoTime(ms).slice(0, 10).split("-").map(Number);

      expect(windowStart("daily", ms)).to.equal(Date.UTC(y, m - 1, d));
      expect(windowStart("weekly", ms)).to.equal(Date.UTC(y, m - 1, d - sinceMonday));
      expect(windowStart("monthly", ms)).to.equal(Date.UTC(y, m - 1, 1));
      expect(windowStart("yearly", ms)).to.equal(Date.UTC(y, 0, 1));
      expect(windowStart("all_time", ms)).to.equal(0);
      sinceMonday = (sinceMonday + 1) % 7;
    }
  });
});
