import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { isForeground } from "../../src/app/stop-signals.ts";
import { eventually, freePorts, freshFolder } from "../support/command.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const main = fileURLToPath(new URL("../../src/main.js", import.meta.url));
const stopSignals = new URL("../../src/app/stop-signals.js", import.meta.url).href;

describe("app/stop-signals", function () {
  this.timeout(60_000);
  const closers: (() => void)[] = [];

  afterEach(() => {
    for (const close of closers.splice(0)) close();
  });

  /** `npm start` of a package whose script this is, in a process group of its own. */
  function npmStart(script: string) {
    const { path, remove } = freshFolder();
    writeFileSync(join(path, "package.json"), JSON.stringify({ name: "of-a-test", scripts: { start: script } }));
    const npm = spawn("npm", ["start", "--", ...freePorts], {
      cwd: path,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, REDIS_URL: "" },
    });
    closers.push(remove, () => endGroup(npm));
    let text = "";
    for (const stream of [npm.stdout, npm.stderr]) {
      stream.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
    }
    const code = new Promise<number | null>((resolve) => npm.once("exit", resolve));
    const dataDir = (): string => / in (\S+) \(new, goes at the end\)/.exec(text)?.[1] ?? "";
    const isUp = (): Promise<boolean> => eventually(async () => text.includes("  0100  "), 30_000);
    // All that the program had goes with its end in good order, its Redis included.
    const isGone = (): Promise<boolean> => eventually(async () => dataDir() !== "" && !existsSync(dataDir()), 10_000);
    return { npm, code, isUp, isGone, text: () => text };
  }

  it("end in good order what npm has started, though the shell between them hands no SIGTERM on", async () => {
    const { isGone, isUp, npm, text } = npmStart(`node ${main}; true`);
    expect(await isUp(), text()).to.equal(true);

    npm.kill("SIGTERM");

    expect(await isGone()).to.equal(true);
  });

  it("end in good order what npm was killed in front of", async () => {
    const { isGone, isUp, npm, text } = npmStart(ownScript());
    expect(await isUp(), text()).to.equal(true);

    npm.kill("SIGKILL");

    expect(await isGone()).to.equal(true);
  });

  it("let npm wait for the end, and end with 0", async () => {
    const { code, isUp, npm, text, isGone } = npmStart(ownScript());
    expect(await isUp(), text()).to.equal(true);

    npm.kill("SIGTERM");

    expect(await code).to.equal(0);
    expect(await isGone()).to.equal(true);
  });

  it("take the Ctrl-C that npm hands on for the one that the terminal has sent to everybody", async () => {
    const { code, isUp, npm, text } = npmStart(ownScript());
    expect(await isUp(), text()).to.equal(true);

    process.kill(-(npm.pid ?? 0), "SIGINT");

    expect(await code).to.equal(0);
  });

  for (const under of ["npm", "a shell"] as const) {
    it(`end the process at once with 130 when they come a second time under ${under}`, async () => {
      const { npm_lifecycle_event: _, ...env } = process.env;
      const program = `import { stopSignal } from "${stopSignals}"; setInterval(() => 0, 1000); stopSignal(); console.log("up")`;
      const child = spawn(process.execPath, ["--input-type=module", "--eval", program], {
        stdio: ["ignore", "pipe", "inherit"],
        env: under === "npm" ? { ...env, npm_lifecycle_event: "start", npm_lifecycle_script: "node ." } : env,
      });
      closers.push(() => child.kill("SIGKILL"));
      const code = new Promise<number | null>((resolve) => child.once("exit", resolve));
      await new Promise((resolve) => child.stdout.once("data", resolve));

      child.kill("SIGTERM");
      await sleep(under === "npm" ? 1_000 : 50);
      expect(child.exitCode).to.equal(null);
      child.kill("SIGTERM");

      expect(await code).to.equal(130);
    });
  }

  it("are not awaited from who runs what was put into the background", () => {
    const under = (script: string): boolean =>
      isForeground({ npm_lifecycle_event: "start", npm_lifecycle_script: script });

    expect(["exec node .", "build && node . > log 2>&1", "node . &> log", "a | b"].map(under)).not.to.include(false);
    expect(["node . &", "node . & echo up", "node . > log 2>&1 &"].map(under)).not.to.include(true);
    expect(isForeground({})).to.equal(false);
  });
});

/** What `npm start` runs here, but as it was compiled for this test, and without a build. */
function ownScript(): string {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: { start: string } };
  return scripts.start.replace("bin/start.mjs", main);
}

function endGroup({ pid }: ChildProcess): void {
  try {
    process.kill(-(pid ?? 0), "SIGKILL");
  } catch {
    // Nobody of it is left.
  }
}
