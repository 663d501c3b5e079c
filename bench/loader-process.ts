import { type Socket, connect } from "node:net";
import { MovableClock } from "../src/kernel/clock.ts";
import { type Random, seededRandom } from "../src/kernel/random.ts";
import type { LatencyFigures, LatencySummary } from "./latency-log.ts";
import { LoadJournal } from "./load-journal.ts";
import { ReplyLayouts, WireTemplate, readDigits, transmissionText } from "./wire-template.ts";

/** One run of load against a port; the loader is a process of its own, so that it has a core of its own. */
export interface LoadTask {
  readonly port: number;
  readonly pans: readonly string[];
  readonly connections: number;
  /** Closed loop: messages in flight on each connection. Open loop: messages a second of all, from a schedule. */
  readonly pace: { readonly kind: "closed"; readonly depth: number } | { readonly kind: "open"; readonly rate: number };
  readonly seconds: number;
  /** First sequence number: fresh for every run of a data set. */
  readonly firstSequence: number;
  /** Messages of a hundred that repeat an earlier one, reverse one, or name an unknown PAN. */
  readonly mix: { readonly repeats: number; readonly reversals: number; readonly unknown: number };
  /** What comes back is what was sent. */
  readonly isEcho: boolean;
  readonly seed: number;
}

export interface LoadReport {
  readonly kind: "load";
  readonly sent: number;
  readonly answered: number;
  /** Fresh requests answered 00, each counted once. */
  readonly approved: number;
  /** Messages that the switch decided for the first time: each has one journal entry. */
  readonly decided: number;
  /** Answered 91: turned away, because the store was too slow for the deadline. */
  readonly shed: number;
  readonly mismatches: readonly string[];
  readonly mismatchCount: number;
  readonly seconds: number;
  readonly nextSequence: number;
  readonly latencyMs: LatencySummary;
  readonly curve: LatencyFigures["curve"];
  readonly overTime: LatencyFigures["overTime"];
  readonly cpuMs: number;
}

const clock = new MovableClock();
const drainMs = 5_000;
/**
 * A schedule finer than a timer of Node is kept by turning without rest, which takes one of two cores from whoever is
 * measured: their stalls of a time slice were the p99. A nap between two turns costs echo and switch 0.15 ms alike.
 */
const napMs = 0.05;
const neverWoken = new Int32Array(new SharedArrayBuffer(4));

process.on("message", (task: LoadTask | "stop") => {
  if (task === "stop") process.exit(0);
  void new LoadRun(task).run().then((report) => process.send?.(report));
});

class LoadRun {
  readonly #task: LoadTask;
  readonly #random: Random;
  readonly #journal: LoadJournal;
  readonly #request = new WireTemplate("0100");
  readonly #reversal = new WireTemplate("0400");
  readonly #layouts = new ReplyLayouts();
  readonly #lanes: Lane[] = [];
  #startMs = 0;
  #isSending = true;
  #transmittedAt = "";

  constructor(task: LoadTask) {
    this.#task = task;
    this.#random = seededRandom(task.seed);
    this.#journal = new LoadJournal(task);
  }

  async run(): Promise<LoadReport> {
    const { task } = { task: this.#task };
    for (let i = 0; i < task.connections; i++) this.#lanes.push(await openLane(task.port));
    for (const lane of this.#lanes) lane.socket.on("data", (chunk: Buffer) => this.#receive(lane, chunk));
    const cpuBefore = process.cpuUsage();
    this.#startMs = clock.monotonicNow();
    this.#transmittedAt = transmissionText(clock.wallNow());
    const stamp = setInterval(() => {
      this.#transmittedAt = transmissionText(clock.wallNow());
    }, 500);
    if (task.pace.kind === "open") await this.#schedule(task.pace.rate);
    else await this.#keepFull(task.pace.depth);
    this.#isSending = false;
    const seconds = (clock.monotonicNow() - this.#startMs) / 1000;
    await this.#drain();
    clearInterval(stamp);
    const cpu = process.cpuUsage(cpuBefore);
    for (const lane of this.#lanes) lane.socket.destroy();
    return { ...this.#journal.report(), kind: "load", seconds, cpuMs: (cpu.user + cpu.system) / 1000 };
  }

  #keepFull(depth: number): Promise<void> {
    for (const lane of this.#lanes) {
      for (let i = 0; i < depth; i++) this.#append(lane, clock.monotonicNow());
      this.#flush(lane);
    }
    return new Promise((resolve) => setTimeout(resolve, this.#task.seconds * 1000));
  }

  // Latency counts from the time at which a message was due, so that a stall is not left out.
  #schedule(rate: number): Promise<void> {
    const total = Math.floor(rate * this.#task.seconds);
    let sent = 0;
    return new Promise((resolve) => {
      const turn = (): void => {
        Atomics.wait(neverWoken, 0, 0, napMs);
        const due = Math.min(total, Math.floor(((clock.monotonicNow() - this.#startMs) * rate) / 1000));
        while (sent < due) {
          const lane = this.#lanes[sent % this.#lanes.length];
          if (lane !== undefined) this.#append(lane, this.#startMs + (sent * 1000) / rate);
          sent++;
        }
        for (const lane of this.#lanes) this.#flush(lane);
        if (sent >= total) resolve();
        else setImmediate(turn);
      };
      turn();
    });
  }

  #append(lane: Lane, dueMs: number): void {
    const values = this.#journal.next(this.#random, this.#transmittedAt, dueMs);
    const template = values.isReversal ? this.#reversal : this.#request;
    if (lane.length + template.length > lane.out.length) this.#flush(lane);
    lane.length = template.write(lane.out, lane.length, values);
  }

  #flush(lane: Lane): void {
    if (lane.length === 0) return;
    lane.socket.write(Buffer.from(lane.out.subarray(0, lane.length)));
    lane.length = 0;
  }

  #receive(lane: Lane, chunk: Buffer): void {
    const bytes = lane.rest.length > 0 ? Buffer.concat([lane.rest, chunk]) : chunk;
    const now = clock.monotonicNow();
    let at = 0;
    let answered = 0;
    while (bytes.length - at >= 2) {
      const length = bytes.readUInt16BE(at);
      if (bytes.length - at < 2 + length) break;
      const frame = bytes.subarray(at + 2, at + 2 + length);
      const layout = this.#layouts.of(frame);
      const code = layout.code < 0 ? "" : frame.latin1Slice(layout.code, layout.code + 2);
      const mti = readDigits(frame, 0, 4);
      const [stan, rrn] = [readDigits(frame, layout.stan, 6), readDigits(frame, layout.rrn, 12)];
      this.#journal.answer({ mti, stan, rrn, code }, now);
      at += 2 + length;
      answered++;
    }
    lane.rest = Buffer.from(bytes.subarray(at));
    if (this.#task.pace.kind === "closed" && this.#isSending) {
      for (let i = 0; i < answered; i++) this.#append(lane, now);
      this.#flush(lane);
    }
  }

  async #drain(): Promise<void> {
    const until = clock.monotonicNow() + drainMs;
    while (this.#journal.unanswered > 0 && clock.monotonicNow() < until) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

interface Lane {
  readonly socket: Socket;
  readonly out: Buffer;
  length: number;
  rest: Buffer;
}

function openLane(port: number): Promise<Lane> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    socket.setNoDelay(true);
    socket.once("connect", () => resolve({ socket, out: Buffer.alloc(65_536), length: 0, rest: Buffer.alloc(0) }));
    socket.once("error", reject);
  });
}
