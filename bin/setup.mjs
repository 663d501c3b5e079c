import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { EnvironmentError } from "./environment-error.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const nodeMin = [20, 19];
const lockFile = join(root, "package-lock.json");
const lockStamp = join(root, "node_modules", ".cardswitch-lock");

/**
 * Makes a fresh clone ready: packages, compiled sources, Redis. What is ready already is neither done nor mentioned.
 * Says one line on stderr for each thing that it did, so that stdout stays the program's own.
 * @returns {Promise<void>}
 */
export async function setUp() {
  checkNode();
  await step("packages", () => installPackages());
  await step("build", async () => {
    const { build } = await import("./build.mjs");
    return build({ force: false }) ? "compiled" : null;
  });
  await step("redis", () => readyRedis());
}

/**
 * Runs the compiled program in this process, after setting up, as if `node <program> <arguments>` had been typed:
 * signals and the exit code need no passing on.
 * @param {string} program path under the repository
 * @param {string[]} [before] arguments in front of the user's
 */
export async function setUpAndRun(program, before = []) {
  await exitOnError(setUp);
  await run(program, before);
}

/**
 * @param {string} program path under the repository
 * @param {string[]} [before]
 */
export async function run(program, before = []) {
  const file = join(root, program);
  process.argv.splice(1, 1, file, ...before);
  await import(file);
}

/**
 * Exit codes: 3 where the environment lacks something, 1 where the sources or packages are at fault.
 * @param {() => Promise<void>} action
 */
export async function exitOnError(action) {
  try {
    await action();
  } catch (error) {
    process.stderr.write(`cardswitch: ${error.message}\n`);
    process.exit(error instanceof EnvironmentError ? 3 : 1);
  }
}

async function step(name, action) {
  const startedAt = performance.now();
  const outcome = await action();
  if (outcome === null) return;
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stderr.write(`${name.padEnd(9)} ${outcome} (${seconds} s)\n`);
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const isOld = major < nodeMin[0] || (major === nodeMin[0] && minor < nodeMin[1]);
  if (isOld)
    throw new EnvironmentError(
      "node_too_old",
      `Node ${nodeMin.join(".")} or newer is needed; this is ${process.version}`,
    );
}

function installPackages() {
  const lock = readFileSync(lockFile, "utf8");
  const hash = createHash("sha256").update(lock).digest("hex");
  if (existsSync(lockStamp) && readFileSync(lockStamp, "utf8") === hash) return null;
  const isAsLocked = installedAsLocked(JSON.parse(lock));
  if (!isAsLocked) npmCi();
  writeFileSync(lockStamp, hash);
  return isAsLocked ? null : "installed by npm ci";
}

// npm keeps its own list of what it installed. Where a person ran `npm ci`, it need not run again.
function installedAsLocked(lock) {
  const list = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(list)) return false;
  const installed = JSON.parse(readFileSync(list, "utf8")).packages;
  return Object.entries(lock.packages).every(([path, wanted]) => {
    if (path === "") return true;
    const found = installed[path];
    return found === undefined ? wanted.optional === true : found.version === wanted.version;
  });
}

function npmCi() {
  process.stderr.write("packages  installing, as package-lock.json says\n");
  // Without --include=dev, NODE_ENV=production would leave out the compiler.
  const done = spawnSync("npm", ["ci", "--include=dev", "--no-progress"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (done.error) throw new EnvironmentError("npm_failed", `npm cannot be run: ${done.error.message}`);
  if (done.status !== 0) throw new EnvironmentError("npm_failed", `npm ci failed with exit code ${done.status}`);
}

async function readyRedis() {
  if (process.env.REDIS_URL) return null;
  const { findRedis } = await import("./find-redis.mjs");
  const found = await findRedis({ env: process.env, mayFetch: true });
  return found.isFetched ? `${found.version} fetched from the Debian packages, kept in ${found.folder}` : null;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await exitOnError(setUp);
