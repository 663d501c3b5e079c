import type { Socket } from "node:net";

/**
 * Collects what many connections have to say until the handler that is running has ended, so that each connection is
 * written once for each chunk that came in, from a peer or from the store.
 */
export class WriteTurn {
  /** Called between the two halves of every write: where a test lets the process die. null: writes are whole. */
  readonly onHalfWritten: (() => void) | null;
  #waiting: Outbox[] = [];
  readonly #flush = (): void => this.flush();

  constructor(onHalfWritten: (() => void) | null = null) {
    this.onHalfWritten = onHalfWritten;
  }

  join(outbox: Outbox): void {
    // A microtask runs when the handler of the chunk has returned, and costs no turn of the loop.
    if (this.#waiting.push(outbox) === 1) queueMicrotask(this.#flush);
  }

  flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const outbox of waiting) outbox.flush();
  }
}

/** What leaves on one connection. A peer that does not read what it gets shows here. */
export class Outbox {
  readonly #socket: Socket;
  readonly #turn: WriteTurn;
  #frames: Uint8Array[] = [];
  #blockedSinceMs: number | null = null;

  constructor(socket: Socket, turn: WriteTurn) {
    this.#socket = socket;
    this.#turn = turn;
    socket.on("drain", () => {
      this.#blockedSinceMs = null;
    });
  }

  /** Bytes that wait in our memory for the peer to read. */
  get unreadBytes(): number {
    return this.#socket.writableLength;
  }

  /** How long the peer has been leaving bytes unread. */
  blockedMs(nowMs: number): number {
    if (this.#socket.writableLength === 0 || !this.#socket.writableNeedDrain) return 0;
    this.#blockedSinceMs ??= nowMs;
    return nowMs - this.#blockedSinceMs;
  }

  add(frame: Uint8Array): void {
    if (this.#frames.push(frame) === 1) this.#turn.join(this);
  }

  flush(): void {
    const frames = this.#frames;
    const [first] = frames;
    if (first === undefined) return;
    this.#frames = [];
    if (!this.#socket.writable) return;
    const bytes = frames.length === 1 ? first : Buffer.concat(frames);
    if (this.#turn.onHalfWritten === null) this.#socket.write(bytes);
    else this.#writeInHalves(bytes, this.#turn.onHalfWritten);
  }

  #writeInHalves(bytes: Uint8Array, onHalfWritten: () => void): void {
    const half = Math.floor(bytes.length / 2);
    this.#socket.write(bytes.subarray(0, half));
    onHalfWritten();
    this.#socket.write(bytes.subarray(half));
  }
}
