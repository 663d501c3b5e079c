import { expect } from "chai";
import { seededRandom } from "../../src/kernel/random.ts";
import { RealSubjects } from "../support/real-subject.ts";
import { allMutants, hunt, isArgued, isOriginalAlive, staleArguments } from "./hunt.ts";
import { type Mutant, mutantName } from "./mutants.ts";

const sampleSize = 20;
const sampleSeed = 20_260;

describe("prove/hunt", () => {
  it("tells 20 sampled faults in the money functions from the original", async function () {
    this.timeout(300_000);
    const subjects = new RealSubjects();
    const sampled = sample(allMutants().filter((mutant) => !isArgued(mutant)));

    try {
      const options = {
        seed: 11,
        operations: 2_500,
        createSubject: subjects.create,
        createGround: subjects.createGround,
      };
      expect(await isOriginalAlive(options), "the original agrees with the model").to.equal(true);
      const survived: string[] = [];
      for (const mutant of sampled) {
        const fate = await hunt(mutant, options);
        if (fate === "survived") survived.push(mutantName(mutant));
      }

      expect(sampled).to.have.length(sampleSize);
      expect(survived).to.deep.equal([]);
    } finally {
      await subjects.close();
    }
  });

  it("argues only for faults that can still be made", () => {
    expect(staleArguments(allMutants())).to.deep.equal([]);
  });
});

function sample(mutants: readonly Mutant[]): Mutant[] {
  const random = seededRandom(sampleSeed);
  const left = [...mutants];
  return Array.from({ length: Math.min(sampleSize, left.length) }, () =>
    left.splice(random.integer(left.length), 1),
  ).flat();
}
