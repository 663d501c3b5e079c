import type { Socket } from "node:net";
import { type FrameSink, FrameReader, type FramingError, keepAliveFrame } from "../iso8583/public.ts";
import { Correlator } from "./correlator.ts";
import type { Link } from "./link.ts";
import type { Malformation } from "./malformation.ts";
import { requestManagement } from "./network-management.ts";
import type { SwitchEvent } from "./observation.ts";
import { Outbox } from "./outbox.ts";
import { receive } from "./router.ts";
import { type SignOnEvent, type SignOnState, firstSignOnState, nextSignOnState } from "./sign-on.ts";

const requestsOfOursMax = 64;
const minuteMs = 60_000;

let lastId = 0;

/** One TCP connection of a link, whoever opened it: frames in, frames out, and the timers that end it. */
export class Session implements FrameSink {
  readonly link: Link;
  /** Unique in the process; it grows. */
  readonly id: number;
  readonly peer: string;
  readonly correlator = new Correlator(requestsOfOursMax);
  /** Monotonic time of the last chunk. */
  chunkAtMs: number;
  /** Monotonic time at the first byte of the frame that is being read. */
  frameStartedAtMs: number;
  /** Requests of this connection that have no answer yet. */
  exchangesOpen = 0;
  readonly #socket: Socket;
  readonly #reader: FrameReader;
  readonly #outbox: Outbox;
  /** Monotonic time. */
  readonly openedAtMs: number;
  #signOn: SignOnState;
  #wasSignedOn: boolean;
  #isClosed = false;
  /** The peer has said all it had to say, and reads on. */
  #isPeerDone = false;
  /** Wall time at the first byte of the frame that is being read. */
  #frameAtMs = 0;
  /** Wall time of the last chunk. */
  #chunkWallMs = 0;
  #malformedAtMs: number[] = [];
  #keepAlivesInSecond = 0;
  #keepAliveSecond = 0;
  #echoSentAtMs: number | null = null;
  #echoesMissed = 0;

  constructor(link: Link, socket: Socket) {
    const { spec, framing, parts } = link;
    this.link = link;
    this.id = ++lastId;
    this.peer = `${socket.remoteAddress ?? "unknown"}:${socket.remotePort ?? 0}`;
    this.#socket = socket;
    this.#reader = new FrameReader({ framing, frameBytesMax: spec.limits.frameBytesMax });
    this.#outbox = new Outbox(socket, parts.turn);
    this.openedAtMs = parts.clock.monotonicNow();
    this.chunkAtMs = this.openedAtMs;
    this.frameStartedAtMs = this.openedAtMs;
    this.#signOn = firstSignOnState(spec.signOn);
    this.#wasSignedOn = this.isServing;
  }

  /** Whether an answer can still get to the peer: it may have closed its side while we were deciding. */
  get isReachable(): boolean {
    return !this.#isClosed && this.#socket.writable;
  }

  get signOn(): SignOnState {
    return this.#signOn;
  }

  /** Whether requests are passed on to be decided. */
  get isServing(): boolean {
    return this.#signOn === "signed_on";
  }

