import { type Server, type Socket, createServer } from "node:net";
import { type Message, FrameReader, compile, framings, replyHeader, sealFrame } from "../../src/iso8583/public.ts";
import { must } from "../../src/kernel/assert.ts";
import { answerMti } from "../../simulators/correlator.ts";
import type { NetworkSide } from "../../simulators/network-side.ts";

/** What the script says of a request: fields to add to the echo (39, 38 …), and when; null is silence. */
export type ScriptedAnswer = { readonly fields: Readonly<Record<string, string>>; readonly afterMs?: number } | null;
export type Script = (request: Message, count: number) => ScriptedAnswer;

export const approve: ScriptedAnswer = { fields: { 38: "123456", 39: "00" } };
export const accept: ScriptedAnswer = { fields: { 39: "00" } };

const echoed = [2, 3, 4, 6, 7, 10, 11, 15, 18, 19, 25, 32, 33, 37, 41, 42, 49, 51, 62, 63, 70, 90];

/** A server of one dialect that answers every request as a script says: the other end for tests of the simulators. */
export class ScriptedIssuer {
  readonly requests: Message[] = [];
  script: Script;
  readonly #side: NetworkSide;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(side: NetworkSide, script: Script) {
    this.#side = side;
    this.script = script;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  async open(port = 0): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(port, "127.0.0.1", resolve));
    const address = must(this.#server.address(), "a listening server has an address");
    return typeof address === "string" ? 0 : address.port;
  }

  /** MTIs in the order of arrival, network management left out. */
  mtis(): string[] {
    return this.requests.map(({ mti }) => mti).filter((mti) => mti !== "0800");
  }

  cutAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.cutAll();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => this.#sockets.delete(socket));
    const framing = framings[this.#side.framing];
    const reader = new FrameReader({ framing, frameBytesMax: 8_192 });
    socket.on("data", (chunk) => {
      reader.push(chunk, {
        frame: (body) => this.#take(socket, body.slice()),
        keepAlive: () => undefined,
        fatal: () => socket.destroy(),
      });
    });
  }

  #take(socket: Socket, body: Uint8Array): void {
    const decoded = compile(this.#side.dialect).decode(body);
    if (!decoded.ok) throw new Error(`a simulator sent what the codec refuses: ${JSON.stringify(decoded.error.path)}`);
    const request = decoded.message;
    const count = this.requests.push(request);
    const answer = request.mti === "0800" ? accept : this.script(request, count);
    if (answer === null) return;
    const bytes = this.#framed(request, answer.fields);
    if (answer.afterMs === undefined) {
      socket.write(bytes);
      return;
    }
    const timer = setTimeout(() => socket.write(bytes), answer.afterMs);
    this.#timers.add(timer);
  }

  #framed(request: Message, fields: Readonly<Record<string, string>>): Uint8Array {
    const codec = compile(this.#side.dialect);
    const header = request.header === null ? null : replyHeader(request.header);
    const answer = codec.create(answerMti(request.mti), header);
    answer.echo(request, echoed);
    for (const [path, value] of Object.entries(fields)) answer.set(path, value);
    const framing = framings[this.#side.framing];
    return sealFrame(framing, codec.encode(answer, framing.headerBytes));
  }
}
