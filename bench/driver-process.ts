import { type Socket, connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { MovableClock } from "../src/kernel/clock.ts";

/** One request, posted again and again at a pace over connections that stay. */
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
const drainMs = 10_000;
const headEnd = "\r\n\r\n";

process.on("message", (task: DriverTask | "stop") => {
  if (task === "stop") process.exit(0);
  void new Drive(task).run().then((report) => process.send?.(report));
});

/**
 * Speaks HTTP by hand: a client library takes as much of two cores as the API that it asks (350 µs a request, with undici),
 * and a bench of the wire beside it would measure that client.
 */
class Drive {
  readonly #task: DriverTask;
  readonly #request: Buffer;
  readonly #lanes: Lane[] = [];
  /** Connections on which nothing is asked. */
  readonly #free: Lane[] = [];
  #startMs = 0;
  #sent = 0;
  #answered = 0;
  #answeredInTime = 0;
  #wrong = 0;

  constructor(task: DriverTask) {
    this.#task = task;
    const { body, headers, path, url } = task;
    const lines = Object.entries({
      ...headers,
      host: new URL(url).host,
      "content-length": `${Buffer.byteLength(body)}`,
    });
    const head = [`POST ${path} HTTP/1.1`, ...lines.map(([name, value]) => `${name}: ${value}`)].join("\r\n");
    this.#request = Buffer.from(head + headEnd + body);
  }

  async run(): Promise<DriverReport> {
    for (let i = 0; i < this.#task.connections; i++) this.#free.push(await this.#open());
    this.#lanes.push(...this.#free);
    this.#startMs = clock.monotonicNow();
    while (this.#isOn()) {
      this.#post();
      await sleep(tickMs);
    }
    const until = clock.monotonicNow() + drainMs;
    while (this.#answered < this.#sent && clock.monotonicNow() < until) await sleep(tickMs);
    for (const { socket } of this.#lanes) socket.destroy();
    const wrong = this.#wrong + this.#sent - this.#answered;
    return { sent: this.#sent, answeredInTime: this.#answeredInTime, wrong };
  }

  #isOn(): boolean {
    return clock.monotonicNow() < this.#startMs + this.#task.seconds * 1000;
  }

  /** What is due, as far as connections are free. */
  #post(): void {
    const due = ((clock.monotonicNow() - this.#startMs) / 1000) * this.#task.rate;
    while (this.#sent < due) {
      const lane = this.#free.pop();
      if (lane === undefined) return;
      this.#sent++;
      lane.socket.write(this.#request);
    }
  }

  #receive(lane: Lane, chunk: Buffer): void {
    lane.answer = lane.answer.length > 0 ? Buffer.concat([lane.answer, chunk]) : chunk;
    const headBytes = lane.answer.indexOf(headEnd);
    if (headBytes < 0) return;
    const head = lane.answer.latin1Slice(0, headBytes);
    const bodyBytes = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (lane.answer.length < headBytes + headEnd.length + bodyBytes) return;
    lane.answer = Buffer.alloc(0);
    this.#answered++;
    if (!head.startsWith("HTTP/1.1 200 ")) this.#wrong++;
    if (!this.#isOn()) return;
    this.#answeredInTime++;
    this.#free.push(lane);
  }

  #open(): Promise<Lane> {
    const { hostname, port } = new URL(this.#task.url);
    return new Promise((resolve, reject) => {
      const lane = { socket: connect(Number(port), hostname), answer: Buffer.alloc(0) };
      lane.socket.setNoDelay(true);
      lane.socket.once("connect", () => resolve(lane));
      lane.socket.once("error", reject);
      lane.socket.on("data", (chunk: Buffer) => this.#receive(lane, chunk));
    });
  }
}

interface Lane {
  readonly socket: Socket;
  answer: Buffer;
}
