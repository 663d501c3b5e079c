import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Purchase } from "../../simulators/purchase.ts";
import { FaultGround, codeOf } from "./fault-ground.ts";

const diskBytes = 8 * 1_024 * 1_024;
const blockBytes = 4_096;
const waveSize = 20;
const purchasesMax = 2_000;

describe("simulation/a full disk", () => {
  const folder = mkdtempSync(join(tmpdir(), "cs-disk-"));
  const filler = join(folder, "filler");
  let ground: FaultGround | null = null;
  let isMounted = false;
  before(async function () {
    this.timeout(60_000);
    isMounted = mountSmallDisk(folder);
    if (!isMounted) {
      process.stdout.write("    NOT TESTED: a full disk; mounting a small one takes root on Linux\n");
      this.skip();
    }
    ground = await FaultGround.open({ dataDir: join(folder, "redis") });
  });
  after(async () => {
    rmSync(filler, { force: true });
    await ground?.close();
    if (isMounted) execFileSync("umount", [folder]);
    rmSync(folder, { recursive: true, force: true });
  });

  it("answers 91 or nothing while Redis cannot write, loses no approval, and goes on by itself when there is room again", async () => {
    const test = ground ?? expect.fail("a switch on a small disk");
    await test.untilServing();
    const before = await test.held();
    const purchases: Purchase[] = [];
    const codes: string[] = [];

    fill(filler);
    while (codes.filter((code) => code !== "00").length < waveSize && purchases.length < purchasesMax) {
      const wave = Array.from({ length: waveSize }, (_, i) => test.purchase(1_000n, i));
      const outcomes = await Promise.all(wave.map((purchase) => test.ask(purchase)));
      purchases.push(...wave);
      codes.push(...outcomes.map(codeOf));
    }
    rmSync(filler);
    await test.untilServing();
    const repeats = await Promise.all(purchases.map((purchase) => test.askAgain(purchase)));

    expect(codes.filter((code) => !["00", "91", "silent"].includes(code))).to.deep.equal([]);
    expect(codes, "the disk was full").to.include.oneOf(["silent", "91"]);
    expect(new Set(repeats.map(codeOf))).to.deep.equal(new Set(["00"]));
    expect((await test.held()) - before).to.equal(1_000n * BigInt(purchases.length) + 100n);
    await test.verified();
  }).timeout(90_000);
});

function mountSmallDisk(folder: string): boolean {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return false;
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${diskBytes}`, "tmpfs", folder], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Writes until not one more block fits. */
function fill(path: string): void {
  const block = Buffer.alloc(blockBytes);
  const file = openSync(path, "w");
  try {
    for (let written = 0; written < diskBytes; written += blockBytes) writeSync(file, block);
  } catch {
    // No space is left: that is what was wanted.
  } finally {
    closeSync(file);
  }
}
