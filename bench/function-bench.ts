import { type Redis, createClient } from "../src/store/client.ts";
import { fields } from "../src/store/keys.ts";
import { packEntry } from "../src/store/journal-entry.ts";
import { ArgumentPacker } from "../src/store/functions.ts";
import { minor } from "../src/kernel/money.ts";
import { hash64 } from "../src/authorizer/identity.ts";
import type { Engine } from "../src/app/engine.ts";
import type { BenchRedis } from "./environment.ts";
import { benchShards, createLoadDataSet, openBenchEngine } from "./load-data-set.ts";
import { median } from "./medians.ts";
import { benchLibrary } from "./wrapper.ts";

export interface FunctionFigures {
  /** Microseconds a call inside Redis, as `commandstats` counts them. */
  readonly authorizeUs: number;
  readonly sameCommandsUs: number;
  readonly ratio: number;
  /** Bytes of the append-only file for one authorization, the entry's trim not counted. */
  readonly aofBytes: number;
  /** Bytes of Redis memory for one open hold with its dedupe, at most 100 a card, the journal trimmed. */
  readonly holdBytes: number;
  /** Bytes of Redis memory for a card: its chain and its place in the PAN index. */
  readonly cardBytes: number;
}

const cards = 10_000;
const packer = new ArgumentPacker("authorize");

/** The money function against a function that only runs its commands, on the same keys and arguments. */
export async function benchFunction(bench: BenchRedis, calls: number, rounds: number): Promise<FunctionFigures> {
  const program = { namespace: "fn", shardCount: benchShards, cardsPerShard: cards / benchShards };
  const { library } = benchLibrary(program);
  const client = createClient({ address: { path: bench.socketPath }, commandTimeoutMs: 60_000 });
  const empty = await usedMemory(client);
  const dataSet = await createLoadDataSet(bench, { namespace: "fn", cards, isDurable: false, library });
  const engine = await openBenchEngine(bench, { namespace: "fn", keys: dataSet.keys, library });
  await emptyJournals(client, engine);
  const cardBytes = ((await usedMemory(client)) - empty) / cards;
  const same = await createLoadDataSet(bench, { namespace: "fs", cards, isDurable: false, library });
  const other = await openBenchEngine(bench, { namespace: "fs", keys: same.keys, library });

  const { aofBytes, holdBytes } = await benchBytes(client, engine);
  // A hash of many fields is searched for longer: both begin with as many holds a card.
  await pump(other, "authorize", bytesCalls, 0);
  await emptyJournals(client, other);
  const ours: number[] = [];
  const theirs: number[] = [];
  let seed = bytesCalls;
  for (let round = 0; round < rounds; round++) {
    ours.push(await timed(client, () => pump(engine, "authorize", calls, seed)));
    seed += calls;
    theirs.push(await timed(client, () => pump(other, "bench_same_commands", calls, seed)));
    seed += calls;
  }
  engine.close();
  other.close();
  client.disconnect();
  const [authorizeUs, sameCommandsUs] = [median(ours), median(theirs)];
  return { authorizeUs, sameCommandsUs, ratio: authorizeUs / sameCommandsUs, aofBytes, holdBytes, cardBytes };
}

// At most 100 open holds a card, so that every chain still is a listpack.
const bytesCalls = 500_000;

async function benchBytes(client: Redis, engine: Engine): Promise<{ aofBytes: number; holdBytes: number }> {
  // A rewrite in the middle would make the file smaller than what was appended to it.
  await client.config("SET", "auto-aof-rewrite-percentage", "0");
  const memoryBefore = await usedMemory(client);
  const aofBefore = await aofSize(client);
  await pump(engine, "authorize", bytesCalls, 0);
  const aofBytes = ((await aofSize(client)) - aofBefore) / bytesCalls;
  await emptyJournals(client, engine);
  const holdBytes = ((await usedMemory(client)) - memoryBefore) / bytesCalls;
  await client.config("SET", "auto-aof-rewrite-percentage", "100");
  return { aofBytes, holdBytes };
}