  /** Begins to read; signs on where that is ours to do. */
  start(): void {
    const socket = this.#socket;
    this.link.sessions.add(this);
    this.link.count("connected");
    this.#log("a connection is up");
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
    socket.on("end", () => this.#finish());
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.#end());
    if (this.isServing) requestManagement(this, "stored_advices");
    if (this.link.spec.signOn === "by-us") {
      requestManagement(this, "sign_on");
      this.sign("sign_on_sent");
    }
  }

  /** A request has its answer, or will not get one. */
  endExchange(): void {
    this.exchangesOpen--;
    if (this.#isPeerDone && this.exchangesOpen === 0) this.close();
  }

  write(frame: Uint8Array): void {
    if (this.#isClosed) return;
    this.#outbox.add(frame);
    if (this.#outbox.unreadBytes > this.link.spec.limits.unreadBytesMax) this.destroy("slow_reader");
  }

  sign(event: SignOnEvent): void {
    const before = this.#signOn;
    this.#signOn = nextSignOnState(before, event);
    this.#wasSignedOn ||= this.isServing;
    if (this.#signOn === before) return;
    this.#log(`the link is ${this.#signOn.replace("_", " ")}`);
    // rules: Links. What was stored for us while the link was down comes now.
    if (this.isServing) requestManagement(this, "stored_advices");
  }

  /** The network's business day has ended; which day a message settles on is told by its own DE15. */
  cutOver(settlementDate: string): void {
    this.link.count("cutover");
    this.link.parts.log.info({ ...this.#context(), settlementDate }, "the network begins its next business day");
  }

  /** Tells the peer that we go; what is in flight is still answered. */
  signOff(): void {
    if (this.#isClosed || this.#signOn === "signing_off" || this.#signOn === "ended") return;
    if (this.link.spec.signOn !== "none") requestManagement(this, "sign_off");
    this.sign("sign_off_sent");
    if (this.link.spec.signOn === "none") this.sign("sign_off_answered");
  }

  /** Ends the connection once everything that was said has left. */
  close(): void {
    this.#outbox.flush();
    this.#socket.end();
  }

  destroy(cause: SwitchEvent): void {
    this.#end(cause);
    this.#socket.destroy();
  }

  /** A frame that could be neither read nor answered. */
  countMalformed({ code, path, offset }: Malformation): void {
    this.link.parts.log.info({ ...this.#context(), code, path, offset }, "a frame could not be read");
    this.link.count("malformed");
    this.countFormatError();
  }

  /** A frame that broke the format, answered with 30 or not: some are an accident, many are the wrong dialect. */
  countFormatError(): void {
    const now = this.link.parts.clock.monotonicNow();
    this.#malformedAtMs = this.#malformedAtMs.filter((atMs) => now - atMs < minuteMs);
    this.#malformedAtMs.push(now);
    if (this.#malformedAtMs.length < this.link.spec.limits.malformedFramesAMinuteMax) return;
    // The last answers say what is wrong, so they leave first; a peer that does not read them is not waited for.
    this.#outbox.flush();
    this.#end("malformed_flood");
    this.#socket.setTimeout(this.link.spec.limits.signOffWaitMs, () => this.#socket.destroy());
    this.#socket.destroySoon();
  }

  /** Looks at everything that only time tells. */
  tick(nowMs: number): void {
    const { limits } = this.link.spec;
    const quietMs = nowMs - this.chunkAtMs;
    if (this.#reader.isMidFrame && quietMs > limits.midFrameIdleMs) return this.destroy("idle_mid_frame");
    if (this.#outbox.blockedMs(nowMs) > limits.unreadMs) return this.destroy("slow_reader");
    // A peer that has signed off may stay and come back; one that never signed on has no business here.
    if (this.#wasSignedOn) this.#askForLife(nowMs, quietMs);
    else if (nowMs - this.openedAtMs > limits.signOnWaitMs) this.destroy("sign_on_missing");
  }

  // A cable that is cut tells nobody: without questions a dead line looks like a quiet one.
  #askForLife(nowMs: number, quietMs: number): void {
    const { limits } = this.link.spec;
    if (limits.echoIdleMs === null) return;
    if (this.#echoSentAtMs === null) {
      if (quietMs < limits.echoIdleMs) return;
    } else {
      if (nowMs - this.#echoSentAtMs < limits.echoAnswerMs) return;
      this.#echoesMissed++;
      this.link.count("echo_missed");
      if (this.#echoesMissed >= limits.echoesMissedMax) return this.destroy("dead_peer");
    }
    this.#echoSentAtMs = nowMs;
    requestManagement(this, "echo");
  }

  #take(chunk: Uint8Array): void {
    const { authorizer, clock } = this.link.parts;
    const wallNowMs = clock.wallNow();
    this.chunkAtMs = clock.monotonicNow();
    this.link.lastFrameAtMs = wallNowMs;
    // Whatever has come shows that the peer lives.
    this.#echoSentAtMs = null;
    this.#echoesMissed = 0;
    this.#chunkWallMs = wallNowMs;
    if (!this.#reader.isMidFrame) this.#beginFrame();
    this.#reader.push(chunk, this);
    authorizer.flush();
  }

  frame(bytes: Uint8Array): void {
    if (this.#isClosed) return;
    receive(this, bytes, this.#frameAtMs);
    this.#beginFrame();
  }

  keepAlive(): void {
    const { limits } = this.link.spec;
    this.link.count("keep_alive");
    const second = Math.floor(this.#chunkWallMs / 1000);
    if (second !== this.#keepAliveSecond) this.#keepAlivesInSecond = 0;
    this.#keepAliveSecond = second;
    this.#beginFrame();
    if (++this.#keepAlivesInSecond > limits.keepAlivesReturnedASecondMax) return;
    this.write(keepAliveFrame(this.link.framing));
  }

  fatal(error: FramingError): void {
    this.link.parts.log.warn({ ...this.#context(), ...error }, "the stream cannot be read as frames");
    this.destroy("framing_error");
  }

  /** Whatever comes next begins in the present chunk. */
  #beginFrame(): void {
    this.#frameAtMs = this.#chunkWallMs;
    this.frameStartedAtMs = this.chunkAtMs;
  }

  // No more requests will come; what is being decided is still answered.
  #finish(): void {
    this.#isPeerDone = true;
    if (this.exchangesOpen === 0) this.close();
  }

  #end(cause: SwitchEvent | null = null): void {
    if (this.#isClosed) return;
    if (cause !== null) {
      this.link.count(cause);
      this.link.parts.log.warn(this.#context(), `the connection is closed: ${cause.replaceAll("_", " ")}`);
    }
    this.#isClosed = true;
    this.#signOn = "ended";
    this.link.sessions.delete(this);
    this.link.count("closed");
    this.#log("a connection is closed");
  }

  #log(text: string): void {
    this.link.parts.log.info(this.#context(), text);
  }

  #context(): { link: string; session: number; peer: string } {
    return { link: this.link.spec.name, session: this.id, peer: this.peer };
  }
}
