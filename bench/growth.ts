import { must } from "../src/kernel/assert.ts";
import { MovableClock } from "../src/kernel/clock.ts";
import { minor } from "../src/kernel/money.ts";
import type { Engine } from "../src/app/engine.ts";
import type { AuthorizationRequest } from "../src/authorizer/request.ts";
import { startProjector } from "../src/projector/projector.ts";
import { openRecords } from "../src/records/database.ts";
import { RecordsQueries } from "../src/records/queries.ts";
import { createClient } from "../src/store/client.ts";
import { purge } from "../src/store/purge.ts";
import { verify } from "../src/verify/verify.ts";
import { BenchRedis } from "./environment.ts";
import { type LoadDataSet, createLoadDataSet, openBenchEngine } from "./load-data-set.ts";

export interface GrowthFigures {
  readonly authorizations: number;
  /** Redis memory with the holds that were left, after everything else was purged; and of a data set that never had more. */
  readonly memoryAfterBytes: number;
  readonly memoryFreshBytes: number;
  readonly memoryRatio: number;
  /** Slowest of a hundred look-ups in the records. */
  readonly byIdMs: number;
  readonly byCardMs: number;
  readonly byCardholderMs: number;
  /** From the start of Redis on the files of all this to an engine that decides. */
  readonly restartMs: number;
  readonly faults: readonly string[];
}

const cards = 10_000;
const holdsLeft = 20_000;
const laterMs = 60_000;
const drainMs = 600_000;
const retention = { holdlessS: 30, terminalS: 30, tombstoneS: 30 } as const;
const inFlightMax = 1_024;

/** Memory after a long life: a million authorizations, all but 20,000 reversed, everything that is due forgotten. */
export async function benchGrowth(authorizations: number, say: (line: string) => void): Promise<GrowthFigures> {
  const left = Math.min(holdsLeft, Math.floor(authorizations / 2));
  const fresh = await withDataSet(async (bench, dataSet, engine) => {
    await authorizeAll(engine, dataSet, { from: 0, count: left });
    return { memory: await memoryOf(bench, engine, dataSet), faults: [] };
  });
  say(`growth: a fresh data set with ${left} holds takes ${fresh.memory} bytes`);
  return withDataSet(async (bench, dataSet, engine) => {
    const faults: string[] = [];
    await authorizeAll(engine, dataSet, { from: 0, count: authorizations });
    await reverseAll(engine, dataSet, { from: left, count: authorizations - left });
    const now = clock.wallNow() + laterMs;
    for (const card of dataSet.cards) {
      const chain = { shard: card.place.shard, chain: card.place.no };
      for (let more = true; more; ) {
        const purged = must(await purge(engine.committer, chain, retention, now), "Redis did not purge");
        more = purged.forgotten > 0;
      }
    }
    const memory = await memoryOf(bench, engine, dataSet);
    const times = await lookUps(bench, dataSet, engine, faults);
    const restartMs = await restart(bench, dataSet);
    say(`growth: after ${authorizations} authorizations it takes ${memory} bytes`);
    return {
      authorizations,
      memoryAfterBytes: memory,
      memoryFreshBytes: fresh.memory,
      memoryRatio: memory / fresh.memory,
      ...times,
      restartMs,
      faults,
    };
  });
}

async function withDataSet<T>(
  work: (bench: BenchRedis, dataSet: LoadDataSet, engine: Engine) => Promise<T>,
): Promise<T> {
  const bench = await BenchRedis.open("relaxed");
  const dataSet = await createLoadDataSet(bench, { namespace: "grow", cards, isDurable: false });
  const engine = await openBenchEngine(bench, { namespace: "grow", keys: dataSet.keys });
  try {
    return await work(bench, dataSet, engine);
  } finally {
    engine.close();
    await bench.close();
  }
}

interface Run {
  readonly from: number;
  readonly count: number;
}

function authorizeAll(engine: Engine, dataSet: LoadDataSet, run: Run): Promise<void> {
  return inFlight(run, engine, (index, done) => {
    engine.authorizer.authorize(requestOf(dataSet, index), (decision) => done(decision.outcome === "approved"));
  });
}

function reverseAll(engine: Engine, dataSet: LoadDataSet, run: Run): Promise<void> {
  return inFlight(run, engine, (index, done) => {
    const original = requestOf(dataSet, index);
    const reversal = {
      ...original,
      isAdvice: true,
      original: { stan: original.stan, function: "authorization" },
      replacementAmount: null,
      replacementCurrency: null,
    } as const;
    engine.authorizer.reverse(reversal, (decision) => done(decision.outcome === "released"));
  });
}

