import { setTimeout as sleep } from "node:timers/promises";
import { Pool } from "undici";
import { MovableClock } from "../src/kernel/clock.ts";

/** One request, posted again and again at a pace. */
export interface DriverTask {
  readonly url: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly connections: number;
  /** Requests a second. */
  readonly rate: number;
  readonly seconds: number;
}

export interface DriverReport {
  readonly sent: number;
  /** Answers that came while requests were due. */
  readonly answeredInTime: number;
  /** Answers other than 200, and requests without any. */
  readonly wrong: number;
}

const clock = new MovableClock();
const tickMs = 1;
const answerMsMax = 10_000;
/** Requests without an answer, for each connection: whoever is so late does not keep the pace, and nothing piles up. */
const waitingMax = 4;

process.on("message", (task: DriverTask | "stop") => {
  if (task === "stop") process.exit(0);
  void drive(task).then((report) => process.send?.(report));
});

async function drive(task: DriverTask): Promise<DriverReport> {
  const { url, path, headers, body, connections, rate, seconds } = task;
  const limits = { headersTimeout: answerMsMax, bodyTimeout: answerMsMax };
  const pool = new Pool(url, { connections, pipelining: 1, ...limits });
  const startMs = clock.monotonicNow();
  const endMs = startMs + seconds * 1000;
  const report = { sent: 0, answeredInTime: 0, wrong: 0 };
  const waiting = new Set<Promise<void>>();
  const post = async (): Promise<void> => {
    const answer = await pool.request({ method: "POST", path, headers, body });
    await answer.body.dump();
    if (answer.statusCode !== 200) report.wrong++;
    if (clock.monotonicNow() <= endMs) report.answeredInTime++;
  };
  for (let nowMs = startMs; nowMs < endMs; nowMs = clock.monotonicNow()) {
    const due = ((nowMs - startMs) / 1000) * rate;
    while (report.sent < due && waiting.size < connections * waitingMax) {
      report.sent++;
      const posted: Promise<void> = post()
        .catch(() => void report.wrong++)
        .finally(() => waiting.delete(posted));
      waiting.add(posted);
    }
    await sleep(tickMs);
  }
  await Promise.all(waiting);
  await pool.destroy();
  return report;
}
