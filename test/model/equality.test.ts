import { expect } from "chai";
import { RealSubjects } from "../support/real-subject.ts";
import { leastHits, proveEquality } from "./prove-equality.ts";

const operationsPerRun = 25_000;
const runs = 2;

describe("model/equality", () => {
  it("decides 50,000 messages exactly as the rules' own model does, with the same balances, holds and counters", async function () {
    this.timeout(300_000);
    const subjects = new RealSubjects();

    try {
      const options = { firstSeed: 1, runs, operationsPerRun, createSubject: subjects.create };
      const coverage = await proveEquality(options);

      expect(coverage.thin(leastHits(runs * operationsPerRun)), coverage.table()).to.deep.equal([]);
    } finally {
      await subjects.close();
    }
  });
});
