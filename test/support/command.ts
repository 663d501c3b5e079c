import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The command as it is compiled. */
export const program = fileURLToPath(new URL("../../src/cli.js", import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Served {
  readonly process: ChildProcess;
  readonly url: string;
  /** Told at the first start of a data set, and only then. */
  readonly apiKey: string | null;
  readonly ports: Readonly<Record<string, number>>;
  readonly pids: Readonly<Record<"switch" | "platform" | "redis", number>>;
  readonly dataDir: string;
  /** What it has said on stderr so far. */
  readonly stderr: () => string;
  /** Sends the signal and waits for the end; the code that the shell would see. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

const endMsMax = 30_000;

/** `cardswitch` with these arguments, to its end. */
export function command(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const child = run(args, env);
  return new Promise((resolve) => {
    const limit = setTimeout(() => child.process.kill("SIGKILL"), endMsMax);
    child.process.once("close", (code) => {
      clearTimeout(limit);
      resolve({ code, stdout: child.stdout(), stderr: child.stderr() });
    });
  });
}

export const freePorts = ["--port", "0", "--visa-port", "0", "--mastercard-port", "0", "--generic-port", "0"] as const;

/** `cardswitch start` on free ports, until it says where it is. */
export async function serve(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Served> {
  const child = run(["start", "--json", ...freePorts, ...args], env);
  const line = await firstLine(child);
  const { adminUrl, apiKey, ports, pids, dataDir } = JSON.parse(line) as Omit<Served, "url"> & { adminUrl: string };
  return {
    process: child.process,
    url: adminUrl,
    apiKey,
    ports,
    pids,
    dataDir,
    stderr: child.stderr,
    end: (signal) =>
      new Promise((resolve) => {
        if (child.process.exitCode !== null) return resolve(child.process.exitCode);
        child.process.once("exit", (code) => resolve(code));
        child.process.kill(signal);
      }),
  };
}

/** A folder for one test; the answer removes it. */
export function freshFolder(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "cardswitch-test-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Asks until it holds; false after `timeoutMs`. */
export async function eventually(claim: () => Promise<boolean>, timeoutMs = 10_000): Promise<boolean> {
  const endMs = performance.now() + timeoutMs;
  while (performance.now() < endMs) {
    if (await claim().catch(() => false)) return true;
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
  return false;
}

interface Running {
  readonly process: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
}

function run(args: readonly string[], env: Readonly<Record<string, string>>): Running {
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, REDIS_URL: "", CARDSWITCH_LOG_LEVEL: "warn", ...env },
  });
  const texts = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      texts[name] += text;
    });
  }
  return { process: child, stdout: () => texts.stdout, stderr: () => texts.stderr };
}

async function firstLine(child: Running): Promise<string> {
  const isThere = await eventually(
    async () => child.stdout().includes("\n") || child.process.exitCode !== null,
    endMsMax,
  );
  if (isThere && child.stdout().includes("\n")) return child.stdout().split("\n")[0] ?? "";
  child.process.kill("SIGKILL");
  throw new Error(`cardswitch start said nothing but: ${child.stderr()}`);
}
