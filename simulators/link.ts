import { type Server, type Socket, createConnection, createServer } from "node:net";
import { type Message, FrameReader, type FrameSink } from "../src/iso8583/public.ts";
import type { Clock } from "../src/kernel/clock.ts";
import type { Random } from "../src/kernel/random.ts";
import { Correlator, type Done, answerMti, isRequest } from "./correlator.ts";
import type { NetworkSide } from "./network-side.ts";
import { Outbox } from "./outbox.ts";
import type { WireFields } from "./purchase.ts";
import type { RecordedMessage } from "./recording.ts";
import { WireCodec } from "./wire-codec.ts";

export interface LinkSettings {
  readonly side: NetworkSide;
  /** `listen` with port 0 takes a free one. A new connection takes the place of the one before. */
  readonly address: { readonly kind: "connect" | "listen"; readonly host: string; readonly port: number };
  /** Who sends 0800/001 first; the link is usable after its 0810. */
  readonly signOn: "by-us" | "by-them" | "none";
  readonly clock: Clock;
  /** Cuts what we send into random pieces. */
  readonly split?: Random | null;
  /** Pause before another attempt to connect, in milliseconds. */
  readonly reconnectMs?: number;
  /** Sees every frame first; true where it has dealt with it. The bytes are only good during the call. */
  readonly intercept?: (body: Uint8Array) => boolean;
  /** Sees every request that was asked and every answer to one. The bytes are only good during the call. */
  readonly record?: (message: RecordedMessage) => void;
}

/** Counts since the start. */
export interface LinkCounts {
  readonly connections: number;
  readonly sent: number;
  readonly received: number;
  readonly late: number;
  readonly unexpected: number;
  /** Frames that are no message of the dialect, and streams that are no frames. */
  readonly unreadable: number;
  readonly keepAlives: number;
}

const frameBytesMax = 8_192;
const managementTimeoutMs = 2_000;
const signOffMs = 300;
const accepted = "00";

/** The network's end of one TCP connection to an issuer: signs on, asks, finds the answers, connects again. */
export class Link {
  readonly #settings: LinkSettings;
  readonly #codec: WireCodec;
  readonly #correlator = new Correlator();
  readonly #counts = { connections: 0, sent: 0, received: 0, late: 0, unexpected: 0, unreadable: 0, keepAlives: 0 };
  readonly #usableWaiters: (() => void)[] = [];
  #server: Server | null = null;
  #socket: Socket | null = null;
  #outbox: Outbox | null = null;
  #isSignedOn = false;
  #isClosed = false;
  #isSevered = false;
  #reconnectTimer: NodeJS.Timeout | null = null;
  #managementStan = 0;

  constructor(settings: LinkSettings) {
    this.#settings = settings;
    this.#codec = new WireCodec(settings.side);
  }

  get side(): NetworkSide {
    return this.#settings.side;
  }

  /** Connected, and signed on where the link asks for it. */
  get isUsable(): boolean {
    return this.#outbox !== null && this.#isSignedOn;
  }

  get outstanding(): number {
    return this.#correlator.outstanding;
  }

  get counts(): LinkCounts {
    return this.#counts;
  }

