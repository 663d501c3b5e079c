import { currencies } from "../../specs/currencies.ts";
import { merchantProfiles } from "../../specs/merchant-profiles.ts";
import type { NetworkName } from "../../simulators/purchase.ts";
import type { ProfileReport } from "../../simulators/profile-report.ts";
import { runProfileTraffic } from "../../simulators/profile-traffic.ts";
import { runTraffic } from "../../simulators/traffic.ts";
import type { TrafficReport } from "../../simulators/traffic-report.ts";
import { type TrafficCard, type TrafficSettings, usualTraffic } from "../../simulators/traffic-settings.ts";
import { CsvError, readCsv } from "../app/cards-commands.ts";
import { must } from "../kernel/assert.ts";
import { MovableClock } from "../kernel/clock.ts";
import { currenciesByCode } from "../kernel/currency.ts";
import { secureRandom } from "../kernel/random.ts";
import { askAdmin } from "./admin-client.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { complain, print } from "./output.ts";

export interface SimulateFlags {
  /** A card file, as `cards generate` and `cards export` write it. */
  readonly cards: string;
  readonly network: string;
  /** undefined: the usual one, unless `inFlight` paces. */
  readonly rate: string | undefined;
  readonly inFlight: string | undefined;
  readonly seconds: string;
  readonly messages: string | undefined;
  readonly connections: string;
  readonly seed: string;
  /** Merchant profiles by key, or all; undefined: single purchases. */
  readonly profiles: string | undefined;
  /** With profiles: so many seconds between outages; undefined: none. */
  readonly outageEvery: string | undefined;
  readonly url: string | undefined;
  readonly json: boolean;
}

interface LinksView {
  readonly links: readonly { readonly network: NetworkName; readonly host: string; readonly port: number }[];
}

const runMax = 46_656;
const usualRate = "500";

/** `cardswitch simulate`: traffic against a running switch. 1 where an answer was wrong or missing. */
export async function simulate(flags: SimulateFlags): Promise<ExitCode> {
  const { network } = flags;
  if (network !== "visa" && network !== "mastercard" && network !== "generic") {
    return complain("--network is one of visa, mastercard, generic", exitCodes.usage);
  }
  if (flags.rate !== undefined && flags.inFlight !== undefined)
    return complain("--rate and --in-flight exclude each other", exitCodes.usage);
  const numbers = numbersOf(flags);
  if (numbers === null) return complain("rates, counts and seconds are whole numbers above zero", exitCodes.usage);
  const cards = await readCards(flags.cards);
  if (typeof cards === "string") return complain(cards, exitCodes.usage);
  if (cards.length === 0) return complain(`${flags.cards} has no cards`, exitCodes.usage);
  const links = await askAdmin<LinksView>({ url: flags.url }, "/_admin/links");
  if (!links.ok) return complain(links.error.message, links.error.exitCode);
  const link = links.value.body.links.find((candidate) => candidate.network === network);
  if (link === undefined) return complain(`the switch has no link for ${network}`, exitCodes.usage);
  if (flags.profiles !== undefined) return visitMerchants(flags, network, { ...link, cards, ...numbers });
  const settings: TrafficSettings = {
    ...usualTraffic,
    network,
    host: link.host === "0.0.0.0" ? "127.0.0.1" : link.host,
    port: link.port,
    signOn: network === "generic" ? "none" : "by-us",
    run: secureRandom.integer(runMax),
    cards,
    naps: true,
    ...numbers,
  };
  const run = await runTraffic(settings, new MovableClock());
  if (!run.ok) return complain(run.error);
  const report = run.value;
  print(flags.json, report, render(report));
  const isRight = report.mismatches + report.unanswered + report.faulty + report.unsettled === 0;
  return isRight ? exitCodes.ok : exitCodes.failed;
}

interface VisitNumbers extends Pick<TrafficSettings, "connections" | "seed" | "seconds" | "messages" | "pace"> {
  readonly host: string;
  readonly port: number;
  readonly cards: readonly TrafficCard[];
}

const outageMs = 1_000;

