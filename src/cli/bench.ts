import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { complain } from "./output.ts";

const options = ["--json", "--quick", "--growth"];

/** `cardswitch bench`: the measurements, in a process of their own. */
export async function bench(args: readonly string[]): Promise<ExitCode> {
  const unknown = args.find((arg) => !options.includes(arg));
  if (unknown !== undefined) return complain(`bench knows ${options.join(", ")}, not ${unknown}`, exitCodes.usage);
  const program = fileURLToPath(new URL("../../bench/main.js", import.meta.url));
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, ...args], { stdio: "inherit" });
    child.once("error", (error) => resolve(complain(`the bench cannot be run: ${error.message}`)));
    child.once("exit", (code) => resolve(code === 0 ? exitCodes.ok : exitCodes.failed));
  });
}
