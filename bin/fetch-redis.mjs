import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { examine, librariesOf } from "./find-redis.mjs";

const execute = promisify(execFile);
const commandMsMax = 120_000;
const roundsMax = 4;
const basePackages = ["redis-server", "redis-tools", "libjemalloc2", "liblzf1", "libatomic1"];

/**
 * Unpacks Debian's Redis into `<cache>/redis-<version>` without installing anything: no root is needed, no service
 * starts, and the host's own package lists stay as they are.
 * @param {string} cache
 * @param {string[]} rejected receives the reason where it cannot be done
 * @returns {Promise<string | null>} path of redis-server
 */
export async function fetchRedis(cache, rejected) {
  if (process.platform !== "linux" || !(await runs("apt-get", ["--version"])) || !(await runs("dpkg", ["--version"]))) {
    return null;
  }
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, "fetch-"));
  try {
    return await fetchInto(folder, cache, rejected);
  } catch (error) {
    const [reason] = (error.stderr || error.message).trim().split("\n").slice(-1);
    rejected.push(`the Debian packages could not be fetched: ${reason}`);
    return null;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function fetchInto(folder, cache, rejected) {
  const root = join(folder, "root");
  const apt = await downloader(folder);
  await apt(basePackages);
  await unpack(folder, root);
  await addMissingLibraries(folder, root, apt);
  const server = join(root, "usr", "bin", "redis-server");
  const found = await examine(server, rejected, true);
  if (found === null) return null;
  const kept = join(cache, `redis-${found.version}`);
  // Another start may have put the same one there meanwhile: either is good.
  await rename(root, kept).catch((error) => {
    if (!existsSync(join(kept, "usr", "bin", "redis-server"))) throw error;
  });
  return join(kept, "usr", "bin", "redis-server");
}

/**
 * `apt-get download` with the machine's lists. Where those are empty or out of date, with fresh lists of our own that
 * live beside the download: an ordinary user may do that too.
 */
async function downloader(folder) {
  const own = [];
  const download = (packages) =>
    execute("apt-get", [...aptOptions, ...own, "download", ...packages], { cwd: folder, timeout: commandMsMax });
  return async (packages) => {
    try {
      await download(packages);
    } catch (error) {
      if (own.length > 0) throw error;
      const lists = join(folder, "lists");
      await mkdir(join(lists, "partial"), { recursive: true });
      await mkdir(join(folder, "archives", "partial"), { recursive: true });
      own.push("-o", `Dir::State::lists=${lists}`, "-o", `Dir::Cache=${folder}`);
      await execute("apt-get", [...aptOptions, ...own, "update"], { timeout: commandMsMax });
      await download(packages);
    }
  };
}

const aptOptions = [
  "-q",
  "-o",
  "APT::Sandbox::User=root",
  "-o",
  "Acquire::Retries=2",
  "-o",
  "Acquire::http::Timeout=20",
  "-o",
  "APT::Update::Error-Mode=any",
];

async function unpack(folder, root) {
  for (const file of await readdir(folder)) {
    if (!file.endsWith(".deb")) continue;
    await execute("dpkg", ["-x", join(folder, file), root], { timeout: commandMsMax });
  }
}

// A slim image lacks some libraries that others have: what the linker misses is looked for among the dependencies.
async function addMissingLibraries(folder, root, apt) {
  for (let round = 0; round < roundsMax && (await isLibraryMissing(root)); round++) {
    const wanted = await dependenciesNotInstalled(folder);
    if (wanted.length === 0) return;
    await apt(wanted);
    await unpack(folder, root);
  }
}

async function isLibraryMissing(root) {
  const libraryPath = (await librariesOf(root)) ?? "";
  const server = join(root, "usr", "bin", "redis-server");
  const { stdout } = await execute("ldd", [server], { env: { ...process.env, LD_LIBRARY_PATH: libraryPath } });
  return stdout.includes("not found");
}

async function dependenciesNotInstalled(folder) {
  const debs = (await readdir(folder)).filter((file) => file.endsWith(".deb"));
  const downloaded = new Set(debs.map((file) => file.split("_")[0]));
  const wanted = new Set();
  for (const deb of debs) {
    const { stdout } = await execute("dpkg-deb", ["-f", join(folder, deb), "Depends"]);
    for (const clause of stdout.split(",")) {
      const name = /^\s*(lib[a-z0-9.+-]+)/.exec(clause)?.[1];
      if (name !== undefined && name !== "libc6" && !downloaded.has(name)) wanted.add(name);
    }
  }
  const isInstalled = async (name) => runs("dpkg", ["-s", name]);
  const missing = await Promise.all([...wanted].map(async (name) => ((await isInstalled(name)) ? [] : [name])));
  return missing.flat();
}

async function runs(command, args) {
  return execute(command, args, { timeout: commandMsMax }).then(
    () => true,
    () => false,
  );
}
