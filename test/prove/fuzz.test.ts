import { expect } from "chai";
import { secureRandom } from "../../src/kernel/random.ts";
import { fuzz, fuzzWithHeap, renderFuzzFault } from "./fuzz.ts";
import { type FuzzSubject, fuzzSubjects } from "./fuzz-subjects.ts";

const framesPerSubject = 600;

describe("prove/fuzz", () => {
  it("reads mutated frames of every dialect and framing without a throw, and none that costs more than 50 ms", function () {
    this.timeout(60_000);
    const seed = secureRandom.integer(0xffff_ffff);

    const faults = fuzzSubjects().flatMap((subject) => fuzz(subject, { seed, frames: framesPerSubject }));

    expect(faults.map(renderFuzzFault), `seed ${seed}`).to.deep.equal([]);
  });

  it("keeps nothing of the frames that it has read", function () {
    this.timeout(60_000);
    const [visa] = fuzzSubjects().filter(({ name }) => name === "visa-style");
    if (visa === undefined) return expect.fail("no visa-style");

    expect(fuzzWithHeap(visa, { seed: 1, frames: 10_000 }).map(renderFuzzFault)).to.deep.equal([]);
  });

  describe("finds what is planted", () => {
    const frames = [Uint8Array.of(1, 2, 3, 4)];

    it("a frame that throws, as the bytes that make it throw", () => {
      const brittle: FuzzSubject = {
        name: "brittle",
        frames,
        read: (bytes) => {
          if (bytes[0] === 0x7f) throw new RangeError("beyond the end");
        },
      };

      const [fault] = fuzz(brittle, { seed: 1, frames: 5_000 });

      expect(fault).to.include({ kind: "throw", subject: "brittle", detail: "RangeError: beyond the end" });
      expect(fault?.hex).to.match(/^7f/);
    });

    it("a frame that costs 60 ms each time, and not one that did so once", () => {
      let count = 0;
      const slowAlways: FuzzSubject = {
        name: "slow",
        frames,
        read: (bytes) => (bytes[0] === 0xff ? burn(60) : undefined),
      };
      const slowOnce: FuzzSubject = { name: "once", frames, read: () => (count++ === 5 ? burn(60) : undefined) };

      expect(fuzz(slowAlways, { seed: 1, frames: 300 }).map(({ kind }) => kind)).to.include("slow");
      expect(fuzz(slowOnce, { seed: 1, frames: 300 })).to.deep.equal([]);
    });

    it("a reader that keeps what it was given", () => {
      const kept: number[][] = [];
      const hoarder: FuzzSubject = { name: "hoarder", frames, read: (bytes) => kept.push(Array.from(bytes)) };

      const faults = fuzzWithHeap(hoarder, { seed: 1, frames: 20_000 });

      expect(faults.map(({ kind }) => kind)).to.deep.equal(["heap"]);
    });
  });
});

function burn(ms: number): void {
  const start = process.cpuUsage();
  while (process.cpuUsage(start).user + process.cpuUsage(start).system < 1_000 * ms);
}
