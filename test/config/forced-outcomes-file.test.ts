import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { readForcedOutcomesFile } from "../../src/config/forced-outcomes-file.ts";
import { freshFolder } from "../support/command.ts";

describe("config/forced-outcomes-file", () => {
  const folder = freshFolder();
  after(() => folder.remove());

  function read(json: unknown): ReturnType<typeof readForcedOutcomesFile> {
    const path = join(folder.path, "forced.json");
    writeFileSync(path, JSON.stringify(json));
    return readForcedOutcomesFile(path);
  }

  it("reads a code, a delay and each way to spoil an answer", () => {
    const rules = read([
      { when: { pan: "4000008400000018", amount: 1313 }, outcome: { response: "51" } },
      { when: { merchant: "CORNER SHOP" }, outcome: { delay: 8000 } },
      { when: { amount: 666 }, outcome: "half_reply" },
    ]);

    expect(rules.ok && rules.value).to.deep.equal([
      { when: { pan: "4000008400000018", amount: 1313 }, outcome: { kind: "response", responseCode: "51" } },
      { when: { merchant: "CORNER SHOP" }, outcome: { kind: "delay", ms: 8000 } },
      { when: { amount: 666 }, outcome: { kind: "half_reply" } },
    ]);
  });

  it("refuses to force an approval, for which nobody would hold money", () => {
    for (const response of ["00", "10", "85", "87", "08", "11"]) {
      const rules = read([{ when: { amount: 1 }, outcome: { response } }]);

      expect(rules.ok ? "" : rules.error, response).to.match(/forced outcome 1: \d\d approves/);
    }
  });

  it("names the rule and the field that is wrong", () => {
    const wrong = (item: unknown): string => {
      const rules = read([{ when: { amount: 1 }, outcome: "drop" }, item]);
      return rules.ok ? "" : rules.error.replace(/^.*forced\.json, /, "");
    };

    expect(wrong({ when: {}, outcome: "drop" })).to.equal(
      'forced outcome 2: "when" has to name a pan, an amount or a merchant',
    );
    expect(wrong({ when: { pan: "12x" }, outcome: "drop" })).to.equal('forced outcome 2: "pan" is 12 to 19 digits');
    expect(wrong({ when: { card: "1" }, outcome: "drop" })).to.equal('forced outcome 2: "when" knows no "card"');
    expect(wrong({ when: { amount: 1 }, outcome: "lose" })).to.match(/^forced outcome 2: "outcome" is /);
    expect(wrong({ when: { amount: 1 }, outcome: { delay: 0 } })).to.match(/^forced outcome 2: "outcome" is /);
    expect(wrong({ when: { amount: 1 }, outcome: "drop", note: "" })).to.equal(
      'forced outcome 2: there is no field "note"',
    );
  });
});
