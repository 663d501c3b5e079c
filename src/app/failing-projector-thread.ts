import { parentPort, workerData } from "node:worker_threads";
import { type Failpoint, readFailpoints } from "../failpoints.ts";
import { must } from "../kernel/assert.ts";
import { ProjectorThread } from "../projector/projector-thread.ts";
import type { ThreadSettings } from "../projector/thread-messages.ts";

// A thread counts for itself how often its places are reached, so it reads what is planted for itself.
const planted = readFailpoints(process.env["FAILPOINT"]);
const failpoint: Failpoint | null = planted.ok ? planted.value : null;
const port = must(parentPort, "runs in a worker thread");
await new ProjectorThread(port, workerData as ThreadSettings, (stage) => failpoint?.(`projector.${stage}`)).run();
