import { openBenchRedis } from "./environment.ts";
import { benchFunction } from "./function-bench.ts";
import { redisBenchmark } from "./redis-benchmark.ts";
import { createLoadDataSet } from "./load-data-set.ts";
import { benchLibrary } from "./wrapper.ts";

const bench = await openBenchRedis("relaxed");
console.log(await benchFunction(bench, 100_000, 3));
const lib = benchLibrary({ namespace: "rb", shardCount: 16, cardsPerShard: 625 });
await createLoadDataSet(bench, { namespace: "rb", cards: 10_000, isDurable: false, library: lib.library });
console.log(await redisBenchmark(bench, { functionName: lib.authorize, calls: 200_000, clients: 50, pipeline: 16 }));
await bench.close();
