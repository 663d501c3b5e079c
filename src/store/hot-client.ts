import { HotConnection, type HotAddress, type HotLimits, type HotReply, defaultHotLimits } from "./hot-connection.ts";
import type { LuaLibrary } from "./library.ts";
import type { RespError, RespValue } from "./resp.ts";

export interface HotClientOptions {
  readonly address: HotAddress;
  readonly password?: string | null;
  readonly library: LuaLibrary;
  readonly limits?: HotLimits;
  /** Milliseconds that never go back: deadlines of calls count on this clock. */
  readonly now: () => number;
}

/** A call of one function: everything it touches lies in one slot. */
export interface HotCall {
  readonly slot: number;
  readonly function: string;
  readonly keys: readonly string[];
  /** Packed arguments, then texts; strings are Latin-1. */
  readonly argv: readonly (string | Uint8Array)[];
  readonly deadlineMs: number;
}

/** A call on its way, and how often it has been sent on. */
interface Attempt {
  readonly call: HotCall;
  readonly done: (reply: HotReply) => void;
  readonly redirects: number;
  readonly isAsking: boolean;
}

const redirectsMax = 5;

/**
 * Calls to Redis functions, on one Redis or on a cluster (one connection a master). Calls are appended and leave with
 * `flush`, once for each chunk that came in: a deferred flush costs a turn of the loop.
 */
export class HotClient {
  readonly #options: HotClientOptions;
  readonly #connections = new Map<string, HotConnection>();
  readonly #home: HotConnection;
  /** Slot ranges of a cluster; empty on a single Redis. */
  #slots: { from: number; to: number; connection: HotConnection }[] = [];
  readonly #loading: Map<HotConnection, Promise<boolean>> = new Map();

  constructor(options: HotClientOptions) {
    this.#options = options;
    this.#home = this.#connectionTo(options.address);
  }

