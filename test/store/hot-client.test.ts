import { type Server, type Socket, createServer } from "node:net";
import { expect } from "chai";
import { HotClient } from "../../src/store/hot-client.ts";
import { type HotReply, defaultHotLimits } from "../../src/store/hot-connection.ts";
import { assembleLibrary, readLuaSources } from "../../src/store/library.ts";

const library = assembleLibrary(readLuaSources());
const now = (): number => performance.now();

/** A Redis of which the test writes every answer itself: real sockets, real bytes. */
class ScriptedRedis {
  readonly commands: string[][] = [];
  /** The answer to each command; null: none. */
  answer: (command: string[], socket: Socket) => string | null = () => "+OK\r\n";
  readonly #sockets = new Set<Socket>();
  readonly #server: Server = createServer((socket) => this.#serve(socket));

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("error", () => undefined);
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      for (let command = take(); command !== null; command = take()) {
        this.commands.push(command);
        const reply =
          command[0] === "PING"
            ? "+PONG\r\n"
            : command[0] === "CLUSTER"
              ? "-ERR no cluster\r\n"
              : this.answer(command, socket);
        if (reply !== null) socket.write(reply, "latin1");
      }
    });
    const take = (): string[] | null => {
      const count = /^\*(\d+)\r\n/.exec(text);
      if (count === null) return null;
      let at = count[0].length;
      const words: string[] = [];
      for (let i = 0; i < Number(count[1]); i++) {
        const length = /^\$(\d+)\r\n/.exec(text.slice(at));
        if (length === null) return null;
        const start = at + length[0].length;
        if (text.length < start + Number(length[1]) + 2) return null;
        words.push(text.slice(start, start + Number(length[1])));
        at = start + Number(length[1]) + 2;
      }
      text = text.slice(at);
      return words;
    };
  }
}

describe("store/hot-client", () => {
  let redis: ScriptedRedis;
  let client: HotClient;

  beforeEach(async () => {
    redis = new ScriptedRedis();
    const port = await redis.listen();
    const limits = { ...defaultHotLimits, reconnectDelayMs: 5, breakerProbeMs: 20 };
    client = new HotClient({ address: { host: "127.0.0.1", port }, library, limits, now });
    expect(await client.start(2_000)).to.equal(null);
    redis.commands.length = 0;
  });

  afterEach(async () => {
    client.close();
    await redis.close();
  });

  function call(timeoutMs = 2_000): Promise<HotReply> {
    return new Promise((resolve) => {
      client.call({ slot: 0, function: "purge", keys: ["k"], argv: ["a"], deadlineMs: now() + timeoutMs }, resolve);
      client.flush();
    });
  }

  function calls(): number {
    return redis.commands.filter(([name]) => name === "FCALL").length;
  }

  it("sends a call once, and says that its outcome is unknown when the answer is lost with the connection", async () => {
    redis.answer = (_, socket) => {
      socket.destroy();
      return null;
    };

    const reply = await call();
    await new Promise((resolve) => setTimeout(resolve, 50));

    expect(reply).to.deep.equal({ kind: "unknown", cause: "connection lost" });
    expect(calls()).to.equal(1);
  });

  it("says that the outcome is unknown at the deadline, and drops the answer that comes later", async () => {
    let held: Socket | null = null;
    redis.answer = (_, socket) => {
      held = socket;
      return null;
    };

    const late = await call(50);
    redis.answer = () => "+second\r\n";
    const second = call();
    (held as Socket | null)?.write("+first\r\n");

    expect(late).to.include({ kind: "unknown" });
    expect(await second).to.deep.equal({ kind: "ok", value: "second" });
  });

  it("knows which errors mean that the call never ran", async () => {
    const answers = {
      "-OOM command not allowed\r\n": "refused",
      "-LOADING\r\n": "refused",
      "-READONLY replica\r\n": "refused",
      "-BUSY script\r\n": "refused",
      "-MISCONF disk\r\n": "refused",
      "-NOREPLICAS\r\n": "refused",
      "-ERR user_function:12: held below what is released\r\n": "unknown",
    };

    for (const [answer, kind] of Object.entries(answers)) {
      redis.answer = () => answer;
      expect((await call()).kind, answer).to.equal(kind);
    }
  });

  it("loads the functions again and sends the call again when Redis has lost them: it never ran", async () => {
    let isLoaded = false;
    redis.answer = ([name]) => {
      if (name === "FUNCTION") {
        isLoaded = true;
        return "+OK\r\n";
      }
      return isLoaded ? "+done\r\n" : "-ERR Function not found\r\n";
    };

    expect(await call()).to.deep.equal({ kind: "ok", value: "done" });
    expect(redis.commands.map(([name]) => name)).to.deep.equal(["FCALL", "FUNCTION", "FCALL"]);
  });

  it("refuses at once while it is not connected, and works again without being told", async () => {
    redis.cut();
    await new Promise((resolve) => setTimeout(resolve, 2));
    const refused = await call();
    redis.answer = () => "+back\r\n";
    let reply = await call();
    for (let i = 0; i < 200 && reply.kind !== "ok"; i++) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      reply = await call();
    }

    expect(refused).to.include({ kind: "refused" });
    expect(reply).to.deep.equal({ kind: "ok", value: "back" });
  });

  it("opens the breaker after three calls without an answer, and closes it when Redis answers again", async () => {
    redis.answer = () => null;
    await Promise.all([call(30), call(30), call(30)]);
    await new Promise((resolve) => setTimeout(resolve, 30));
    const sentBefore = calls();
    const refused = await call();
    redis.answer = () => "+well\r\n";

    expect(refused).to.deep.equal({ kind: "refused", cause: "breaker open" });
    expect(calls()).to.equal(sentBefore);
    redis.cut();
    let reply = await call();
    for (let i = 0; i < 200 && reply.kind !== "ok"; i++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      reply = await call();
    }
    expect(reply).to.deep.equal({ kind: "ok", value: "well" });
  });
});
