import { mkdtempSync, rmSync } from "node:fs";
import { type Server, type Socket, createConnection, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type Address, FaultProxy } from "../../simulators/fault-proxy.ts";

describe("simulators/fault-proxy", () => {
  let echo: EchoServer;
  let proxy: FaultProxy;
  let address: Address;
  const clients: Socket[] = [];

  beforeEach(async () => {
    echo = await echoServer({ host: "127.0.0.1", port: 0 });
    proxy = new FaultProxy({ listen: { host: "127.0.0.1", port: 0 }, target: echo.address });
    address = await proxy.open();
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.destroy();
    await proxy.close();
    await echo.close();
  });

  async function connect(): Promise<Client> {
    const socket = createConnection(address);
    clients.push(socket);
    const client = new Client(socket);
    await client.event("connect");
    return client;
  }

  it("passes everything both ways", async () => {
    const client = await connect();

    client.socket.write("four");

    expect(await client.text(4)).to.equal("four");
    expect(proxy.counts()).to.include({ accepted: 1, open: 1, bytesToTarget: 4, bytesFromTarget: 4, bytesDropped: 0 });
  });

  it("delays what passes by the time given, and keeps its order", async () => {
    proxy.set({ kind: "delay", ms: 40 });
    const client = await connect();
    const startedMs = performance.now();

    client.socket.write("one,");
    client.socket.write("two");

    expect(await client.text(7)).to.equal("one,two");
    expect(performance.now() - startedMs).to.be.greaterThan(75);
  });

  it("drops one reply with its connection, and passes the next ones", async () => {
    const client = await connect();
    proxy.set({ kind: "drop-reply" });

    client.socket.write("lost");
    await client.event("close");
    const second = await connect();
    second.socket.write("kept");

    expect(await second.text(4)).to.equal("kept");
    expect(client.received).to.equal("");
    expect(echo.received).to.equal("lostkept");
  });

  it("passes half of a reply and then breaks the connection", async () => {
    const client = await connect();
    proxy.set({ kind: "half-reply" });

    client.socket.write("0123456789");
    await client.event("close");

    expect(client.received).to.equal("01234");
    expect(proxy.counts().bytesDropped).to.equal(5);
  });

  it("passes one byte at a time", async () => {
    proxy.set({ kind: "dribble", everyMs: 5 });
    const client = await connect();

    client.socket.write("slowly");

    expect(await client.text(6)).to.equal("slowly");
    expect(client.chunks).to.be.greaterThan(3);
  });

  it("swallows everything and tells nobody, until it passes again", async () => {
    const client = await connect();
    client.socket.write("a");
    await client.text(1);
    proxy.set({ kind: "blackhole" });

    client.socket.write("gone");
    await pause(50);
    expect(client.received).to.equal("a");
    expect(client.socket.destroyed).to.equal(false);
    proxy.set({ kind: "pass" });
    client.socket.write("back");

    expect(await client.text(5)).to.equal("aback");
  });

  it("stops reading from the target, and delivers what piled up afterwards", async () => {
    const client = await connect();
    proxy.set({ kind: "no-read" });

    client.socket.write("piled");
    await pause(40);
    const before = client.received;
    proxy.set({ kind: "pass" });

    expect(before).to.equal("");
    expect(await client.text(5)).to.equal("piled");
  });

  it("resets both sides", async () => {
    const client = await connect();
    client.socket.write("x");
    await client.text(1);

    proxy.set({ kind: "reset" });
    await client.event("close");

    expect(client.errorCode).to.equal("ECONNRESET");
  });

  it("spoils one connection and leaves the other alone", async () => {
    const first = await connect();
    const second = await connect();
    await pause(10);
    const [number = -1] = proxy.connections();

    expect(proxy.setConnection(number, { kind: "blackhole" })).to.equal(true);
    first.socket.write("lost");
    second.socket.write("kept");

    expect(await second.text(4)).to.equal("kept");
    expect(first.received).to.equal("");
    expect(proxy.setConnection(99, { kind: "pass" })).to.equal(false);
  });

  it("stands between unix sockets as well", async () => {
    const folder = mkdtempSync(join(tmpdir(), "proxy-"));
    const behind = await echoServer({ path: join(folder, "target.sock") });
    const between = new FaultProxy({ listen: { path: join(folder, "front.sock") }, target: behind.address });
    await between.open();
    const socket = createConnection(join(folder, "front.sock"));
    clients.push(socket);
    const client = new Client(socket);

    socket.write("unix");

    expect(await client.text(4)).to.equal("unix");
    await between.close();
    await behind.close();
    rmSync(folder, { recursive: true });
  });
});

class Client {
  readonly socket: Socket;
  received = "";
  chunks = 0;
  errorCode: string | undefined;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on("data", (chunk: Buffer) => {
      this.received += chunk.toString("latin1");
      this.chunks++;
    });
    socket.on("error", (error: NodeJS.ErrnoException) => {
      this.errorCode = error.code;
    });
  }

  async text(length: number): Promise<string> {
    for (let turns = 0; turns < 400 && this.received.length < length; turns++) await pause(5);
    return this.received;
  }

  event(name: "connect" | "close"): Promise<void> {
    return new Promise((resolve) => this.socket.once(name, () => resolve()));
  }
}

interface EchoServer {
  readonly address: Address;
  readonly received: string;
  close(): Promise<void>;
}

async function echoServer(listen: Address): Promise<EchoServer> {
  let received = "";
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("data", (chunk: Buffer) => {
      received += chunk.toString("latin1");
      socket.write(chunk);
    });
  });
  await new Promise<void>((resolve) => server.listen(listen, resolve));
  const bound = server.address();
  const address = bound !== null && typeof bound === "object" ? { host: "127.0.0.1", port: bound.port } : listen;
  return {
    address,
    get received() {
      return received;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
