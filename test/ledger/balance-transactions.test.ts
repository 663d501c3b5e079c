import { expect } from "chai";
import { must } from "../../src/kernel/assert.ts";
import { newModel } from "../model/equality.ts";
import { OperationSource } from "../model/operation-source.ts";
import { type Operation, applyToModel, isApplicable } from "../model/operations.ts";
import type { Subject } from "../model/subject.ts";
import { RealSubjects } from "../support/real-subject.ts";
import { balanceTransactionFault } from "./sound-balance-transactions.ts";
import { eventFault } from "./sound-events.ts";
import { historyFault } from "./sound-histories.ts";

const operations = 1_500;
const runs = 2;

describe("ledger/balance-transactions", () => {
  const faults: { sums: string | null; histories: string | null; events: string | null }[] = [];

  before(async function () {
    this.timeout(120_000);
    const subjects = new RealSubjects((records) => {
      faults.push({
        sums: balanceTransactionFault(records),
        histories: historyFault(records),
        events: eventFault(records),
      });
      return null;
    });
    try {
      for (let seed = 71; seed < 71 + runs; seed++) await runAlone(subjects, seed);
    } finally {
      await subjects.close();
    }
  });

  it("sum to what an account has available after every entry, whatever messages come in whatever order", () => {
    expect(faults.map(({ sums }) => sums)).to.deep.equal([null, null]);
  });

  it("of an authorization sum to what is held, which is what its messages come to", () => {
    expect(faults.map(({ histories }) => histories)).to.deep.equal([null, null]);
  });

  it("of an authorization come with events: it is created once, and updated whenever it stands otherwise", () => {
    expect(faults.map(({ events }) => events)).to.deep.equal([null, null]);
  });
});

/** Random messages that the model proposes, to the functions alone: here nobody asks whether they agree. */
async function runAlone(subjects: RealSubjects, seed: number): Promise<void> {
  const subject = must(await subjects.create(null), "the functions load");
  const model = newModel();
  const source = new OperationSource(seed, operations, model);
  try {
    for (let operation = source.next(); operation !== null; operation = source.next()) {
      if (!isApplicable(model, operation)) continue;
      source.learn(operation, applyToModel(model, operation));
      await give(subject, operation);
    }
    await subject.audit();
  } finally {
    await subject.close();
  }
}

async function give(subject: Subject, operation: Operation): Promise<unknown> {
  switch (operation.kind) {
    case "authorize":
      return subject.authorize(operation.request);
    case "advise":
      return subject.advise(operation.request);
    case "post":
      return subject.post(operation.request);
    case "reverse":
      return subject.reverse(operation.request);
    case "clear":
      return subject.clear(operation.clearing);
    case "settle":
      return subject.settle(operation);
    case "expire":
      return subject.expire(operation);
    case "change":
      return subject.change(operation.change, operation);
    case "purge":
      return subject.purge(operation.card, operation);
  }
}
