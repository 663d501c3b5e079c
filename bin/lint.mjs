import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { exitOnError, setUp } from "./setup.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

const checks = [
  { name: "types", command: ["typescript/bin/tsc", "-p", ".", "--noEmit"] },
  { name: "rules", command: ["oxlint/bin/oxlint", "--type-aware", "--deny-warnings"] },
  { name: "format", command: ["@biomejs/biome/bin/biome", "format", "."] },
  { name: "dead code", command: ["knip/bin/knip.js"] },
];

await exitOnError(setUp);
const failed = checks.filter(({ command: [program, ...args] }) => {
  const file = fileURLToPath(new URL(`../node_modules/${program}`, import.meta.url));
  return spawnSync(process.execPath, [file, ...args], { cwd: root, stdio: "inherit" }).status !== 0;
});
process.stdout.write(
  failed.length === 0 ? "lint: clean\n" : `lint: ${failed.map(({ name }) => name).join(", ")} failed\n`,
);
process.exitCode = failed.length === 0 ? 0 : 1;
