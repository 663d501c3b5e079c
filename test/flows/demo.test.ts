import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { eventually, freePorts } from "../support/command.ts";

const program = fileURLToPath(new URL("../../src/main.js", import.meta.url));

describe("npm start", () => {
  function start(args: readonly string[]) {
    const child = spawn(process.execPath, [program, ...freePorts, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, REDIS_URL: "" },
    });
    const texts = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      child[name].setEncoding("utf8").on("data", (text: string) => {
        texts[name] += text;
      });
    }
    const ended = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
    return { child, texts, ended };
  }

  it("plays five hundred messages and more, each answered as the rules say, and ends with 0 where it is asked to end", async () => {
    const { ended, texts } = start(["--exit-after-demo"]);

    expect(await ended, texts.stdout + texts.stderr).to.equal(0);

    const [, messages] = /^ {2}(\d+) messages, 0 with another answer than expected$/m.exec(texts.stdout) ?? [];
    expect(Number(messages)).to.be.at.least(500);
    expect(texts.stdout).to.match(/^ {2}verify: holds; \d+ entries/m);
    expect(texts.stdout).to.match(/^ {2}milliseconds {2}p50 \d/m);
    expect(texts.stdout).to.not.match(/\d{16}/);
    expect(texts.stderr).to.equal("");
  });

  it("ends with 0 within five seconds of SIGTERM, in the middle of the day too", async () => {
    const { child, ended, texts } = start([]);
    await eventually(async () => texts.stdout.includes("  0100  "), 20_000);

    const startedAt = performance.now();
    child.kill("SIGTERM");

    expect(await ended, texts.stderr).to.equal(0);
    expect(performance.now() - startedAt).to.be.below(5_000);
  });

  it("says in one line which setting is wrong, and ends with 3", async () => {
    const { ended, texts } = start(["--durability", "maybe"]);

    expect(await ended).to.equal(3);
    expect(texts.stderr).to.equal(
      'cardswitch: --durability is "maybe"; it has to be one of always, relaxed, volatile\n',
    );
  });
});
