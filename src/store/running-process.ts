import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const pollMs = 20;
const isLinux = process.platform === "linux";

/** One of our Redis servers, as the process list shows it. */
export interface RunningServer {
  readonly pid: number;
  readonly dataDir: string;
  readonly socketPath: string;
}

/** A text that another process with the same, used-again number will not have; null: no such process is alive. */
export function processBirth(pid: number): string | null {
  if (!isLinux) return psBirth(pid);
  const stat = readOrNull(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // "7145 (redis-server) S 1 …": the name may hold blanks, so fields are counted from the closing bracket.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (fields[0] === "Z") return null;
  const boot = readOrNull("/proc/sys/kernel/random/boot_id")?.trim() ?? "";
  return `${boot}/${fields[19] ?? ""}`;
}

/** Every Redis or Valkey server that was started with the arguments of redis-settings.ts. */
export function runningServers(): RunningServer[] {
  return commandLines().flatMap(({ pid, words }) => {
    const dataDir = words[words.indexOf("--dir") + 1];
    const socketPath = words[words.indexOf("--unixsocket") + 1];
    const isServer = /^(redis|valkey)-server$/.test(basename(words[0] ?? ""));
    const isOurs = isServer && words.includes("--dir") && words.includes("--unixsocket");
    return isOurs && dataDir !== undefined && socketPath !== undefined ? [{ pid, dataDir, socketPath }] : [];
  });
}

/** Asks the process to end, and ends it when `graceMs` have passed. Resolves when it is gone. */
export async function endProcess(pid: number, graceMs: number): Promise<void> {
  const birth = processBirth(pid);
  if (birth === null) return;
  send(pid, "SIGTERM");
  const deadline = performance.now() + graceMs;
  let isKilled = false;
  while (processBirth(pid) === birth) {
    if (!isKilled && performance.now() > deadline) {
      send(pid, "SIGKILL");
      isKilled = true;
    }
    await sleep(pollMs);
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended between the look and the signal; the caller's next look says so.
  }
}

function commandLines(): { pid: number; words: string[] }[] {
  if (!isLinux) return psCommandLines();
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({
      pid: Number(name),
      words: (readOrNull(`/proc/${name}/cmdline`) ?? "").split("\0"),
    }));
}

function psCommandLines(): { pid: number; words: string[] }[] {
  const list = execFileSync("ps", ["-axww", "-o", "pid=,command="], {
    encoding: "utf8",
  });
  return list.split("\n").map((line) => {
    const [pid = "", ...words] = line.trim().split(/ +/);
    return { pid: Number(pid), words };
  });
}

function psBirth(pid: number): string | null {
  try {
    const line = execFileSync("ps", ["-o", "state=,lstart=", "-p", String(pid)], { encoding: "utf8" }).trim();
    return line === "" || line.startsWith("Z") ? null : line.slice(line.indexOf(" ") + 1).trim();
  } catch {
    return null;
  }
}

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
