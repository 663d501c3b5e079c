import type { Socket } from "node:net";
import type { Random } from "../src/kernel/random.ts";

/**
 * Frames on their way to a socket: one write an event-loop turn, whatever was sent in it. With `split`, the bytes leave
 * in pieces cut at random places, each in a turn of its own, so that frames arrive in parts and glued together.
 */
export class Outbox {
  readonly #socket: Socket;
  readonly #split: Random | null;
  #frames: Uint8Array[] = [];
  #isScheduled = false;

  constructor(socket: Socket, split: Random | null) {
    this.#socket = socket;
    this.#split = split;
  }

  push(frame: Uint8Array): void {
    this.#frames.push(frame);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => this.flush());
  }

  flush(): void {
    this.#isScheduled = false;
    if (this.#frames.length === 0 || this.#socket.destroyed) return;
    const [only] = this.#frames;
    const bytes = this.#frames.length === 1 && only !== undefined ? only : Buffer.concat(this.#frames);
    this.#frames = [];
    if (this.#split === null) this.#socket.write(bytes);
    else this.#writePiece(bytes, this.#split);
  }

  #writePiece(bytes: Uint8Array, split: Random): void {
    const end = 1 + split.integer(bytes.length);
    this.#socket.write(bytes.subarray(0, end));
    if (end === bytes.length) return;
    this.#frames.unshift(bytes.subarray(end));
    this.#isScheduled = true;
    setImmediate(() => this.flush());
  }
}
