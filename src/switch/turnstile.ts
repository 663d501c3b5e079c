import type { Socket } from "node:net";
import type { LinkLimits } from "../../specs/links.ts";

/** Counts the connections that came in, of the whole process and of each address, before any of them costs more. */
export class Turnstile {
  readonly #connectionsMax: number;
  readonly #connections = new Map<string, number>();
  #total = 0;
  /** TLS handshakes begun in the present second of the monotonic clock. */
  readonly #handshakes = new Map<string, number>();
  #second = 0;

  constructor(connectionsMax: number) {
    this.#connectionsMax = connectionsMax;
  }

  /** Whether there is room for one more of this address; it counts until its socket is closed. */
  admits(socket: Socket, address: string, limits: LinkLimits): boolean {
    const open = this.#connections.get(address) ?? 0;
    if (this.#total >= this.#connectionsMax || open >= limits.connectionsAPeerMax) return false;
    this.#total++;
    this.#connections.set(address, open + 1);
    socket.once("close", () => this.#leave(address));
    return true;
  }

  /** Whether an address may begin another TLS handshake: they are the dear part of a connection. */
  admitsHandshake(address: string, nowMs: number, limits: LinkLimits): boolean {
    const second = Math.floor(nowMs / 1000);
    if (second !== this.#second) this.#handshakes.clear();
    this.#second = second;
    const begun = (this.#handshakes.get(address) ?? 0) + 1;
    this.#handshakes.set(address, begun);
    return begun <= limits.handshakesAPeerASecondMax;
  }

  #leave(address: string): void {
    this.#total--;
    const left = (this.#connections.get(address) ?? 1) - 1;
    if (left === 0) this.#connections.delete(address);
    else this.#connections.set(address, left);
  }
}
