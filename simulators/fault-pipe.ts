import type { Socket } from "node:net";

/**
 * pass: as it comes. delay: each chunk waits, both ways, in order. drop-reply: the next bytes from the target vanish and
 * the connection breaks, once; later ones pass. half-reply: half of the next chunk from the target passes, then the
 * connection breaks, once. dribble: one byte at a time, both ways. blackhole: everything vanishes both ways, and
 * nobody is told. no-read: nothing is read from the target, so its writes pile up. reset: both sides get a RST.
 */
export type FaultMode =
  | { readonly kind: "pass" }
  | { readonly kind: "delay"; readonly ms: number }
  | { readonly kind: "drop-reply" }
  | { readonly kind: "half-reply" }
  | { readonly kind: "dribble"; readonly everyMs: number }
  | { readonly kind: "blackhole" }
  | { readonly kind: "no-read" }
  | { readonly kind: "reset" };

interface PipeSettings {
  readonly client: Socket;
  readonly target: Socket;
  readonly mode: FaultMode;
  /** A fault that happens once has happened. */
  readonly onSpent: () => void;
  readonly onClose: () => void;
}

/** One proxied connection. */
export interface Pipe {
  readonly counts: { bytesToTarget: number; bytesFromTarget: number; bytesDropped: number };
  set(mode: FaultMode): void;
  destroy(): void;
}

export function openPipe(settings: PipeSettings): Pipe {
  return new FaultyPipe(settings);
}

/** Half-written bytes of one direction that a mode makes wait. */
interface Lane {
  readonly from: Socket;
  readonly to: Socket;
  readonly isReply: boolean;
  readonly waiting: { bytes: Buffer; dueMs: number }[];
  timer: NodeJS.Timeout | null;
  hasEnded: boolean;
}

class FaultyPipe implements Pipe {
  readonly counts = { bytesToTarget: 0, bytesFromTarget: 0, bytesDropped: 0 };
  readonly #settings: PipeSettings;
  readonly #lanes: readonly [Lane, Lane];
  #mode: FaultMode;
  #isClosed = false;

  constructor(settings: PipeSettings) {
    this.#settings = settings;
    this.#mode = settings.mode;
    const { client, target } = settings;
    this.#lanes = [newLane(client, target, false), newLane(target, client, true)];
    for (const lane of this.#lanes) this.#watch(lane);
    if (this.#mode.kind !== "pass") this.set(this.#mode);
  }

  set(mode: FaultMode): void {
    this.#mode = mode;
    if (mode.kind === "reset") {
      reset(this.#settings.client);
      reset(this.#settings.target);
      return;
    }
    const { target } = this.#settings;
    if (mode.kind === "no-read") target.pause();
    else target.resume();
    if (mode.kind === "blackhole") for (const lane of this.#lanes) this.#drop(lane);
    else if (mode.kind !== "no-read") for (const lane of this.#lanes) this.#pump(lane);
  }

  destroy(): void {
    this.#settings.client.destroy();
    this.#settings.target.destroy();
  }

  #watch(lane: Lane): void {
    lane.from.setNoDelay(true);
    lane.from.on("data", (bytes: Buffer) => this.#take(lane, bytes));
    lane.from.on("end", () => {
      lane.hasEnded = true;
      this.#pump(lane);
    });
    lane.from.on("drain", () => this.#other(lane).from.resume());
    // What the world does to a socket ends in "close", which is where it is dealt with.
    lane.from.on("error", () => undefined);
    lane.from.on("close", () => this.#close());
  }

  #other(lane: Lane): Lane {
    return lane === this.#lanes[0] ? this.#lanes[1] : this.#lanes[0];
  }

  #take(lane: Lane, bytes: Buffer): void {
    const mode = this.#mode;
    if (mode.kind === "blackhole") {
      this.counts.bytesDropped += bytes.length;
      return;
    }
    if (lane.isReply && mode.kind === "drop-reply") {
      this.counts.bytesDropped += bytes.length;
      this.#break();
      return;
    }
    if (lane.isReply && mode.kind === "half-reply") {
      const half = bytes.length >> 1;
      this.counts.bytesDropped += bytes.length - half;
      this.#write(lane, bytes.subarray(0, half));
      this.#break();
      return;
    }
    const delayMs = mode.kind === "delay" ? mode.ms : 0;
    lane.waiting.push({ bytes, dueMs: performance.now() + delayMs });
    this.#pump(lane);
  }

  /** Once: the connection ends as if it had been cut, and what comes on a new one passes again. */
  #break(): void {
    this.#mode = { kind: "pass" };
    this.#settings.onSpent();
    this.#settings.client.end();
    this.#settings.target.destroy();
  }

  #pump(lane: Lane): void {
    if (lane.timer !== null) {
      clearTimeout(lane.timer);
      lane.timer = null;
    }
    const mode = this.#mode;
    while (lane.waiting.length > 0) {
      const next = lane.waiting[0];
      if (next === undefined) break;
      const leftMs = mode.kind === "delay" ? next.dueMs - performance.now() : 0;
      if (leftMs > 0) {
        lane.timer = setTimeout(() => this.#pump(lane), Math.ceil(leftMs));
        return;
      }
      if (mode.kind === "dribble") {
        this.#dribble(lane, next, mode.everyMs);
        return;
      }
      lane.waiting.shift();
      this.#write(lane, next.bytes);
    }
    if (lane.hasEnded && !lane.to.writableEnded) lane.to.end();
  }

  #dribble(lane: Lane, next: Lane["waiting"][number], everyMs: number): void {
    this.#write(lane, next.bytes.subarray(0, 1));
    if (next.bytes.length > 1) next.bytes = next.bytes.subarray(1);
    else lane.waiting.shift();
    lane.timer = setTimeout(() => this.#pump(lane), everyMs);
  }

  #drop(lane: Lane): void {
    for (const { bytes } of lane.waiting) this.counts.bytesDropped += bytes.length;
    lane.waiting.length = 0;
    if (lane.timer !== null) clearTimeout(lane.timer);
    lane.timer = null;
  }

  #write(lane: Lane, bytes: Buffer): void {
    if (lane.isReply) this.counts.bytesFromTarget += bytes.length;
    else this.counts.bytesToTarget += bytes.length;
    if (lane.to.destroyed || lane.to.writableEnded) return;
    if (!lane.to.write(bytes)) lane.from.pause();
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const lane of this.#lanes) if (lane.timer !== null) clearTimeout(lane.timer);
    // A half reply is still on its way to the client: it ends after it, and only then goes.
    const { client, target } = this.#settings;
    target.destroy();
    if (client.writableEnded) client.destroySoon();
    else client.destroy();
    this.#settings.onClose();
  }
}

/** A unix socket knows no RST: there the connection just breaks. */
function reset(socket: Socket): void {
  const isTcp = socket.remoteAddress !== undefined;
  if (isTcp) socket.resetAndDestroy();
  else socket.destroy();
}

function newLane(from: Socket, to: Socket, isReply: boolean): Lane {
  return { from, to, isReply, waiting: [], timer: null, hasEnded: false };
}
