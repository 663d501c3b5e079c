import { type Socket, connect } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Credentials } from "./credentials.ts";
import type { Link } from "./link.ts";
import type { Entrance } from "./server.ts";
import { Session } from "./session.ts";

/** Keeps one connection to the peer of a link up: a lost one is tried again, ever more slowly. */
export function keepConnected(link: Link, credentials: Credentials | null): Entrance {
  const connector = new Connector(link, credentials);
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
  readonly #credentials: Credentials | null;
  #waitMs: number;
  #socket: Socket | null = null;
  #session: Session | null = null;
  #timer: NodeJS.Timeout | null = null;
  #isStopped = false;

  constructor(link: Link, credentials: Credentials | null) {
    this.#link = link;
    this.#credentials = credentials;
    this.#waitMs = link.spec.limits.reconnectMs;
  }

  open(): void {
    const { limits } = this.#link.spec;
    const socket = this.#dial();
    this.#socket = socket;
    socket.setTimeout(limits.connectTimeoutMs, () => socket.destroy());
    socket.on("error", (error) => this.#log(error.message));
    socket.once(this.#credentials === null ? "connect" : "secureConnect", () => {
      socket.setTimeout(0);
      this.#begin(socket);
    });
    socket.once("close", () => this.#tryAgain());
  }

  /** Gives up a connection that is not up yet; one that is belongs to its session. */
  stop(): void {
    this.#isStopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#session === null) this.#socket?.destroy();
  }

  // A peer that has said all it had to say still waits for our answers.
  #dial(): Socket {
    const { endpoint, tls } = this.#link.spec;
    const place = { host: endpoint.host, port: endpoint.port, noDelay: true, allowHalfOpen: true };
    if (this.#credentials === null) return connect(place);
    const name = tls?.serverName ?? null;
    return connectTls({ ...place, ...this.#credentials, ...(name === null ? {} : { servername: name }) });
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
