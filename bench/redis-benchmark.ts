import { spawn } from "node:child_process";
import { must } from "../src/kernel/assert.ts";
import type { BenchRedis } from "./environment.ts";

export interface BenchmarkRun {
  readonly functionName: string;
  readonly calls: number;
  readonly clients: number;
  readonly pipeline: number;
}

const milliseconds = 120_000;

/** Calls a second that redis-benchmark reaches with a function of one random argument. */
export async function redisBenchmark(bench: BenchRedis, run: BenchmarkRun): Promise<number> {
  const program = must(bench.binaries.tools.benchmark, "redis-benchmark is not installed");
  // -r is read as an int: two thousand million is the most that does not wrap around.
  const args = ["-s", bench.socketPath, "-n", String(run.calls), "-r", "2000000000"];
  args.push("-c", String(run.clients), "-P", String(run.pipeline), "--csv");
  args.push("FCALL", run.functionName, "0", "__rand_int__");
  const output = await capture(program, args, bench.binaries.libraryPath);
  // "test","rps",…\n"FCALL …","81234.50",…
  const row = must(output.trim().split("\n").at(-1), "redis-benchmark printed nothing");
  const rate = Number(row.split('","')[1]);
  if (!Number.isFinite(rate)) throw new Error(`redis-benchmark: ${output.slice(0, 400)}`);
  return rate;
}

function capture(program: string, args: readonly string[], libraryPath: string | null): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = libraryPath === null ? process.env : { ...process.env, LD_LIBRARY_PATH: libraryPath };
    // Against a dead server redis-benchmark spins for ever.
    const child = spawn(program, args, { env, timeout: milliseconds, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve(output) : reject(new Error(`redis-benchmark: ${output.slice(0, 400)}`)),
    );
  });
}