function inFlight(
  run: Run,
  engine: Engine,
  send: (index: number, done: (isRight: boolean) => void) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let next = 0;
    let answered = 0;
    const sendOne = (): void => {
      const index = run.from + next++;
      send(index, (isRight) => {
        if (!isRight) reject(new Error(`message ${index} was not decided as it had to be`));
        answered++;
        if (answered === run.count) resolve();
        else if (next < run.count) sendOne();
        if (answered % 64 === 0) engine.authorizer.flush();
      });
    };
    while (next < Math.min(run.count, inFlightMax)) sendOne();
    engine.authorizer.flush();
  });
}

const clock = new MovableClock();

function requestOf(dataSet: LoadDataSet, index: number): AuthorizationRequest {
  const card = must(dataSet.cards[index % dataSet.cards.length], "a card");
  const now = clock.wallNow();
  return {
    purpose: "purchase",
    allowsPartial: false,
    cashbackAmount: minor(0),
    door: "wire",
    network: "generic",
    pan: card.pan,
    expiry: card.expiry,
    stan: String(index % 1_000_000).padStart(6, "0"),
    acquirer: "400001",
    rrn: String(index).padStart(12, "0"),
    networkChain: null,
    localTime: "101500",
    localDate: "1122",
    merchant: { terminal: "TERM0001", id: "MERCHANT0000001", nameLocation: "CORNER SHOP            PORTLAND     ORUS" },
    processingCode: "000000",
    transactionAmount: minor(100),
    transactionCurrency: 840,
    billingAmount: null,
    billingCurrency: null,
    conversionRate: null,
    mcc: "5411",
    merchantCountry: 840,
    presence: "present",
    entryMode: "051",
    wallNowMs: now,
    businessNowMs: now,
    deadlineMs: now + 30_000,
  };
}

// The journal drained and trimmed, as in a life with the projector on.
async function memoryOf(bench: BenchRedis, engine: Engine, dataSet: LoadDataSet): Promise<number> {
  const address = { address: { path: bench.socketPath } };
  const { recordsPath } = dataSet;
  const started = await startProjector({
    redis: address,
    keyspace: engine.keyspace,
    recordsPath,
    dataSetId: null,
    isDurable: false,
  });
  if (!started.ok) throw new Error(started.error.message);
  const projector = started.value;
  if (!(await projector.drained(drainMs))) throw new Error("the journal was not drained");
  await projector.close();
  const client = createClient(address);
  await client.call("MEMORY", "PURGE");
  const used = Number(/used_memory:(\d+)/.exec(await client.info("memory"))?.[1]);
  client.disconnect();
  return used;
}

async function restart(bench: BenchRedis, dataSet: LoadDataSet): Promise<number> {
  const redisMs = await bench.restart();
  const begin = performance.now();
  const engine = await openBenchEngine(bench, { namespace: dataSet.namespace, keys: dataSet.keys });
  engine.close();
  return redisMs + performance.now() - begin;
}

async function lookUps(bench: BenchRedis, dataSet: LoadDataSet, engine: Engine, faults: string[]) {
  const opened = openRecords({ path: dataSet.recordsPath, dataSetId: null });
  if (!opened.ok) throw new Error(opened.error.message);
  const queries = new RecordsQueries(opened.value);
  const page = { before: null, rowsMax: 10 };
  let [byIdMs, byCardMs, byCardholderMs] = [0, 0, 0];
  for (let i = 0; i < 100; i++) {
    const card = must(dataSet.cards[i * 97], "a card");
    const rows = queries.authorizationsOfCard(card.place, page);
    byCardMs = Math.max(
      byCardMs,
      timed(() => queries.authorizationsOfCard(card.place, page)),
    );
    const holder = { shard: card.place.shard, no: 1 };
    byCardholderMs = Math.max(
      byCardholderMs,
      timed(() => queries.authorizationsOfCardholder(holder, page)),
    );
    const place = rows[0]?.place;
    if (place === undefined) faults.push(`card ${card.place.no} of shard ${card.place.shard} has no authorization`);
    else
      byIdMs = Math.max(
        byIdMs,
        timed(() => queries.authorization(place)),
      );
  }
  const client = createClient({ address: { path: bench.socketPath }, commandTimeoutMs: 60_000 });
  const report = await verify({ redis: client, keyspace: engine.keyspace, records: opened.value });
  for (const violation of report.violations) faults.push(JSON.stringify(violation));
  client.disconnect();
  opened.value.close();
  return { byIdMs, byCardMs, byCardholderMs };
}

function timed(work: () => unknown): number {
  const begin = performance.now();
  work();
  return performance.now() - begin;
}