  /** Resolves to the port: ours where we listen, theirs where we connect. Does not wait for the peer. */
  async open(): Promise<number> {
    const { kind, host, port } = this.#settings.address;
    if (kind === "connect") {
      this.#connect();
      return port;
    }
    const server = createServer((socket) => this.#adopt(socket));
    this.#server = server;
    await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, host, resolve));
    const bound = server.address();
    return bound !== null && typeof bound === "object" ? bound.port : port;
  }

  /** Resolves once messages can be sent; false where that took longer than `timeoutMs`. */
  async usable(timeoutMs: number): Promise<boolean> {
    if (this.isUsable) return true;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, timeoutMs);
    });
    await Promise.race([new Promise<void>((resolve) => this.#usableWaiters.push(resolve)), late]);
    clearTimeout(timer);
    return this.isUsable;
  }

  /** Sends a message and calls `done` exactly once: with the reply of the same key, or with silence. */
  request(fields: WireFields, timeoutMs: number, done: Done): void {
    const outbox = this.#outbox;
    if (outbox === null) {
      done({ kind: "silence", cause: "not_connected" });
      return;
    }
    const frame = this.#codec.request(fields);
    this.#record("request", frame.subarray(this.#codec.framing.headerBytes));
    this.#correlator.expect(fields, timeoutMs, done);
    this.#counts.sent++;
    outbox.push(frame);
  }

  /** The same of a message that was read before, with some fields written over. */
  resend(message: Message, changes: WireFields, done: { readonly timeoutMs: number; readonly done: Done }): void {
    const outbox = this.#outbox;
    if (outbox === null) return done.done({ kind: "silence", cause: "not_connected" });
    const frame = this.#codec.again(message, changes);
    const fields = { 0: message.mti, ...namesOf(message) };
    this.#correlator.expect(fields, done.timeoutMs, done.done);
    this.#counts.sent++;
    outbox.push(frame);
  }

  /** Sends a frame whose answer the intercept will know; false where there is no connection. */
  write(frame: Uint8Array): boolean {
    if (this.#outbox === null) return false;
    this.#counts.sent++;
    this.#outbox.push(frame);
    return true;
  }

  /** Sends what is waiting now, not at the end of the turn. */
  flush(): void {
    this.#outbox?.flush();
  }

  /** 0800 with DE70; true where it was accepted. */
  async manage(code: "001" | "002" | "301", timeoutMs = managementTimeoutMs): Promise<boolean> {
    return (await this.ask(code, timeoutMs)) === accepted;
  }

  /** 0800 with any DE70: DE39 of its 0810, or null where none came. */
  async ask(code: string, timeoutMs = managementTimeoutMs): Promise<string | null> {
    const stan = String((this.#managementStan++ % 999_999) + 1).padStart(6, "0");
    const fields = this.side.networkManagement(code, stan, this.#settings.clock.wallNow());
    return new Promise((resolve) => {
      this.request(fields, timeoutMs, (answer) => {
        resolve(answer.kind === "reply" ? (answer.message.get("39") ?? null) : null);
      });
    });
  }

  /** Breaks the connection as a cut cable would, and lets the link find its way back. */
  cut(): void {
    this.#socket?.destroy();
  }

  /** Breaks the connection and stays away until it is restored. */
  sever(): void {
    this.#isSevered = true;
    this.cut();
  }

  restore(): void {
    if (!this.#isSevered) return;
    this.#isSevered = false;
    if (this.#socket === null && this.#settings.address.kind === "connect") this.#connect();
  }

  /** Signs off where the link signs on, then closes for good. */
  async close(): Promise<void> {
    if (this.isUsable && this.#settings.signOn !== "none") await this.manage("002", signOffMs);
    this.#isClosed = true;
    if (this.#reconnectTimer !== null) clearTimeout(this.#reconnectTimer);
    this.#socket?.destroy();
    const server = this.#server;
    if (server !== null) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  #connect(): void {
    const { host, port } = this.#settings.address;
    this.#adopt(createConnection({ host, port }));
  }

  #adopt(socket: Socket): void {
    this.#socket?.destroy();
    this.#socket = socket;
    socket.setNoDelay(true);
    // An error is followed by "close", which is where a lost link is dealt with.
    socket.on("error", () => undefined);
    socket.on("close", () => this.#lost(socket));
    const reader = new FrameReader({ framing: this.#codec.framing, frameBytesMax });
    const sink = this.#sink(socket);
    socket.on("data", (chunk) => {
      reader.push(chunk, sink);
      // What the answers of this chunk have led to leaves at once.
      this.#outbox?.flush();
    });
    if (socket.connecting) socket.once("connect", () => void this.#connected(socket));
    else void this.#connected(socket);
  }

  async #connected(socket: Socket): Promise<void> {
    this.#counts.connections++;
    this.#outbox = new Outbox(socket, this.#settings.split ?? null);
    const { signOn } = this.#settings;
    if (signOn === "none") this.#signedOn();
    if (signOn !== "by-us") return;
    const isAccepted = await this.manage("001");
    if (socket !== this.#socket || socket.destroyed) return;
    if (isAccepted) this.#signedOn();
    else socket.destroy();
  }

  #signedOn(): void {
    this.#isSignedOn = true;
    for (const wake of this.#usableWaiters.splice(0)) wake();
  }

  #lost(socket: Socket): void {
    if (socket !== this.#socket) return;
    this.#socket = null;
    this.#outbox = null;
    this.#isSignedOn = false;
    this.#correlator.loseAll();
    const { address, reconnectMs = 100 } = this.#settings;
    if (this.#isClosed || this.#isSevered || address.kind === "listen") return;
    this.#reconnectTimer = setTimeout(() => this.#connect(), reconnectMs);
  }

  #sink(socket: Socket): FrameSink {
    const { intercept } = this.#settings;
    return {
      frame: (body) => {
        if (socket !== this.#socket) return;
        this.#counts.received++;
        if (intercept?.(body) !== true) this.#take(body);
      },
      keepAlive: () => {
        this.#counts.keepAlives++;
      },
      fatal: () => {
        this.#counts.unreadable++;
        socket.destroy();
      },
    };
  }

  #take(body: Uint8Array): void {
    // The frame is a view into the socket's chunk, and the message outlives it.
    const message = this.#codec.decode(body.slice());
    if (message === null) {
      this.#counts.unreadable++;
      return;
    }
    if (isRequest(message.mti)) {
      this.#answer(message);
      return;
    }
    this.#record("answer", body);
    const arrival = this.#correlator.take(message, this.#settings.clock.wallNow());
    if (arrival === "late") this.#counts.late++;
    else if (arrival === "unexpected") this.#counts.unexpected++;
  }

  #record(kind: RecordedMessage["kind"], body: Uint8Array): void {
    this.#settings.record?.({ network: this.side.name, kind, body });
  }

  /** An issuer asks a network only to sign on, to sign off, or whether it is there. */
  #answer(request: Message): void {
    if (request.mti !== "0800") return;
    const outbox = this.#outbox;
    outbox?.push(this.#codec.answer(request, answerMti("0800"), [7, 11, 33, 63, 70], { 39: accepted }));
    const code = request.get("70");
    if (code === "001" && this.#settings.signOn === "by-them") this.#signedOn();
    else if (code === "002") this.#isSignedOn = this.#settings.signOn === "none";
  }
}

/** By which the answer to a message is known. */
function namesOf(message: Message): WireFields {
  const paths = ["7", "11", "32", "37"] as const;
  return Object.fromEntries(paths.map((path) => [path, message.get(path) ?? ""]));
}
