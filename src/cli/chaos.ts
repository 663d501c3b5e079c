import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ChaosVictim, causeChaos } from "../../simulators/chaos.ts";
import { FaultProxy } from "../../simulators/fault-proxy.ts";
import type { ProfileReport } from "../../simulators/profile-report.ts";
import { runProfileTraffic } from "../../simulators/profile-traffic.ts";
import type { TrafficCard } from "../../simulators/traffic-settings.ts";
import { merchantProfiles } from "../../specs/merchant-profiles.ts";
import type { TestCard, TestCardBalance } from "../app/test-program.ts";
import { MovableClock } from "../kernel/clock.ts";
import { wirePan } from "../kernel/pan.ts";
import { secureRandom, seededRandom } from "../kernel/random.ts";
import { askAdmin } from "./admin-client.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { complain, print } from "./output.ts";
import { IssuerGone, adminIssuer } from "./scenario-issuer.ts";

export interface ChaosFlags {
  readonly minutes: string;
  readonly seed: string;
  readonly json: boolean;
}

const program = fileURLToPath(new URL("../cli.js", import.meta.url));
const freePorts = ["--port", "0", "--visa-port", "0", "--mastercard-port", "0", "--generic-port", "0"] as const;
const funds = 1_000_000_000_00;
const cardCount = 24;
const visitsPerSecond = 20;
const faultEveryMs = 4_000;
const settleMs = 60_000;
const startMsMax = 30_000;
const runMax = 46_656;

/**
 * `cardswitch chaos`: a switch of its own under traffic, whose line and processes fail again and again. In the end every
 * advice has to be answered, every answer right, and the books equal to what the model of the rules says.
 */
export async function chaos({ minutes, seed, json }: ChaosFlags): Promise<ExitCode> {
  const [lastsMinutes, seedNumber] = [Number(minutes), Number(seed)];
  if (!(lastsMinutes > 0 && lastsMinutes <= 1_440))
    return complain("--minutes is above 0 and at most 1440", exitCodes.usage);
  if (!Number.isSafeInteger(seedNumber)) return complain("--seed is a whole number", exitCodes.usage);
  const folder = mkdtempSync(join(tmpdir(), "cs-chaos-"));
  const served = await serve(join(folder, "data"));
  if (served === null) return complain("the switch did not start");
  try {
    const result = await soak(served, { endsAfterMs: lastsMinutes * 60_000, seed: seedNumber, json });
    if (typeof result === "string") return complain(result);
    print(json, { seed: seedNumber, ...result }, render(result));
    return result.wrong.length === 0 ? exitCodes.ok : exitCodes.failed;
  } finally {
    await served.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Soaked {
  readonly faults: Readonly<Record<string, number>>;
  readonly traffic: ProfileReport;
  /** Whatever may not be: nothing. */
  readonly wrong: readonly string[];
}

interface SoakSettings {
  readonly endsAfterMs: number;
  readonly seed: number;
  readonly json: boolean;
}

async function soak(served: Served, { endsAfterMs, seed, json }: SoakSettings): Promise<Soaked | string> {
  const clock = new MovableClock();
  const cards = await issueCards(served.url);
  if (typeof cards === "string") return cards;
  const target = { host: "127.0.0.1", port: served.visaPort };
  const proxy = new FaultProxy({ listen: { host: "127.0.0.1", port: 0 }, target });
  const at = await proxy.open();
  const endMs = clock.monotonicNow() + endsAfterMs;
  const causing = causeChaos(
    {
      random: seededRandom(seed),
      clock,
      proxy,
      victims: { kill: (victim) => signal(served, victim, "SIGKILL"), halt: (victim, ms) => halt(served, victim, ms) },
      everyMs: faultEveryMs,
      onFault: (words) => {
        if (!json) print(false, null, `  ${words}`);
      },
    },
    endMs,
  );
  const traffic = await runProfileTraffic(
    {
      network: "visa",
      host: "127.0.0.1",
      port: "port" in at ? at.port : 0,
      connections: 3,
      connectMs: 10_000,
      run: secureRandom.integer(runMax),
      seed,
      profiles: merchantProfiles.map(({ key }) => key),
      visits: Math.ceil((endsAfterMs / 1_000) * visitsPerSecond),
      visitsPerSecond,
      cards: cards.traffic,
      timeoutMs: 2_500,
      settleMs,
      outages: null,
    },
    clock,
  );
  const faults = await causing;
  await proxy.close();
  if (!traffic.ok) return traffic.error;
  return { faults, traffic: traffic.value, wrong: await wrongIn(served, traffic.value, cards.first) };
}

async function wrongIn({ url }: Served, report: ProfileReport, card: TestCard): Promise<string[]> {
  const wrong = [...report.mismatchSamples];
  if (report.unsettled > 0) wrong.push(`${report.unsettled} stored advices are without an answer`);
  try {
    const issuer = await adminIssuer(url);
    if (!issuer.ok) return [...wrong, issuer.error.message];
    wrong.push(...(await issuer.value.verify()));
  } catch (error) {
    if (!(error instanceof IssuerGone)) throw error;
    wrong.push(error.message);
  }
  const balance = await askAdmin<TestCardBalance>({ url }, `/_admin/balances/${card.id}`);
  if (!balance.ok) return [...wrong, balance.error.message];
  const [book] = report.books;
  const right = { available: funds - (book?.held ?? 0) - (book?.spent ?? 0), held: book?.held ?? 0 };
  const { available, held } = balance.value.body;
  if (available !== right.available) wrong.push(`${available} is available, by the rules ${right.available}`);
  if (held !== right.held) wrong.push(`${held} is held, by the rules ${right.held}`);
  return wrong;
}

/** All on one account, so that one balance says everything. */
async function issueCards(url: string): Promise<{ first: TestCard; traffic: TrafficCard[] } | string> {
  const wish = { network: "visa", currency: "usd", program: "load" };
  const cards: TestCard[] = [];
  for (let i = 0; i < cardCount; i++) {
    const account = cards[0]?.account ?? null;
    const card = await askAdmin<TestCard>({ url }, "/_admin/test-cards", { ...wish, account, funds });
    if (!card.ok) return card.error.message;
    cards.push(card.value.body);
  }
  const [first] = cards;
  if (first === undefined) return "no card was issued";
  const traffic = cards.map(({ pan, expiry }, index) => ({
    key: `card-${index + 1}`,
    pan: wirePan(pan),
    expiry,
    currency: 840,
    blockedCategory: null,
    limitEach: null,
  }));
  return { first, traffic };
}

interface Served {
  readonly supervisor: ChildProcess;
  readonly url: string;
  readonly visaPort: number;
  end(): Promise<void>;
}

async function serve(dataDir: string): Promise<Served | null> {
  const args = [program, "start", "--json", ...freePorts, "--data-dir", dataDir, "--log-level", "error"];
  const supervisor = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "ignore"] });
  const ended = new Promise<void>((resolve) => supervisor.once("close", () => resolve()));
  const line = await Promise.race([
    new Promise<string>((resolve) => supervisor.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString()))),
    ended.then(() => null),
    new Promise<null>((resolve) => setTimeout(() => resolve(null), startMsMax).unref()),
  ]);
  const end = async (): Promise<void> => {
    supervisor.kill("SIGTERM");
    await ended;
  };
  if (line === null) {
    await end();
    return null;
  }
  const { adminUrl, ports } = JSON.parse(line) as { adminUrl: string; ports: Record<string, number> };
  return { supervisor, url: adminUrl, visaPort: ports["visa-style"] ?? 0, end };
}

