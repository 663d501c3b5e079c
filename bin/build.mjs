import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const sourceFolders = ["src", "specs", "simulators", "bench", "test"];
const settingsFiles = ["tsconfig.json", "package-lock.json", "bin/build.mjs"];
const stampFile = join(root, "dist", ".build-stamp");

/**
 * Compiles into dist/ when a source differs from the last build. The compiler writes beside dist/, which is replaced
 * only by a build without errors: no test of a deleted source lives on, and a failed build leaves what worked.
 * @param {{ force: boolean }} options
 * @returns {boolean} whether there was anything to compile
 */
export function build({ force }) {
  const stamp = fingerprint();
  if (!force && existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) return false;
  const next = join(root, "dist-next");
  rmSync(next, { recursive: true, force: true });
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  const compiled = spawnSync(process.execPath, [tsc, "-p", ".", "--outDir", next], { cwd: root, stdio: "inherit" });
  if (compiled.status !== 0) {
    rmSync(next, { recursive: true, force: true });
    throw new Error("the sources do not compile");
  }
  copyLua(next);
  writeFileSync(join(next, ".build-stamp"), stamp);
  rmSync(join(root, "dist"), { recursive: true, force: true });
  renameSync(next, join(root, "dist"));
  return true;
}

function copyLua(target) {
  const lua = join("src", "store", "lua");
  if (existsSync(join(root, lua))) cpSync(join(root, lua), join(target, lua), { recursive: true });
}

// Names, sizes and times of change: reading some hundred files whole would cost a second start more than it saves.
function fingerprint() {
  const hash = createHash("sha256");
  for (const file of [...settingsFiles, ...sourceFolders.flatMap(filesUnder)]) {
    const { mtimeMs, size } = statSync(join(root, file));
    hash.update(`${file} ${mtimeMs} ${size}\n`);
  }
  return hash.digest("hex");
}

function filesUnder(folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(ts|lua)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
    .sort();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    build({ force: true });
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
