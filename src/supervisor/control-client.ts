import { type Socket, connect } from "node:net";
import { type PlatformDoor, type Question, type SwitchDoor, switchDoorNames } from "../app/doors.ts";
import type { AskPlatform } from "../authorizer/ask-platform.ts";
import type { Answer, Ask, FromChild, PlacePart, Role, ToChild } from "./control-protocol.ts";
import { readLines, writeLine } from "./lines.ts";

type Handler = (argument: unknown) => Promise<unknown>;

export interface ControlClientOptions {
  readonly path: string;
  readonly role: Role;
  /** How long the other process has for an answer. */
  readonly answerMs: number;
  readonly onStop: () => void;
  /** The supervisor has gone. */
  readonly onLost: () => void;
}

/** A child's end of the supervisor's socket: it is given its place, asks the other child, and is asked. */
export class ControlClient {
  readonly #options: ControlClientOptions;
  readonly #socket: Socket;
  readonly #handlers = new Map<string, Handler>();
  readonly #asked = new Map<number, (answer: Answer) => void>();
  #lastId = 0;
  #isNeighbourUp = false;
  #onPlace: ((place: PlacePart) => void) | null = null;
  readonly #door: SwitchDoor;

  constructor(options: ControlClientOptions) {
    this.#options = options;
    this.#socket = connect(options.path);
    this.#socket.on("error", () => undefined);
    this.#socket.on("close", () => this.#lost());
    readLines(this.#socket, (value) => this.#take(value as ToChild));
    this.#door = remoteDoor((name, argument) => this.#ask(name, argument));
  }

  /** Says who we are; resolves to what we are to open. */
  hello(): Promise<PlacePart> {
    this.#say({ kind: "hello", role: this.#options.role, pid: process.pid });
    return new Promise((resolve) => {
      this.#onPlace = resolve;
    });
  }

  say(line: Extract<FromChild, { kind: "ready" | "failed" }>): void {
    this.#say(line);
  }

  /** Answers questions of that name from now on. */
  serve(name: keyof SwitchDoor | keyof PlatformDoor, handler: Handler): void {
    this.#handlers.set(name, handler);
  }

  /** The switch in the other process, or null while it is not up. */
  neighbour(): SwitchDoor | null {
    return this.#isNeighbourUp ? this.#door : null;
  }

  /** The platform in the other process, as long as it is up. */
  get asksPlatform(): AskPlatform {
    return {
      ask: (place, deadlineMs, done) => {
        if (!this.#isNeighbourUp) return done(false);
        const question: Question = { shard: place.shard, no: place.no, deadlineMs };
        void this.#ask("answerQuestion", question).then(
          (isResolved) => done(isResolved === true),
          () => done(false),
        );
      },
    };
  }

  close(): void {
    this.#socket.destroy();
  }

  #say(line: FromChild): void {
    writeLine(this.#socket, line);
  }

  #take(line: ToChild): void {
    switch (line.kind) {
      case "place":
        this.#onPlace?.(line.place);
        break;
      case "neighbour":
        this.#isNeighbourUp = line.isUp;
        if (!line.isUp) this.#forgetAll("it has ended");
        break;
      case "stop":
        this.#options.onStop();
        break;
      case "ask":
        void this.#answer(line);
        break;
      case "answer":
        this.#asked.get(line.id)?.(line);
        break;
    }
  }

  async #answer({ id, name, argument }: Ask): Promise<void> {
    const handler = this.#handlers.get(name);
    if (handler === undefined) return this.#say({ kind: "answer", id, failure: "it is not ready yet" });
    try {
      this.#say({ kind: "answer", id, value: await handler(argument) });
    } catch (error) {
      this.#say({ kind: "answer", id, failure: error instanceof Error ? error.message : String(error) });
    }
  }

  #ask(name: string, argument: unknown): Promise<unknown> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const limit = setTimeout(
        () => settle({ kind: "answer", id, failure: "no answer in time" }),
        this.#options.answerMs,
      );
      const settle = (answer: Answer): void => {
        clearTimeout(limit);
        this.#asked.delete(id);
        if (answer.failure === undefined) resolve(answer.value);
        else reject(new Error(`the other process was asked for ${name}: ${answer.failure}`));
      };
      this.#asked.set(id, settle);
      this.#say({ kind: "ask", id, name, argument });
    });
  }

  #forgetAll(failure: string): void {
    for (const [id, settle] of this.#asked) settle({ kind: "answer", id, failure });
  }

  #lost(): void {
    this.#isNeighbourUp = false;
    this.#forgetAll("the supervisor has gone");
    this.#options.onLost();
  }
}

/** Answers come from `doorOf` in the other process, so each has the type of its method. */
function remoteDoor(ask: (name: string, argument: unknown) => Promise<unknown>): SwitchDoor {
  const methods = switchDoorNames.map((name) => [name, (argument: unknown) => ask(name, argument ?? null)] as const);
  return Object.fromEntries(methods) as unknown as SwitchDoor;
}
