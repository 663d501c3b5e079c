import { expect } from "chai";
import fc from "fast-check";
import { IdCodec } from "../../src/kernel/ids.ts";

describe("kernel/ids", () => {
  const ids = new IdCodec(Buffer.alloc(16, 7));

  it("carries shard and number, and gives them back", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 1, max: 2 ** 40 }), (shard, no) => {
        const id = ids.encode("ic", { shard, no });
        expect(id).to.match(/^ic_[0-9A-Za-z]{22}$/);
        expect(ids.decode("ic", id)).to.deep.equal({ shard, no });
      }),
    );
  });

  it("does not decode an id of another kind, of another data set, or with a changed character", () => {
    const id = ids.encode("ic", { shard: 3, no: 99 });
    const changed = id.slice(0, -1) + (id.endsWith("0") ? "1" : "0");

    expect(ids.decode("ich", id)).to.equal(null);
    expect(ids.decode("ich", `ich_${id.slice(3)}`)).to.equal(null);
    expect(new IdCodec(Buffer.alloc(16, 8)).decode("ic", id)).to.equal(null);
    expect(ids.decode("ic", changed)).to.equal(null);
    expect(ids.decode("ic", "ic_zzzzzzzzzzzzzzzzzzzzzz")).to.equal(null);
    expect(ids.decode("ic", "ic_")).to.equal(null);
  });
});
