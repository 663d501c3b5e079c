import { expect } from "chai";
import { minor } from "../../src/kernel/money.ts";
import type { Model } from "../../simulators/model/model.ts";
import { type EqualityOptions, compareWithModel, explain, newModel } from "./equality.ts";
import { OperationSource } from "./operation-source.ts";
import { type Subject } from "./subject.ts";
import { twinOf } from "./twin.ts";

type Fault = (model: Model, subject: Subject) => Subject;

function options(fault: Fault): EqualityOptions {
  const createSubject = async (): Promise<Subject> => {
    const model = newModel();
    return fault(model, twinOf(model));
  };
  return { seed: 7, operations: 6_000, compareEvery: 500, createSubject, sources: null };
}

describe("model/harness", () => {
  it("finds no difference between the model and itself, and reaches every cell", async function () {
    this.timeout(60_000);

    const result = await compareWithModel({ ...options((_, subject) => subject), operations: 20_000 });

    expect(result.kind).to.equal("equal");
    if (result.kind === "equal") expect(result.coverage.thin(1)).to.deep.equal([]);
  });

  it("draws the same operations for the same seed and others for another", () => {
    const [one, two, three] = [5, 5, 6].map((seed) => {
      const source = new OperationSource(seed, 300, newModel());
      return Array.from({ length: 20 }, () => JSON.stringify(source.next(), text));
    });

    expect(one).to.deep.equal(two);
    expect(one).to.not.deep.equal(three);
  });

  it("finds an answer that differs and shows it in a few operations", async function () {
    this.timeout(60_000);
    const generous = options((_, subject) => ({
      ...subject,
      reverse: async (request) => {
        const decision = await subject.reverse(request);
        return decision.outcome === "exception" ? { ...decision, outcome: "lowered" } : decision;
      },
    }));

    const result = await compareWithModel(generous);

    if (result.kind !== "different") expect.fail("the difference was not found");
    const explanation = await explain(generous, result);
    expect(explanation).to.match(/the model says "exception 0", the subject "lowered 0"/);
    expect(explanation.split("\n").length).to.be.below(16);
  });

  it("finds money that moves without an answer saying so", async function () {
    this.timeout(60_000);
    const leaking = options((model, subject) => ({
      ...subject,
      purge: async (card, times) => {
        await subject.purge(card, times);
        model.fund("B", minor(1n));
      },
    }));

    const result = await compareWithModel({ ...leaking, compareEvery: 1 });

    expect(result.kind === "different" && result.mismatch.what).to.match(/^account B: expected/);
  });
});

function text(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}
