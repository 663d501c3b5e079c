import type { Exchange } from "./exchange.ts";

/** The authorizations of one link that wait for a decision, oldest first. */
export class InFlight {
  readonly #waiting = new Set<Exchange>();
  readonly #waitingMax: number;
  readonly #process: ProcessLoad;

  constructor(waitingMax: number, process: ProcessLoad) {
    this.#waitingMax = waitingMax;
    this.#process = process;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** False where there is no room: the request is then known to have had no effect, and is answered 91 at once. */
  admit(exchange: Exchange): boolean {
    if (this.#waiting.size >= this.#waitingMax || this.#process.waiting >= this.#process.waitingMax) return false;
    this.#waiting.add(exchange);
    this.#process.waiting++;
    return true;
  }

  release(exchange: Exchange): void {
    if (this.#waiting.delete(exchange)) this.#process.waiting--;
  }

  /** Gives up what no network waits for any more, so that a store that never answers keeps no memory. */
  expire(wallNowMs: number): void {
    for (const exchange of this.#waiting) {
      if (exchange.forgetAtMs > wallNowMs) return;
      this.release(exchange);
      exchange.forget();
    }
  }
}

/** All links together. */
export interface ProcessLoad {
  waiting: number;
  readonly waitingMax: number;
}
