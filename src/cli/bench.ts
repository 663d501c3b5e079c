import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type ExitCode, exitCodes, isExitCode } from "./exit-codes.ts";
import { complain } from "./output.ts";

/** `cardswitch bench`: the measurements, in a process of their own. */
export async function bench(args: readonly string[]): Promise<ExitCode> {
  const program = fileURLToPath(new URL("../../bench/main.js", import.meta.url));
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, ...args], { stdio: "inherit" });
    child.once("error", (error) => resolve(complain(`the bench cannot be run: ${error.message}`)));
    child.once("exit", (code) => resolve(isExitCode(code) ? code : exitCodes.failed));
  });
}
