import { expect } from "chai";
import {
  adviceOf,
  askingModel,
  dayMs,
  noonMs,
  purchase,
  reversalOf,
  settlingOf,
  singleAdviceOf,
} from "./small-program.ts";

function waiting() {
  const model = askingModel();
  const message = purchase({});
  model.authorize(message);
  return { model, message };
}

describe("simulators/model/reservation, remembered", () => {
  const hourMs = dayMs / 24;

  it("lasts until it is answered, however long that takes", () => {
    const { model, message } = waiting();

    model.purge("card", noonMs + 60 * dayMs, 100);

    expect(model.settle(settlingOf(message, {}))).to.include({ outcome: "done" });
  });

  it("is forgotten a day after its endpoint has declined it, and two days after it was reversed", () => {
    const declined = waiting();
    const later = noonMs + hourMs;
    declined.model.settle(settlingOf(declined.message, { check: "webhook_declined", atMs: later }));
    declined.model.purge("card", later + dayMs - 1, 100);
    expect(declined.model.authorize(declined.message)).to.include({ outcome: "duplicate" });
    declined.model.purge("card", later + dayMs, 100);
    expect(declined.model.authorize(declined.message)).to.include({ outcome: "pending" });

    const killed = waiting();
    killed.model.reverse(reversalOf(killed.message, { atMs: later }));
    killed.model.purge("card", later + 2 * dayMs - 1, 100);
    expect(killed.model.authorize(killed.message)).to.include({ outcome: "duplicate" });
    killed.model.purge("card", later + 2 * dayMs, 100);
    expect(killed.model.authorize(killed.message)).to.include({ outcome: "pending" });
  });

  it("bears the name of its chain as long as it is remembered, also where it came to nothing", () => {
    const model = askingModel();
    const message = purchase({ networkChain: "C1" });
    model.authorize(message);
    model.reverse(reversalOf(message, {}));
    model.purge("card", noonMs + dayMs + hourMs, 100);

    model.post(singleAdviceOf(purchase({ networkChain: "C1" }), {}));

    expect(model.advise(adviceOf(purchase({ networkChain: "C1" }), {}))).to.include({ outcome: "held" });
  });

  it("leads its chain to what the network held in spite of the endpoint's decline", () => {
    const model = askingModel();
    const message = purchase({ networkChain: "C1" });
    model.authorize(message);
    model.settle(settlingOf(message, { check: "webhook_declined" }));
    model.advise(adviceOf(message, {}));

    model.authorize(purchase({ networkChain: "C1", purpose: "increment", amount: 2_500 }));

    expect(model.openHolds("card")).to.deep.equal([12_500n]);
  });
});

describe("simulators/model/reservation at a pump", () => {
  const question = { purpose: "fuel", mcc: "5542", amount: 100, networkChain: "C1" } as const;

  it("is approved in full below what was asked, since a pump's question is no amount", () => {
    const model = askingModel();
    const message = purchase(question);
    model.authorize(message);

    expect(model.settle(settlingOf(message, { amount: 50 }))).to.deep.include({
      answer: { outcome: "approved", approvedAmount: 50n },
    });
  });

  it("becomes what was pumped where only the chain leads there", () => {
    const model = askingModel();
    model.authorize(purchase(question));

    const pumped = adviceOf(purchase({ ...question, purpose: "purchase", amount: 4_321 }), {});
    expect(model.advise(pumped)).to.deep.equal({ outcome: "completed", amount: 4_321n });

    expect(model.openHolds("card")).to.deep.equal([4_321n]);
    expect(model.reserved("card")).to.deep.equal([]);
  });
});
