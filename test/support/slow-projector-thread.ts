import { parentPort, workerData } from "node:worker_threads";
import { must } from "../../src/kernel/assert.ts";
import { ProjectorThread } from "../../src/projector/projector-thread.ts";
import type { ThreadSettings } from "../../src/projector/thread-messages.ts";

const commitMs = 100;
const neverWoken = new Int32Array(new SharedArrayBuffer(4));

/** Takes its time before each commit, as a disk may. */
await new ProjectorThread(must(parentPort, "runs in a worker thread"), workerData as ThreadSettings, (stage) => {
  if (stage === "before_commit") Atomics.wait(neverWoken, 0, 0, commitMs);
}).run();
