import { type NetConnectOpts, type Server, type Socket, createConnection, createServer } from "node:net";
import { type Pipe, type FaultMode, openPipe } from "./fault-pipe.ts";

/** A TCP port or the path of a unix socket. */
export type Address = { readonly host: string; readonly port: number } | { readonly path: string };
export type { FaultMode } from "./fault-pipe.ts";

export interface FaultProxySettings {
  readonly listen: Address;
  readonly target: Address;
}

/** Counts since the start, of all connections. */
export interface FaultProxyCounts {
  readonly accepted: number;
  readonly open: number;
  readonly bytesToTarget: number;
  readonly bytesFromTarget: number;
  /** Bytes that a fault swallowed. */
  readonly bytesDropped: number;
}

/**
 * Stands between two parties and spoils what passes: between a simulator and the switch, or between the switch and
 * Redis. The party that connects here is the client; "reply" is what comes back from the target. A mode applies to
 * every open and later connection until the next one is set.
 */
export class FaultProxy {
  readonly #settings: FaultProxySettings;
  readonly #server: Server;
  readonly #pipes = new Map<number, Pipe>();
  readonly #closed = { bytesToTarget: 0, bytesFromTarget: 0, bytesDropped: 0 };
  #mode: FaultMode = { kind: "pass" };
  #accepted = 0;

  constructor(settings: FaultProxySettings) {
    this.#settings = settings;
    this.#server = createServer({ allowHalfOpen: true }, (client) => this.#accept(client));
  }

  /** Where it listens: with the port that the system chose where the settings say 0. */
  async open(): Promise<Address> {
    const { listen } = this.#settings;
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(listen, () => {
        this.#server.off("error", reject);
        resolve();
      });
    });
    const bound = this.#server.address();
    if (bound === null || typeof bound === "string" || "path" in listen) return listen;
    return { host: listen.host, port: bound.port };
  }

  get mode(): FaultMode {
    return this.#mode;
  }

  set(mode: FaultMode): void {
    this.#mode = mode;
    for (const pipe of this.#pipes.values()) pipe.set(mode);
  }

  /** Changes one connection only, by its number in order of arrival (from 0); false where it is gone. */
  setConnection(number: number, mode: FaultMode): boolean {
    const pipe = this.#pipes.get(number);
    pipe?.set(mode);
    return pipe !== undefined;
  }

  /** Numbers of the open connections, oldest first. */
  connections(): number[] {
    return [...this.#pipes.keys()];
  }

  counts(): FaultProxyCounts {
    const sum = { ...this.#closed, accepted: this.#accepted, open: this.#pipes.size };
    for (const pipe of this.#pipes.values()) {
      sum.bytesToTarget += pipe.counts.bytesToTarget;
      sum.bytesFromTarget += pipe.counts.bytesFromTarget;
      sum.bytesDropped += pipe.counts.bytesDropped;
    }
    return sum;
  }

  async close(): Promise<void> {
    for (const pipe of this.#pipes.values()) pipe.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #accept(client: Socket): void {
    const number = this.#accepted++;
    const target = createConnection(connectOptions(this.#settings.target));
    const onSpent = (): void => this.#spent();
    const pipe = openPipe({ client, target, mode: this.#mode, onSpent, onClose: () => this.#forget(number) });
    this.#pipes.set(number, pipe);
  }

  #spent(): void {
    if (this.#mode.kind === "drop-reply" || this.#mode.kind === "half-reply") this.set({ kind: "pass" });
  }

  #forget(number: number): void {
    const pipe = this.#pipes.get(number);
    if (pipe === undefined) return;
    this.#pipes.delete(number);
    this.#closed.bytesToTarget += pipe.counts.bytesToTarget;
    this.#closed.bytesFromTarget += pipe.counts.bytesFromTarget;
    this.#closed.bytesDropped += pipe.counts.bytesDropped;
  }
}

function connectOptions(address: Address): NetConnectOpts {
  return { ...address, allowHalfOpen: true };
}
