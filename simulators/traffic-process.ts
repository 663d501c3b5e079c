import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { assert } from "../src/kernel/assert.ts";
import type { TrafficReport } from "./traffic-report.ts";

/** What `node dist/simulators/main.js` reads: traffic settings by name, with `cardsPath`, `perSecond` or `inFlight`. */
export type TrafficOptions = Readonly<Record<string, unknown>>;

export interface TrafficProcess {
  readonly child: ChildProcess;
  /** Rejects where the process fails, with what it wrote to standard error. */
  readonly report: Promise<TrafficReport>;
}

/** Starts traffic in a process of its own. The settings pass as an argument: they name files and hold no PAN. */
export function startTraffic(options: TrafficOptions): TrafficProcess {
  const program = fileURLToPath(new URL("./main.js", import.meta.url));
  const child = spawn(process.execPath, [program, "--json", JSON.stringify(options)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const report = new Promise<TrafficReport>((resolve, reject) => {
    let output = "";
    let complaint = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => {
      complaint += chunk.toString();
    });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(parseReport(output));
      else reject(new Error(`traffic ended with ${code ?? "a signal"}: ${complaint.trim()}`));
    });
  });
  return { child, report };
}

function parseReport(output: string): TrafficReport {
  const report: unknown = JSON.parse(output);
  assert(isReport(report), "traffic prints its report");
  return report;
}

function isReport(value: unknown): value is TrafficReport {
  return typeof value === "object" && value !== null && "latencyMs" in value && "mismatches" in value;
}
