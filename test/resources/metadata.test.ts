import { expect } from "chai";
import { ApiError } from "../../src/resources/api-error.ts";
import { mergeMetadata } from "../../src/resources/metadata.ts";

describe("resources/metadata", () => {
  const keys = (count: number, prefix: string) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}${index}`, "v"]));

  it("lets an object have 50 keys, and not one more by adding to what it has", () => {
    const full = mergeMetadata(keys(30, "a"), keys(20, "b"));

    expect(Object.keys(full)).to.have.length(50);
    expect(() => mergeMetadata(full, { one: "more" }))
      .to.throw(ApiError, "metadata can have at most 50 keys")
      .with.property("param", "metadata");
  });

  it("counts what is left: a key may come for one that goes, and a full object may be changed and cleared", () => {
    const full = keys(50, "a");

    const swapped = mergeMetadata(full, { a0: "", other: "w" });

    expect(Object.keys(swapped)).to.have.length(50).and.to.include("other").and.not.include("a0");
    expect(mergeMetadata(full, { a1: "w" })).to.have.property("a1", "w");
    expect(mergeMetadata(full, "")).to.deep.equal({});
  });
});