  get isUsable(): boolean {
    for (const connection of this.#connections.values()) if (!connection.isUsable) return false;
    return true;
  }

  get inFlight(): number {
    let total = 0;
    for (const connection of this.#connections.values()) total += connection.inFlight;
    return total;
  }

  /** Connects, learns the slots of a cluster and loads the functions. Returns why that failed, or null. */
  async start(timeoutMs: number): Promise<string | null> {
    if (!(await this.#home.ready(timeoutMs))) return "no connection to Redis";
    await this.#learnSlots();
    for (const connection of new Set(this.#connections.values())) {
      if (!(await connection.ready(timeoutMs))) return "no connection to a node of the cluster";
      if (!(await this.#load(connection))) return "Redis refuses to load the functions";
    }
    return null;
  }

  call(call: HotCall, done: (reply: HotReply) => void): void {
    this.#send(this.#connectionOf(call.slot), { call, done, redirects: 0, isAsking: false });
  }

  /** A plain command on the master of a slot, such as HMGET. Read-only commands only. */
  read(slot: number, command: readonly string[], deadlineMs: number, done: (reply: HotReply) => void): void {
    const connection = this.#connectionOf(slot);
    const refusal = connection.refusal(deadlineMs);
    if (refusal !== null) {
      done({ kind: "refused", cause: refusal });
      return;
    }
    const writer = connection.begin(deadlineMs, done);
    writer.array(command.length);
    for (const word of command) writer.text(word);
  }

  flush(): void {
    for (const connection of this.#connections.values()) connection.flush();
  }

  close(): void {
    for (const connection of this.#connections.values()) connection.close();
  }

  #send(connection: HotConnection, attempt: Attempt): void {
    const { call, done } = attempt;
    const refusal = connection.refusal(call.deadlineMs);
    if (refusal !== null) {
      done({ kind: "refused", cause: refusal });
      return;
    }
    if (attempt.isAsking) {
      const asking = connection.begin(call.deadlineMs, () => undefined);
      asking.array(1);
      asking.text("ASKING");
    }
    const writer = connection.begin(call.deadlineMs, (reply) => {
      if (reply.kind !== "redirected") done(reply);
      else this.#redirect(connection, { ...attempt, redirects: attempt.redirects + 1 }, reply.error);
    });
    writer.array(3 + call.keys.length + call.argv.length);
    writer.text("FCALL");
    writer.text(this.#options.library.functionName(call.function));
    writer.text(String(call.keys.length));
    for (const key of call.keys) writer.text(key);
    for (const argument of call.argv) {
      if (typeof argument === "string") writer.text(argument);
      else writer.bytes(argument);
    }
  }

  // All three say that the call did not run, so it may be sent again.
  #redirect(from: HotConnection, attempt: Attempt, error: RespError): void {
    const { call, done } = attempt;
    if (attempt.redirects > redirectsMax) {
      done({ kind: "refused", cause: error.code });
      return;
    }
    if (error.code === "MOVED" || error.code === "ASK") {
      const target = this.#connectionTo(addressOf(error.message));
      if (error.code === "MOVED") void this.#learnSlots();
      void target.ready(call.deadlineMs - this.#options.now()).then(() => {
        this.#send(target, { ...attempt, isAsking: error.code === "ASK" });
        target.flush();
      });
      return;
    }
    void this.#load(from).then((isLoaded) => {
      if (isLoaded) this.#send(from, { ...attempt, isAsking: false });
      else done({ kind: "refused", cause: "functions cannot be loaded" });
      from.flush();
    });
  }

  #connectionOf(slot: number): HotConnection {
    for (const range of this.#slots) if (slot >= range.from && slot <= range.to) return range.connection;
    return this.#home;
  }

  #connectionTo(address: HotAddress): HotConnection {
    const name = "path" in address ? address.path : `${address.host}:${address.port}`;
    const known = this.#connections.get(name);
    if (known !== undefined) return known;
    const connection = new HotConnection({
      address,
      password: this.#options.password ?? null,
      limits: this.#options.limits ?? defaultHotLimits,
      now: this.#options.now,
      onAnswered: () => this.flush(),
    });
    this.#connections.set(name, connection);
    return connection;
  }

  async #learnSlots(): Promise<void> {
    const reply = await this.#command(this.#home, ["CLUSTER", "SLOTS"]);
    // A single Redis answers with an error: then every slot is at home.
    if (reply.kind !== "ok" || !Array.isArray(reply.value)) return;
    const slots = [];
    for (const row of reply.value) {
      const range = slotRange(row);
      if (range !== null)
        slots.push({
          from: range.from,
          to: range.to,
          connection: this.#connectionTo(range.address),
        });
    }
    this.#slots = slots;
  }

  #load(connection: HotConnection): Promise<boolean> {
    const running = this.#loading.get(connection);
    if (running !== undefined) return running;
    const loading = this.#command(connection, ["FUNCTION", "LOAD", "REPLACE", this.#options.library.source]).then(
      (reply) => {
        this.#loading.delete(connection);
        return reply.kind === "ok";
      },
    );
    this.#loading.set(connection, loading);
    return loading;
  }

  #command(connection: HotConnection, command: readonly string[]): Promise<HotReply> {
    return new Promise((resolve) => {
      const deadlineMs = this.#options.now() + 5_000;
      const refusal = connection.refusal(deadlineMs);
      if (refusal !== null) {
        resolve({ kind: "refused", cause: refusal });
        return;
      }
      const writer = connection.begin(deadlineMs, resolve);
      writer.array(command.length);
      for (const word of command) writer.text(word);
      connection.flush();
    });
  }
}

// [from, to, [host, port, id], replicas …]
function slotRange(row: RespValue): { from: number; to: number; address: HotAddress } | null {
  if (!Array.isArray(row)) return null;
  const [from, to, master] = row;
  if (typeof from !== "string" || typeof to !== "string" || !Array.isArray(master)) return null;
  const [host, port] = master;
  if (typeof host !== "string" || typeof port !== "string") return null;
  return {
    from: Number(from),
    to: Number(to),
    address: { host, port: Number(port) },
  };
}

// "MOVED 3999 127.0.0.1:6381"
function addressOf(message: string): HotAddress {
  const target = message.split(" ")[2] ?? "";
  const colon = target.lastIndexOf(":");
  return {
    host: target.slice(0, colon),
    port: Number(target.slice(colon + 1)),
  };
}
