import { mkdtempSync, rmSync } from "node:fs";
import { type Server, type Socket, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Answer, Ask, FromChild, PlacePart, Role, ToChild } from "./control-protocol.ts";
import { readLines, writeLine } from "./lines.ts";

export interface ControlServerOptions {
  readonly place: PlacePart;
  readonly onLine: (role: Role, line: Extract<FromChild, { kind: "ready" | "failed" }>) => void;
}

const other = { switch: "platform", platform: "switch" } as const satisfies Readonly<Record<Role, Role>>;

/** The supervisor's socket: a private folder, one connection a child, and questions passed from one to the other. */
export class ControlServer {
  readonly path: string;
  readonly #options: ControlServerOptions;
  /** What a child is given next: after a crash the same ports as before. */
  place: PlacePart;
  readonly #folder: string;
  readonly #server: Server;
  readonly #children = new Map<Role, Socket>();
  /** Questions under way: who asked, and under what number. */
  readonly #passed = new Map<number, { readonly from: Socket; readonly id: number; readonly to: Socket }>();
  #lastId = 0;

  constructor(options: ControlServerOptions) {
    this.#options = options;
    this.place = options.place;
    this.#folder = mkdtempSync(join(tmpdir(), "cardswitch-control-"));
    this.path = join(this.#folder, "control.sock");
    this.#server = createServer((socket) => this.#admit(socket));
  }

  listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(this.path, resolve);
    });
  }

  stop(role: Role): void {
    const socket = this.#children.get(role);
    if (socket !== undefined) this.#say(socket, { kind: "stop" });
  }

  async close(): Promise<void> {
    for (const socket of this.#children.values()) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #admit(socket: Socket): void {
    let role: Role | null = null;
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      if (role !== null) this.#leave(role, socket);
    });
    readLines(socket, (value) => {
      const line = value as FromChild;
      if (line.kind === "hello") {
        role = line.role;
        this.#enter(role, socket);
      } else if (role !== null) {
        this.#take(role, socket, line);
      }
    });
  }

  #enter(role: Role, socket: Socket): void {
    this.#children.set(role, socket);
    this.#say(socket, { kind: "place", place: this.place });
    this.#say(socket, { kind: "neighbour", isUp: this.#children.has(other[role]) });
    this.#tellNeighbour(role, true);
  }

  #leave(role: Role, socket: Socket): void {
    if (this.#children.get(role) !== socket) return;
    this.#children.delete(role);
    for (const [id, { from, to }] of this.#passed) if (from === socket || to === socket) this.#passed.delete(id);
    this.#tellNeighbour(role, false);
  }

  #tellNeighbour(role: Role, isUp: boolean): void {
    const neighbour = this.#children.get(other[role]);
    if (neighbour !== undefined) this.#say(neighbour, { kind: "neighbour", isUp });
  }

  #take(role: Role, socket: Socket, line: Exclude<FromChild, { kind: "hello" }>): void {
    if (line.kind === "ask") this.#pass(role, socket, line);
    else if (line.kind === "answer") this.#passBack(line);
    else this.#options.onLine(role, line);
  }

  // Both children number their questions from one, so each gets a number of ours on its way.
  #pass(role: Role, from: Socket, ask: Ask): void {
    const to = this.#children.get(other[role]);
    if (to === undefined) {
      this.#say(from, { kind: "answer", id: ask.id, failure: `the ${other[role]} is not running` });
      return;
    }
    const id = ++this.#lastId;
    this.#passed.set(id, { from, id: ask.id, to });
    this.#say(to, { ...ask, id });
  }

  #passBack(answer: Answer): void {
    const asked = this.#passed.get(answer.id);
    if (asked === undefined) return;
    this.#passed.delete(answer.id);
    this.#say(asked.from, { ...answer, id: asked.id });
  }

  #say(socket: Socket, line: ToChild): void {
    writeLine(socket, line);
  }
}
