import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Progress } from "./progress.ts";

describe("prove/progress", () => {
  let folder = "";
  let path = "";

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "cardswitch-progress-"));
    path = join(folder, "prove", "progress.json");
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it("goes on where a proof of the same code has stopped", () => {
    new Progress(path, "one").set("model 1", { approved: 3 });

    expect(new Progress(path, "one").get("model 1")).to.deep.equal({ approved: 3 });
  });

  it("begins anew for other code, and where the file is half written", () => {
    new Progress(path, "one").set("model 1", "done");

    expect(new Progress(path, "two").get("model 1")).to.equal(undefined);
    writeFileSync(path, '{"fingerprint":"one","do');
    expect(new Progress(path, "one").get("model 1")).to.equal(undefined);
  });
});
