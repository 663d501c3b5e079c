import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { makeFolder } from "../../src/store/make-folder.ts";

describe("store/make-folder", () => {
  it("makes what is missing, for its owner alone, and leaves what is there", () => {
    const base = mkdtempSync(join(tmpdir(), "cardswitch-folder-"));
    const path = join(base, "a", "b");

    makeFolder(path);
    makeFolder(path);

    expect(statSync(path).mode & 0o777).to.equal(0o700);
    rmSync(base, { recursive: true });
  });

  it("comes back with an error where the system takes no folders", function () {
    if (process.platform !== "linux") this.skip();

    expect(() => makeFolder("/proc/cardswitch/data")).to.throw("ENOENT");
  });
});
