import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

const root = fileURLToPath(new URL("../../../", import.meta.url));

describe("bin/setup", function () {
  this.timeout(60_000);
  let clone: string;

  beforeEach(() => {
    clone = mkdtempSync(join(tmpdir(), "cardswitch-test-"));
    for (const name of ["bin", "package.json", "package-lock.json", "tsconfig.json", ".mocharc.json"]) {
      cpSync(join(root, name), join(clone, name), { recursive: true });
    }
    symlinkSync(join(root, "node_modules"), join(clone, "node_modules"));
    write("src/store/lua/one.lua", "return 1\n");
    write("src/main.ts", 'process.stdout.write(`started with ${process.argv.slice(2).join(" ")}\\n`);\n');
    write("test/one.test.ts", 'it("holds", () => undefined);\n');
  });

  afterEach(() => {
    rmSync(clone, { recursive: true, force: true });
  });

  it("builds once, says so, and has nothing to say the second time", () => {
    const first = run("setup");
    const second = run("setup");

    expect(first.stderr).to.match(/^build +compiled \(\d+\.\d s\)$/m);
    expect(existsSync(join(clone, "dist/src/store/lua/one.lua"))).to.equal(true);
    expect(second).to.deep.equal({ status: 0, stdout: "", stderr: "" });
  });

  it("builds again after a change, without what was deleted", () => {
    run("setup");
    rmSync(join(clone, "test/one.test.ts"));
    write("test/two.test.ts", 'it("holds", () => undefined);\n');

    const again = run("setup");

    expect(again.stderr).to.include("compiled");
    expect(existsSync(join(clone, "dist/test/two.test.js"))).to.equal(true);
    expect(existsSync(join(clone, "dist/test/one.test.js"))).to.equal(false);
  });

  it("keeps the last build where the sources do not compile", () => {
    run("setup");
    write("src/main.ts", 'const amount: bigint = "1";\n');

    const again = run("setup");

    expect(again.status).to.equal(1);
    expect(again.stderr).to.include("the sources do not compile");
    expect(existsSync(join(clone, "dist/src/main.js"))).to.equal(true);
  });

  it("hands the user's arguments to the program", () => {
    const started = run("start", "--exit-after-demo", "--port", "0");

    expect(started.status).to.equal(0);
    expect(started.stdout).to.equal("started with --exit-after-demo --port 0\n");
  });

  it("runs the installed command in a checkout that was never built", () => {
    write("src/cli.ts", "process.stdout.write(`asked for ${process.argv[2]}\\n`);\n");

    expect(run("cardswitch", "verify").stdout).to.equal("asked for verify\n");
  });

  it("ends with exit code 3 and one line where there is no Redis and none can be fetched", () => {
    const stripped = { PATH: join(clone, "empty"), HOME: clone, REDIS_URL: "" };

    const without = spawnSync(process.execPath, ["bin/setup.mjs"], { cwd: clone, env: stripped, encoding: "utf8" });

    expect(without.status).to.equal(3);
    expect(without.stderr.split("\n").filter((line) => line.includes("REDIS_URL"))).to.have.length(1);
    expect(without.stderr).to.not.match(/^ +at /m);
  });

  it("closes the tests with how many passed and failed, and fails when one did", () => {
    write("test/two.test.ts", 'it("breaks", () => { throw new Error("broken"); });\nit("waits");\n');

    const tested = run("test");

    expect(tested.stdout).to.match(/\n1 passed, 1 failed, 1 skipped\n$/);
    expect(tested.status).to.equal(1);
  });

  it("closes the tests with none failed when all passed", () => {
    const tested = run("test");

    expect(tested.stdout).to.match(/\n1 passed, 0 failed\n$/);
    expect(tested.status).to.equal(0);
  });

  it("does not take tests for passed that ended before their result", () => {
    write("test/two.test.ts", 'it("ends everything", () => process.exit(0));\n');

    const tested = run("test");

    expect(tested.stdout).to.match(/\n0 passed, 1 failed\n$/);
    expect(tested.status).to.equal(1);
  });

  function write(name: string, text: string): void {
    mkdirSync(join(clone, name, ".."), { recursive: true });
    writeFileSync(join(clone, name), text);
  }

  function run(program: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
    const env = { PATH: process.env["PATH"], HOME: clone, REDIS_URL: "redis://127.0.0.1:1" };
    const done = spawnSync(process.execPath, [`bin/${program}.mjs`, ...args], { cwd: clone, env, encoding: "utf8" });
    return { status: done.status, stdout: done.stdout, stderr: done.stderr };
  }
});