// As the projector leaves them.
async function emptyJournals(client: Redis, engine: Engine): Promise<void> {
  for (let shard = 0; shard < benchShards; shard++) await client.xtrim(engine.keyspace.journal(shard), "MAXLEN", 0);
}

const inFlightMax = 512;

// Fresh keys for every call, so that none of them is a repeat.
function pump(engine: Engine, name: string, calls: number, seed: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let sent = 0;
    let answered = 0;
    const sendOne = (): void => {
      const index = seed + sent++;
      const shard = index % benchShards;
      const card = 1 + (Math.floor(index / benchShards) % (cards / benchShards));
      const messageKey = hash64(`m${index}`);
      const keys = { messageKey, chainKey: hash64(`c${index}`), fingerprint: messageKey };
      const call = {
        slot: engine.keyspace.slot(shard),
        function: name,
        keys: [engine.keyspace.account(shard, 1), engine.keyspace.chain(shard, card), engine.keyspace.journal(shard)],
        argv: [packed(keys), fields.balance(840), fields.holder(1), entry(card, keys)],
        deadlineMs: performance.now() + 60_000,
      };
      engine.hot.call(call, (reply) => {
        const isPacked = reply.kind === "ok" && typeof reply.value === "string" && reply.value.length === 18;
        if (!isPacked) reject(new Error(`${name}: ${JSON.stringify(reply)}`));
        answered++;
        if (sent < calls) sendOne();
        else if (answered === calls) resolve();
      });
    };
    while (sent < Math.min(calls, inFlightMax)) sendOne();
    engine.hot.flush();
  });
}

interface Keys {
  readonly messageKey: Uint8Array;
  readonly chainKey: Uint8Array;
  readonly fingerprint: Uint8Array;
}

const nowMs = 1_795_000_000_000;

function packed(keys: Keys): Uint8Array {
  return packer.pack({
    message_key: keys.messageKey,
    chain_key: keys.chainKey,
    fingerprint: keys.fingerprint,
    wall_now: nowMs,
    business_now: nowMs,
    deadline: nowMs * 2,
    account_version: 1,
    holder_version: 1,
    chain_version: 1,
    refusal: 0,
    purpose: 0,
    asks: 0,
    pin: 0,
    card_no: 1,
    chain_id: 0,
    amount: 100,
    least: 100,
    code: 123_456,
    mcc: 5411,
    rate: 0,
  });
}

function entry(card: number, keys: Keys): Uint8Array {
  return packEntry({
    kind: "authorization",
    account: 1,
    wallMs: nowMs,
    network: 3,
    card,
    chain: card,
    cardholder: 1,
    ...keys,
    stan: "123456",
    acquirer: "400001",
    rrn: "632912345678",
    networkChain: "",
    transactionAmount: minor(100),
    transactionCurrency: 840,
    cardCurrency: 840,
    merchantKey: keys.fingerprint,
    merchant: null,
    door: 1,
    purpose: 0,
    allowsPartial: false,
    cashbackAmount: minor(0),
    cardAmount: minor(100),
    rate: 0,
    mcc: 5411,
    merchantCountry: 840,
    isPresent: true,
    entryMode: "051",
    processingCode: "000000",
    authorizationCode: 123_456,
  });
}

async function timed(client: Redis, work: () => Promise<void>): Promise<number> {
  await client.config("RESETSTAT");
  await work();
  const stats = await client.info("commandstats");
  const match = /cmdstat_fcall:calls=\d+,usec=\d+,usec_per_call=([\d.]+)/.exec(stats);
  return Number(match?.[1]);
}

async function usedMemory(client: Redis): Promise<number> {
  return Number(/used_memory:(\d+)/.exec(await client.info("memory"))?.[1]);
}

async function aofSize(client: Redis): Promise<number> {
  return Number(/aof_current_size:(\d+)/.exec(await client.info("persistence"))?.[1] ?? 0);
}
