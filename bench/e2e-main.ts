import { createClient } from "../src/store/client.ts";
import { Keyspace } from "../src/store/keys.ts";
import { openBenchRedis } from "./environment.ts";
import { benchShards, createLoadDataSet } from "./load-data-set.ts";
import { LoaderProcess, SwitchProcess } from "./processes.ts";
import { redisBenchmark } from "./redis-benchmark.ts";
import { benchLibrary } from "./wrapper.ts";

const durability = process.argv[2] === "always" ? "always" : "relaxed";
const bench = await openBenchRedis(durability);
const lib = benchLibrary({ namespace: "e2", shardCount: 16, cardsPerShard: 625 });
const dataSet = await createLoadDataSet(bench, {
  namespace: "e2",
  cards: 10_000,
  isDurable: false,
  library: lib.library,
});
const rps = await redisBenchmark(bench, { functionName: lib.authorize, calls: 300_000, clients: 50, pipeline: 16 });
console.log("redis-benchmark", rps);
const task = {
  kind: "cardswitch" as const,
  socketPath: bench.redis.socketPath,
  namespace: "e2",
  shardCount: benchShards,
  idKey: Buffer.from(dataSet.keys.idKey).toString("hex"),
  vaultKeys: dataSet.keys.vaultKeys.map((k) => ({
    id: k.id,
    panKey: Buffer.from(k.panKey).toString("hex"),
    indexKey: Buffer.from(k.indexKey).toString("hex"),
  })),
  recordsPath: dataSet.recordsPath,
  withProjector: false,
  isDurable: false,
  pans: dataSet.cards.map((c) => c.pan),
};
const sw = await SwitchProcess.open(task);
const echo = await SwitchProcess.open({ ...task, kind: "echo" });
const textbook = await SwitchProcess.open({ ...task, kind: "textbook" });
const loader = new LoaderProcess();
const client = createClient({ address: { path: bench.redis.socketPath } });
const ks = new Keyspace("e2", 16);
let seq = 1_000_000;
const total = async () => {
  let n = 0;
  for (let s = 0; s < 16; s++) n += await client.xlen(ks.journal(s));
  return n;
};
const mix = { repeats: 4, reversals: 4, unknown: 2 };
for (const [name, target, pace, m, isEcho] of [
  ["warm", sw, { kind: "closed", depth: 64 }, mix, false],
  ["closed", sw, { kind: "closed", depth: 64 }, mix, false],
  ["textbook", textbook, { kind: "closed", depth: 64 }, { repeats: 0, reversals: 0, unknown: 0 }, false],
  ["closed", sw, { kind: "closed", depth: 64 }, mix, false],
  ["echo closed", echo, { kind: "closed", depth: 64 }, { repeats: 0, reversals: 0, unknown: 0 }, true],
  ["open 5000", sw, { kind: "open", rate: 5000 }, mix, false],
  ["echo 5000", echo, { kind: "open", rate: 5000 }, { repeats: 0, reversals: 0, unknown: 0 }, true],
] as const) {
  const before = await total();
  const cpu = await target.usage();
  const r = await loader.run({
    port: target.port,
    pans: task.pans,
    connections: 4,
    pace,
    seconds: 4,
    firstSequence: seq,
    mix: m,
    isEcho,
    seed: seq,
  });
  seq = r.nextSequence;
  const cpuAfter = await target.usage();
  console.log(
    name,
    Math.round(r.approved / r.seconds),
    "approved/s",
    {
      ...r,
      latencyMs: Object.values(r.latencyMs)
        .map((x) => x.toFixed(2))
        .join(" "),
    },
    "journal",
    (await total()) - before,
    "cpu us/msg",
    ((cpuAfter.cpuMs - cpu.cpuMs) * 1000) / r.answered,
  );
}
await loader.close();
await sw.close();
await echo.close();
await textbook.close();
client.disconnect();
await bench.close();
