import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const byHand = ["beyond-sdk.ts", "forms.ts", "partial.ts", "schema.ts"];

describe("resources/contract/generated", () => {
  it("holds exactly what the installed SDK says", async () => {
    const { contractFiles } = await readGenerator();

    const wanted = contractFiles();

    const names = readdirSync(`${root}specs/api`).filter((name) => !byHand.includes(name));
    expect(names).to.have.members([...wanted.keys()]);
    for (const [name, text] of wanted) {
      expect(readFileSync(`${root}specs/api/${name}`, "utf8"), `specs/api/${name}: node bin/contract.mjs`).to.equal(
        text,
      );
    }
  });

  it("takes nothing of the SDK's prose", async () => {
    const { contractFiles } = await readGenerator();

    const comments = [...contractFiles().values()].flatMap((text) => text.match(/\/\*[^]*?\*\//g) ?? []);

    expect(new Set(comments)).to.have.property("size", 3);
  });
});

async function readGenerator(): Promise<{ contractFiles: () => ReadonlyMap<string, string> }> {
  return await import(`${root}bin/contract.mjs`);
}
