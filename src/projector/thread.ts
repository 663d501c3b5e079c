import { parentPort, workerData } from "node:worker_threads";
import { must } from "../kernel/assert.ts";
import { ProjectorThread } from "./projector-thread.ts";
import type { ThreadSettings } from "./thread-messages.ts";

// The thread's own border: what it is started with crosses as a copy.
await new ProjectorThread(must(parentPort, "runs in a worker thread"), workerData as ThreadSettings).run();
