import { expect } from "chai";
import { must } from "../../src/kernel/assert.ts";
import { newModel } from "../model/equality.ts";
import { OperationSource } from "../model/operation-source.ts";
import { type Operation, applyToModel, isApplicable } from "../model/operations.ts";
import type { Subject } from "../model/subject.ts";
import { RealSubjects } from "../support/real-subject.ts";
import { balanceTransactionFault } from "./sound-balance-transactions.ts";

const operations = 1_500;
const runs = 2;

describe("ledger/balance-transactions", () => {
  it("sum to what an account has available after every entry, whatever messages come in whatever order", async function () {
    this.timeout(120_000);
    const faults: (string | null)[] = [];
    const subjects = new RealSubjects((records) => {
      faults.push(balanceTransactionFault(records));
      return null;
    });

    try {
      for (let seed = 71; seed < 71 + runs; seed++) await runAlone(subjects, seed);
    } finally {
      await subjects.close();
    }

    expect(faults).to.deep.equal([null, null]);
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
      // What the model thinks to be there may not be: whether it is right is asked elsewhere.
      await give(subject, operation).catch(() => null);
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