/** With `--profiles`: visits instead of purchases, `--rate` of them a second. */
async function visitMerchants(flags: SimulateFlags, network: NetworkName, numbers: VisitNumbers): Promise<ExitCode> {
  const known = merchantProfiles.map(({ key }) => key);
  const wanted = flags.profiles === "all" ? known : (flags.profiles ?? "").split(",");
  const profiles = known.filter((key) => wanted.includes(key));
  if (profiles.length === 0 || profiles.length < wanted.length) {
    return complain(`--profiles is all, or some of ${known.join(",")}`, exitCodes.usage);
  }
  const everyS = flags.outageEvery === undefined ? null : positive(flags.outageEvery);
  if (everyS !== null && everyS < 2) return complain("--outage-every is a number of seconds above 1", exitCodes.usage);
  const visitsPerSecond = numbers.pace.kind === "open" ? numbers.pace.perSecond : 1;
  const { host, port, cards, connections, seed, messages, seconds } = numbers;
  const run = await runProfileTraffic(
    {
      network,
      host: host === "0.0.0.0" ? "127.0.0.1" : host,
      port,
      connections,
      connectMs: usualTraffic.connectMs,
      run: secureRandom.integer(runMax),
      seed,
      profiles,
      visits: messages ?? Math.ceil((seconds ?? 1) * visitsPerSecond),
      visitsPerSecond,
      cards,
      timeoutMs: usualTraffic.timeoutMs,
      settleMs: usualTraffic.settleMs,
      outages: everyS === null ? null : { everyMs: everyS * 1_000, forMs: outageMs },
    },
    new MovableClock(),
  );
  if (!run.ok) return complain(run.error);
  print(flags.json, run.value, renderVisits(run.value));
  const { faulty, mismatches, silent, unsettled } = run.value;
  return mismatches + silent + faulty + unsettled === 0 ? exitCodes.ok : exitCodes.failed;
}

function renderVisits(report: ProfileReport): string {
  const counts = (table: Readonly<Record<string, number>>): string =>
    Object.entries(table)
      .map(([name, count]) => `${name} ${count}`)
      .join("  ");
  const { p50, p90, p99, p999, max } = report.latencyMs;
  const lines = [
    `visits  ${counts(report.visits)}`,
    `messages  ${counts(report.messages)}`,
    `approved ${report.approved}  declined ${report.declined}  stood in ${report.stoodIn}  silent ${report.silent}`,
    `outages ${report.outages}  advices without an answer ${report.unsettled}  wrong answers ${report.mismatches}`,
    `milliseconds  p50 ${p50}  p90 ${p90}  p99 ${p99}  p99.9 ${p999}  max ${max}`,
    ...report.mismatchSamples.map((sample) => `✗ ${sample}`),
  ];
  return lines.join("\n");
}

function render(report: TrafficReport): string {
  const { p50, p90, p99, p999, max } = report.latencyMs;
  const offered = report.offeredPerSecond === null ? "" : ` of ${report.offeredPerSecond}/s offered`;
  const lines = [
    `${report.answered} answers in ${report.seconds.toFixed(1)} s, ${report.achievedPerSecond.toFixed(0)}/s${offered}`,
    `approved ${report.approved}  declined ${report.declined}  duplicates ${report.duplicates}  reversals ${report.reversals}`,
    `refused ${report.refused}  unanswered ${report.unanswered}  late ${report.late}  faulty ${report.faulty}`,
    `milliseconds  p50 ${p50}  p90 ${p90}  p99 ${p99}  p99.9 ${p999}  max ${max}`,
    ...report.mismatchSamples.map((sample) => `✗ ${sample}`),
  ];
  return lines.join("\n");
}

function numbersOf(
  flags: SimulateFlags,
): Pick<TrafficSettings, "pace" | "seconds" | "messages" | "connections" | "seed"> | null {
  const [rate, seconds, connections] = [flags.rate ?? usualRate, flags.seconds, flags.connections].map(positive);
  const inFlight = flags.inFlight === undefined ? null : positive(flags.inFlight);
  const messages = flags.messages === undefined ? null : positive(flags.messages);
  const seed = /^\d{1,9}$/.test(flags.seed) ? Number(flags.seed) : 0;
  if (!rate || !seconds || !connections || inFlight === 0 || messages === 0 || seed === 0) return null;
  const pace =
    inFlight === null ? ({ kind: "open", perSecond: rate } as const) : ({ kind: "closed", inFlight } as const);
  return { pace, seconds, messages, connections, seed };
}

/** 0 where the text is no whole number above zero. */
function positive(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : 0;
}

async function readCards(path: string): Promise<TrafficCard[] | string> {
  const byCode = currenciesByCode(currencies);
  const cards: TrafficCard[] = [];
  try {
    for await (const { pan, expiry, currency } of readCsv(path)) {
      const { number } = must(byCode.get(currency), "a currency of the card file");
      cards.push({ key: `${cards.length + 1}`, pan, expiry, currency: number, blockedCategory: null, limitEach: null });
    }
    return cards;
  } catch (error) {
    if (error instanceof CsvError) return `${path}, ${error.message}`;
    return `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}
