import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type LoadCard, createLoadProgram } from "../../src/app/load-program.ts";
import { must } from "../../src/kernel/assert.ts";
import { startSwitch } from "../../src/public.ts";

export const victims = ["switch", "platform", "redis", "supervisor"] as const;
export type Victim = (typeof victims)[number];

const cardCount = 512;
const fundsEach = 100_000_000_000n;
const startMsMax = 60_000;
const stopMsMax = 30_000;
const pollMs = 20;
const complaintsKept = 4_000;

/** A data set with load cards, served as `cardswitch start` serves it: a supervisor, its two children and its Redis. */
export class KilledSystem {
  readonly folder: string;
  readonly dataDir: string;
  readonly cards: readonly LoadCard[];
  readonly ports: readonly number[];
  #supervisor: ChildProcess | null = null;
  #complaints = "";
  /** Starts that were refused because something of the dead supervisor was still there. */
  refusedStarts = 0;

  private constructor(parts: {
    folder: string;
    dataDir: string;
    cards: readonly LoadCard[];
    ports: readonly number[];
  }) {
    this.folder = parts.folder;
    this.dataDir = parts.dataDir;
    this.cards = parts.cards;
    this.ports = parts.ports;
  }

  static async create(): Promise<KilledSystem> {
    const folder = mkdtempSync(join(tmpdir(), "cs-kills-"));
    const dataDir = join(folder, "data");
    let cards: readonly LoadCard[] = [];
    const seeding = await startSwitch({
      dataDir,
      seed: async (program) => {
        cards = await createLoadProgram(program, {
          cards: cardCount,
          currency: "usd",
          network: "visa",
          shardCount: program.committer.keyspace.shardCount,
          accountsPerShard: 1,
          cardholdersPerAccount: 1,
          funds: fundsEach,
          programType: "load",
          concurrency: 64,
        });
      },
    });
    await seeding.settled();
    await seeding.close();
    return new KilledSystem({ folder, dataDir, cards, ports: await freePorts(4) });
  }

  /** The plain link. */
  get port(): number {
    return must(this.ports[3], "four ports");
  }

  /** Starts the supervisor until it is up: what a killed one has left may take a moment to go. */
  async start(): Promise<void> {
    const endMs = performance.now() + startMsMax;
    while (performance.now() < endMs) {
      if (await this.#startOnce()) return;
      this.refusedStarts++;
      await sleep(200);
    }
    throw new Error(`the supervisor does not start: ${this.complaints}`);
  }

  /** What the processes have written to standard error of late. */
  get complaints(): string {
    return this.#complaints;
  }

  /** null while the process is not there. */
  pidOf(victim: Victim): number | null {
    const supervisor = this.#supervisor?.pid;
    if (supervisor === undefined || this.#supervisor?.exitCode !== null) return null;
    if (victim === "supervisor") return supervisor;
    const mark = victim === "redis" ? "redis-server" : victim;
    return childrenOf(supervisor).find(({ words }) => words.some((word) => isNamed(word, mark)))?.pid ?? null;
  }

  /** Asks the supervisor to end; resolves to its exit code. */
  async stop(): Promise<number | null> {
    const supervisor = this.#supervisor;
    if (supervisor === null || supervisor.exitCode !== null || supervisor.signalCode !== null) return null;
    const ended = new Promise<number | null>((resolve) => supervisor.once("exit", (code) => resolve(code)));
    supervisor.kill("SIGTERM");
    const late = setTimeout(() => supervisor.kill("SIGKILL"), stopMsMax);
    const code = await ended;
    clearTimeout(late);
    return code;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #startOnce(): Promise<boolean> {
    const [http = 0, visa = 0, mastercard = 0, generic = 0] = this.ports;
    const program = fileURLToPath(new URL("../../src/cli.js", import.meta.url));
    const ports = ["--port", http, "--visa-port", visa, "--mastercard-port", mastercard, "--generic-port", generic];
    const words = ["start", "--json", "--data-dir", this.dataDir, "--log-level", "error", ...ports.map(String)];
    const child = spawn(process.execPath, [program, ...words], { stdio: ["ignore", "pipe", "pipe"] });
    this.#supervisor = child;
    child.stderr.on("data", (chunk: Buffer) => {
      this.#complaints = (this.#complaints + chunk.toString()).slice(-complaintsKept);
    });
    return new Promise((resolve) => {
      child.stdout.once("data", () => resolve(true));
      child.once("exit", () => resolve(false));
    });
  }
}

/** Waits until something is true; throws with the sentence where that takes too long. */
export async function until(isTrue: () => boolean, what: string, timeoutMs: number): Promise<void> {
  const endMs = performance.now() + timeoutMs;
  while (!isTrue()) {
    if (performance.now() > endMs) throw new Error(`waited in vain until ${what}`);
    await sleep(pollMs);
  }
}

function isNamed(word: string, mark: string): boolean {
  return word === mark || word.endsWith(`/${mark}`);
}

/** From the process list, so that nothing depends on what the supervisor itself says. */
function childrenOf(parent: number): { pid: number; words: string[] }[] {
  const children: { pid: number; words: string[] }[] = [];
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      // "7145 (redis-server) S 7100 …": state and parent follow the closing bracket.
      const [state, of] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (Number(of) !== parent || state === "Z") continue;
      children.push({ pid, words: readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0") });
    } catch {
      // It has ended while we looked.
    }
  }
  return children;
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => {
    const bound = server.address();
    return bound !== null && typeof bound === "object" ? bound.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))));
  return ports;
}
