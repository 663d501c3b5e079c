import { type Server, type Socket, connect, createServer } from "node:net";
import type { LinkSpec } from "../../specs/links.ts";
import {
  type Codec,
  FrameReader,
  type Framing,
  type Message,
  compile,
  dialects,
  frame,
  framingNamed,
} from "../../src/iso8583/public.ts";
import { must } from "../../src/kernel/assert.ts";

/** The other end of a link: it says what a test tells it to say, and keeps what it hears. */
export class ScriptedPeer {
  readonly codec: Codec;
  readonly framing: Framing;
  readonly socket: Socket;
  readonly heard: Message[] = [];
  keepAlives = 0;
  chunks = 0;
  isClosed = false;
  #waiting: (() => void)[] = [];

  constructor(spec: LinkSpec, socket: Socket) {
    this.codec = compile(dialects[spec.dialect]);
    this.framing = must(framingNamed(spec.framing), "a framing that there is");
    this.socket = socket;
    const reader = new FrameReader({ framing: this.framing, frameBytesMax: 65_535 });
    socket.on("data", (chunk) => {
      this.chunks++;
      reader.push(chunk, {
        frame: (bytes) => {
          const decoded = this.codec.decode(bytes);
          if (!decoded.ok) throw new Error(`the switch sent what cannot be read: ${decoded.error.path}`);
          this.heard.push(decoded.message);
        },
        keepAlive: () => this.keepAlives++,
        fatal: (error) => {
          throw new Error(error.code);
        },
      });
      this.#wake();
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      this.isClosed = true;
      this.#wake();
    });
  }

  /** Any address of 127.0.0.0/8 is an address of this machine. */
  static connectTo(spec: LinkSpec, port: number, from = "127.0.0.1"): Promise<ScriptedPeer> {
    return new Promise((resolve) => {
      const socket = connect({ host: "127.0.0.1", port, noDelay: true, localAddress: from });
      const peer = new ScriptedPeer(spec, socket);
      socket.once("connect", () => resolve(peer));
      socket.once("error", () => resolve(peer));
    });
  }

  bytesOf(fields: Readonly<Record<string, string>>): Uint8Array {
    return frame(this.framing, this.codec.encode(this.codec.fromJSON(fields)));
  }

  say(fields: Readonly<Record<string, string>>): void {
    this.socket.write(this.bytesOf(fields));
  }

  /** Answers a request of the switch, such as its sign-on, with 00. */
  accept(request: Message): void {
    const reply = this.codec.create(`${request.mti.slice(0, 2)}10`, request.header);
    reply.echo(request, [7, 11, 70]);
    reply.set("39", "00");
    this.socket.write(frame(this.framing, this.codec.encode(reply)));
  }

  /** The n-th message (1 is the first) that was heard; fails after two seconds without it. */
  async message(no: number): Promise<Message> {
    await this.until(() => this.heard.length >= no, `message ${no} of the switch`);
    const message = this.heard[no - 1];
    if (message === undefined) throw new Error(`there is no message ${no}`);
    return message;
  }

  async closed(): Promise<void> {
    await this.until(() => this.isClosed, "the connection to be closed");
  }

  async until(isTrue: () => boolean, what: string, timeoutMs = 2_000): Promise<void> {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
    }, timeoutMs);
    const poll = setInterval(() => this.#wake(), 5);
    while (!isTrue() && !isLate) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    clearTimeout(timer);
    clearInterval(poll);
    if (!isTrue()) throw new Error(`waited in vain for ${what}`);
  }

  close(): void {
    this.socket.destroy();
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}

/** A network that waits for the switch to connect. */
export class ScriptedNetwork {
  readonly peers: ScriptedPeer[] = [];
  port = 0;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static listen(spec: LinkSpec, port = 0): Promise<ScriptedNetwork> {
    return new Promise((resolve) => {
      const server = createServer({ noDelay: true });
      const network = new ScriptedNetwork(server);
      server.on("connection", (socket) => network.peers.push(new ScriptedPeer(spec, socket)));
      server.listen({ host: "127.0.0.1", port }, () => {
        const address = server.address();
        network.port = address === null || typeof address === "string" ? 0 : address.port;
        resolve(network);
      });
    });
  }

  /** The n-th connection of the switch; 1 is the first. */
  async peer(no: number, timeoutMs = 2_000): Promise<ScriptedPeer> {
    const endMs = performance.now() + timeoutMs;
    while (this.peers.length < no && performance.now() < endMs) await pause(5);
    const peer = this.peers[no - 1];
    if (peer === undefined) throw new Error(`the switch has not connected ${no} times`);
    return peer;
  }

  close(): Promise<void> {
    for (const peer of this.peers) peer.close();
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
    });
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
