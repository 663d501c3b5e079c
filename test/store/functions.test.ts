import { expect } from "chai";
import { contracts } from "../../src/store/contracts.ts";
import { ArgumentPacker, contractFaults } from "../../src/store/functions.ts";
import { assembleLibrary, readLuaSources } from "../../src/store/library.ts";

describe("store/functions", () => {
  it("calls every Lua function by the contract that its header states", () => {
    expect(contractFaults(assembleLibrary(readLuaSources()))).to.deep.equal([]);
  });

  it("notices an argument that was renamed, moved or given another width in Lua", () => {
    const sources = readLuaSources();
    const purge = sources.get("purge") ?? "";
    for (const changed of [
      purge.replace("holdless_s:I4", "holdless:I4"),
      purge.replace("wall_now:I6 holdless_s:I4", "holdless_s:I4 wall_now:I6"),
      purge.replace("most:I4", "most:I2"),
      purge.replace("--- keys: card", "--- keys: card account"),
    ]) {
      const library = assembleLibrary(new Map([...sources, ["purge", changed]]));
      expect(contractFaults(library)).to.have.lengthOf(1);
    }
  });

  it("packs arguments in the order of the contract, big-endian", () => {
    const packed = new ArgumentPacker("backfill").pack({ wall_now: 1, business_now: 2, as_of: 3, window: 4, spent: 5 });

    expect(Buffer.from(packed).toString("hex")).to.equal(
      "000000000001" + "000000000002" + "000000000003" + "00000004" + "000000000005",
    );
    expect(Object.keys(contracts.backfill.args)[0]).to.equal("wall_now");
  });

  it("refuses a number that does not fit instead of cutting it", () => {
    const packer = new ArgumentPacker("purge");
    const values = { wall_now: 1, holdless_s: 1, terminal_s: 1, tombstone_s: 1, most: 1, listpack_entries: 1 };

    expect(() => packer.pack({ ...values, most: 2 ** 32 })).to.throw(RangeError);
    expect(() => packer.pack({ ...values, wall_now: -1 })).to.throw(RangeError);
  });
});