/** A child of the supervisor by its role: it gets another process whenever it was killed. */
function pidOf({ supervisor }: Served, role: ChaosVictim): number | null {
  const { pid } = supervisor;
  if (pid === undefined) return null;
  try {
    for (const child of readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ")) {
      const command = readFileSync(`/proc/${child}/cmdline`, "utf8").split("\0");
      if (command[command.indexOf("--role") + 1] === role) return Number(child);
    }
  } catch {
    // A child may end between two looks at it.
    return null;
  }
  return null;
}

function signal(served: Served, role: ChaosVictim, name: NodeJS.Signals): boolean {
  const pid = pidOf(served, role);
  return pid !== null && process.kill(pid, name);
}

function halt(served: Served, role: ChaosVictim, ms: number): boolean {
  const pid = pidOf(served, role);
  if (pid === null) return false;
  process.kill(pid, "SIGSTOP");
  setTimeout(() => {
    if (pidOf(served, role) === pid) process.kill(pid, "SIGCONT");
  }, ms);
  return true;
}

function render({ faults, traffic, wrong }: Soaked): string {
  const count = Object.values(faults).reduce((sum, each) => sum + each, 0);
  const lines = [
    `${count} faults, ${Object.values(traffic.messages).reduce((sum, each) => sum + each, 0)} messages`,
    `approved ${traffic.approved}  declined ${traffic.declined}  stood in ${traffic.stoodIn}  silent ${traffic.silent}  faulty ${traffic.faulty}`,
    ...wrong.map((words) => `✗ ${words}`),
    wrong.length === 0 ? "every answer right, every advice answered, the books as the rules say" : "something is wrong",
  ];
  return lines.join("\n");
}
