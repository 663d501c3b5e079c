import { type Socket, connect } from "node:net";
import type { Link } from "./link.ts";
import type { Entrance } from "./server.ts";
import { Session } from "./session.ts";

/** Keeps one connection to the peer of a link up: a lost one is tried again, ever more slowly. */
export function keepConnected(link: Link): Entrance {
  const connector = new Connector(link);
  connector.open();
  return {
    port: link.spec.endpoint.port,
    stop: () => {
      connector.stop();
      return Promise.resolve();
    },
  };
}

class Connector {
  readonly #link: Link;
  #waitMs: number;
  #socket: Socket | null = null;
  #session: Session | null = null;
  #timer: NodeJS.Timeout | null = null;
  #isStopped = false;

  constructor(link: Link) {
    this.#link = link;
    this.#waitMs = link.spec.limits.reconnectMs;
  }

  open(): void {
    const { endpoint, limits } = this.#link.spec;
    const socket = connect({ host: endpoint.host, port: endpoint.port, noDelay: true });
    this.#socket = socket;
    socket.setTimeout(limits.connectTimeoutMs, () => socket.destroy());
    socket.on("error", (error) => this.#log(error.message));
    socket.once("connect", () => {
      socket.setTimeout(0);
      this.#begin(socket);
    });
    socket.once("close", () => this.#tryAgain());
  }

  /** Gives up a connection that is not up yet; one that is belongs to its session. */
  stop(): void {
    this.#isStopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#socket?.connecting === true) this.#socket.destroy();
  }

  #begin(socket: Socket): void {
    if (this.#isStopped) {
      socket.destroy();
      return;
    }
    this.#session = new Session(this.#link, socket);
    this.#session.start();
  }

  #tryAgain(): void {
    if (this.#isStopped) return;
    const { limits } = this.#link.spec;
    // A peer that takes a connection and drops it at once is tried as slowly as one that is not there.
    const hasSpoken = this.#session !== null && this.#session.chunkAtMs > this.#session.openedAtMs;
    if (hasSpoken) this.#waitMs = limits.reconnectMs;
    this.#session = null;
    this.#timer = setTimeout(() => this.open(), this.#waitMs);
    this.#waitMs = Math.min(2 * this.#waitMs, limits.reconnectMaxMs);
  }

  #log(cause: string): void {
    const { endpoint, name } = this.#link.spec;
    this.#link.parts.log.info({ link: name, peer: `${endpoint.host}:${endpoint.port}`, cause }, "no connection");
  }
}
