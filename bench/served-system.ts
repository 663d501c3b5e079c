import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type LoadCard, createLoadProgram } from "../src/app/load-program.ts";
import type { VerifyAnswer } from "../src/app/verify-data-set.ts";
import { must } from "../src/kernel/assert.ts";
import { startSwitch } from "../src/public.ts";

const funds = 1_000_000_000_000n;
const startMsMax = 60_000;
const endMsMax = 10_000;

/** What the API is asked with, for one card that no message of the wire names. */
export interface ApiDoor {
  readonly url: string;
  readonly key: string;
  readonly card: string;
  readonly account: string;
}

interface Announced {
  readonly adminUrl: string;
  readonly apiKey: string | null;
  readonly ports: Readonly<Record<string, number>>;
}

interface Seeded {
  readonly pans: readonly string[];
  readonly card: string;
  readonly account: string;
}

/** Load cards served as in production: `cardswitch start`, its switch, its platform and its Redis, every answer durable. */
export class ServedSystem {
  readonly pans: readonly string[];
  /** The plain link. */
  readonly wirePort: number;
  readonly api: ApiDoor;
  readonly #folder: string;
  readonly #supervisor: ChildProcess;

  private constructor(parts: { folder: string; supervisor: ChildProcess; seeded: Seeded; announced: Announced }) {
    const { announced, seeded } = parts;
    this.#folder = parts.folder;
    this.#supervisor = parts.supervisor;
    this.pans = seeded.pans;
    this.wirePort = must(announced.ports["generic"], "the plain link listens");
    const key = must(announced.apiKey, "a first start tells the key");
    this.api = { url: announced.adminUrl, key, card: seeded.card, account: seeded.account };
  }

  static async open(cards: number): Promise<ServedSystem> {
    const folder = mkdtempSync(join(tmpdir(), "cardswitch-bench-"));
    const dataDir = join(folder, "data");
    const seeded = await seed(dataDir, cards);
    const { supervisor, announced } = await start(dataDir);
    return new ServedSystem({ folder, supervisor, seeded, announced });
  }

  /** Recomputes everything at rest; each sentence is a violation. */
  async verify(): Promise<string[]> {
    const response = await fetch(`${this.api.url}/_admin/verify`, { method: "POST" });
    if (!response.ok) return [`verify answered ${response.status}: ${await response.text()}`];
    const report = (await response.json()) as VerifyAnswer;
    return report.violations.map((violation) => JSON.stringify(violation));
  }

  /** Resolves to the exit code; null: it had to be killed. */
  async close(): Promise<number | null> {
    const ended = new Promise<number | null>((resolve) => this.#supervisor.once("exit", resolve));
    this.#supervisor.kill("SIGTERM");
    const late = setTimeout(() => this.#supervisor.kill("SIGKILL"), endMsMax);
    const code = await ended;
    clearTimeout(late);
    rmSync(this.#folder, { recursive: true, force: true });
    return code;
  }
}

async function seed(dataDir: string, cards: number): Promise<Seeded> {
  let made: readonly LoadCard[] = [];
  const seeding = await startSwitch({
    dataDir,
    seed: async (program) => {
      made = await createLoadProgram(program, {
        cards: cards + 1,
        currency: "usd",
        network: "visa",
        shardCount: program.committer.keyspace.shardCount,
        accountsPerShard: 1,
        cardholdersPerAccount: 1,
        funds,
        programType: "load",
        concurrency: 256,
      });
    },
  });
  await seeding.settled();
  const { access } = seeding;
  const [own, ...onWire] = made;
  const { place } = must(own, "a card for the API");
  const { account } = must(access.queries.object("card", place), "the card is in the records");
  const seeded = {
    pans: onWire.map(({ pan }) => pan),
    card: access.idOf("ic", place),
    account: access.idOf("acct", { shard: place.shard, no: account }),
  };
  await seeding.close();
  return seeded;
}

function start(dataDir: string): Promise<{ supervisor: ChildProcess; announced: Announced }> {
  const program = fileURLToPath(new URL("../src/cli.js", import.meta.url));
  const ports = ["--port", "--visa-port", "--mastercard-port", "--generic-port"].flatMap((name) => [name, "0"]);
  const words = [program, "start", "--json", "--data-dir", dataDir, "--log-level", "error", ...ports];
  const supervisor = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => supervisor.kill("SIGKILL"), startMsMax);
    supervisor.once("exit", (code) => {
      clearTimeout(late);
      reject(new Error(`cardswitch start ended with ${code}`));
    });
    supervisor.stdout.once("data", (line: Buffer) => {
      clearTimeout(late);
      resolve({ supervisor, announced: JSON.parse(line.toString()) as Announced });
    });
  });
}
