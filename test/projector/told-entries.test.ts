import { expect } from "chai";
import { entriesBeforeCommits, readTold, tellEntries } from "../../src/projector/told-entries.ts";
import { entryKinds } from "../../src/store/entry.ts";

describe("projector/told-entries", () => {
  const entry = (no: number, text: string) => ({ place: { shard: 2, no }, bytes: Buffer.from(text) });

  it("brings entries across one by one, whatever their lengths", () => {
    const told = tellEntries([entry(4, "four"), entry(5, ""), entry(6, "the sixth")]);

    const read: [number, string][] = [];
    if (told !== null) {
      readTold(structuredClone(told), ({ no }, bytes) => read.push([no, Buffer.from(bytes).toString()]));
    }

    expect(read).to.deep.equal([
      [4, "four"],
      [5, ""],
      [6, "the sixth"],
    ]);
  });

  it("leaves out what lies behind a commit of the same shard", () => {
    const [commit, other] = [Buffer.from([2, entryKinds.commit]), Buffer.from([2, entryKinds.reversal])];
    const journal = (...kinds: Buffer[]) => kinds.map((bytes, index) => ({ no: index + 5, bytes }));

    const before = entriesBeforeCommits([journal(other, commit, other), [], journal(other, other)]);

    expect(before.map(({ place }) => place)).to.deep.equal([
      { shard: 0, no: 5 },
      { shard: 2, no: 5 },
      { shard: 2, no: 6 },
    ]);
  });

  it("tells nothing of a round that nobody could want whole", () => {
    const many = Array.from({ length: 129 }, (_, no) => entry(no + 1, "entry"));

    expect(tellEntries(many)).to.equal(null);
    expect(tellEntries(many.slice(1))?.places).to.have.length(128);
    expect(tellEntries([])).to.equal(null);
  });
});
