import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { exitOnError, setUp } from "./setup.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const runMsMax = 15 * 60_000;
const settleMsMax = 10_000;

await exitOnError(setUp);
process.exitCode = await runTests(process.argv.slice(2));

/**
 * Runs every compiled test, or those that the arguments choose, and closes with "N passed, N failed" on a line of its own.
 * @param {string[]} args for mocha, such as files or `--grep`
 * @returns {Promise<number>} exit code
 */
function runTests(args) {
  const mocha = fileURLToPath(new URL("../node_modules/mocha/bin/mocha.js", import.meta.url));
  const reporter = fileURLToPath(new URL("test-reporter.mjs", import.meta.url));
  const hasFiles = args.some((argument) => argument.endsWith(".js"));
  const files = hasFiles ? [] : ["dist/test/**/*.test.js"];
  const tests = spawn(process.execPath, [mocha, "--reporter", reporter, ...args, ...files], {
    cwd: root,
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  return new Promise((resolve) => {
    let result = { passed: 0, failed: 0, skipped: 0 };
    let trouble = "the tests ended before they had a result";
    const giveUp = (reason) => {
      trouble = reason;
      tests.kill("SIGKILL");
    };
    let limit = setTimeout(() => giveUp(`the tests did not end within ${runMsMax / 60_000} minutes`), runMsMax);
    tests.on("message", (summary) => {
      result = summary;
      trouble = "";
      clearTimeout(limit);
      limit = setTimeout(() => giveUp("the tests ended, but something they opened keeps running"), settleMsMax);
    });
    for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => tests.kill(signal));
    tests.on("close", (code) => {
      clearTimeout(limit);
      resolve(close(result, trouble, code));
    });
  });
}

function close({ passed, failed, skipped }, trouble, code) {
  if (trouble !== "") process.stdout.write(`${trouble}\n`);
  const isGood = code === 0 && trouble === "" && passed > 0;
  const failedShown = isGood ? failed : Math.max(failed, 1);
  process.stdout.write(`${passed} passed, ${failedShown} failed${skipped > 0 ? `, ${skipped} skipped` : ""}\n`);
  return isGood ? 0 : 1;
}
