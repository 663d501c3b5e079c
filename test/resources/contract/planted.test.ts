import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const tsc = `${root}node_modules/typescript/bin/tsc`;
const shapes = JSON.stringify(`${root}test/resources/contract/sdk-shapes.ts`);
const params = JSON.stringify(`${root}src/resources/params.ts`);

const head = `
import type { Claim, SameParams, Shows } from ${shapes};
import type { ParamsOf } from ${params};
type Open = string & Record<never, never>;
interface Bundle { id: string; status: "active" | "review" | Open; shipped_at: number | null; lastResponse: object }
interface Query { limit?: number; status?: "active" | "review" | Open; card: string }
`;

const query = (status: string, more: string): string => `
const schema = {
  type: "object",
  properties: { card: { type: "string" }, ${more} status: { type: "string", enum: [${status}] } },
  required: ["card"],
  additionalProperties: false,
} as const;
export type A = Claim<SameParams<ParamsOf<typeof schema>, Query>>;
`;
const limit = 'limit: { type: "integer" },';

const right = [
  query('"active", "review"', limit),
  'export type B = Claim<Shows<{ id: string; status: "review"; shipped_at: null }, Bundle>>;',
];
const wrong = [
  query('"active", "review"', ""),
  query('"active", "review", "lost"', limit),
  query('"active"', limit),
  'export type A = Claim<Shows<{ id: string; status: "active" }, Bundle>>;',
  "export type A = Claim<Shows<{ id: string; status: string; shipped_at: null }, Bundle>>;",
];

describe("resources/contract/claims about types", () => {
  it("are proved where the SDK says the same, and refused for a missing field and a wider enum", () => {
    const faults = faultsOf([...right, ...wrong].map((source) => head + source));

    expect(faults.slice(0, right.length)).to.deep.equal([[], []]);
    for (const [index, found] of faults.slice(right.length).entries()) {
      expect(found, wrong[index]).to.have.length(1);
      expect(found[0]).to.include("TS2344");
    }
  }).timeout(60_000);
});

/** What the compiler says of each of these files, which stand in a folder of their own. */
function faultsOf(sources: readonly string[]): readonly (readonly string[])[] {
  const folder = mkdtempSync(join(tmpdir(), "claims-"));
  try {
    for (const [index, source] of sources.entries()) writeFileSync(join(folder, `planted-${index}.ts`), source);
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ extends: `${root}tsconfig.json`, ...settings }));
    const { stdout } = spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" });
    const lines = stdout.split("\n").filter((line) => line.includes("error TS"));
    return sources.map((_, index) => lines.filter((line) => line.includes(`planted-${index}.ts`)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const settings = {
  compilerOptions: {
    noEmit: true,
    types: [],
    rootDir: "/",
    noUnusedLocals: false,
    allowImportingTsExtensions: true,
    rewriteRelativeImportExtensions: false,
  },
  include: ["*.ts"],
};
