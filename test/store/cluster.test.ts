import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { findRedis } from "#bin/find-redis.mjs";
import { type Redis, createClient } from "../../src/store/client.ts";
import { commit } from "../../src/store/commit.ts";
import { HotClient } from "../../src/store/hot-client.ts";
import { Keyspace } from "../../src/store/keys.ts";
import { assembleLibrary, readLuaSources } from "../../src/store/library.ts";

const masters = 3;
const slots = 16_384;
const now = (): number => performance.now();

interface Node {
  readonly port: number;
  readonly process: ChildProcess;
  readonly client: Redis;
}

describe("store/cluster", function () {
  this.timeout(30_000);
  const nodes: Node[] = [];
  let folder = "";
  let hot: HotClient;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "cardswitch-cluster-"));
    for (let i = 0; i < masters; i++) nodes.push(await startNode(join(folder, String(i))));
    await meet(nodes);
    const port = nodes[0]?.port ?? 0;
    hot = new HotClient({
      address: { host: "127.0.0.1", port },
      library: assembleLibrary(readLuaSources()),
      now,
    });
    expect(await hot.start(5_000)).to.equal(null);
  });

  after(() => {
    hot.close();
    for (const node of nodes) {
      node.client.disconnect();
      node.process.kill("SIGKILL");
    }
    rmSync(folder, { recursive: true, force: true });
  });

  it("spreads the shards of a data set evenly over the slots", () => {
    const keyspace = new Keyspace("even", 16);

    for (let shard = 0; shard < 16; shard++) {
      expect(Math.floor((keyspace.slot(shard) * 16) / slots)).to.equal(shard);
    }
  });

  it("changes every shard on the master that owns it", async () => {
    const keyspace = new Keyspace("spread", 16);

    for (let shard = 0; shard < 16; shard++) expect(await change(keyspace, shard)).to.equal("done");

    const sizes = await Promise.all(nodes.map(({ client }) => client.dbsize()));
    expect(sizes.every((size) => size > 0)).to.equal(true);
  });

  it("follows a slot that moves to another master, while it moves and after", async () => {
    const keyspace = new Keyspace("moving", 16);
    expect(await change(keyspace, 0)).to.equal("done");
    const slot = keyspace.slot(0);
    const [from, to] = nodes;
    if (from === undefined || to === undefined) throw new Error("no nodes");
    const [fromId, toId] = await Promise.all([from, to].map(({ client }) => client.call("CLUSTER", "MYID")));

    await to.client.call("CLUSTER", "SETSLOT", slot, "IMPORTING", String(fromId));
    await from.client.call("CLUSTER", "SETSLOT", slot, "MIGRATING", String(toId));
    const keys = await from.client.call("CLUSTER", "GETKEYSINSLOT", slot, 100);
    if (!Array.isArray(keys)) throw new Error("no keys in the slot");
    await from.client.call("MIGRATE", "127.0.0.1", to.port, "", 0, 5_000, "KEYS", ...keys.map(String));
    const during = await change(keyspace, 0);
    for (const { client } of nodes) await client.call("CLUSTER", "SETSLOT", slot, "NODE", String(toId));
    const after = await change(keyspace, 0);

    expect([during, after]).to.deep.equal(["done", "done"]);
    expect(await to.client.xlen(keyspace.journal(0))).to.equal(3);
  });

  async function change(keyspace: Keyspace, shard: number): Promise<string> {
    const result = await commit(
      { hot, keyspace, now, timeoutMs: 5_000 },
      {
        shard,
        account: 0,
        objectType: "exception",
        objectNo: 1,
        version: 1,
        body: {},
        currency: 0,
        accountVersion: 0,
        steps: [],
        idempotency: null,
        wallMs: 1_795_000_000_000,
        businessMs: 1_795_000_000_000,
      },
    );
    return result.outcome;
  }
});

async function startNode(dir: string): Promise<Node> {
  const programs = await findRedis({ env: process.env, mayFetch: true });
  const port = await freePort();

  mkdirSync(dir, { recursive: true });
  const options = ["--port", port, "--cluster-enabled", "yes", "--save", "", "--dir", dir, "--bind", "127.0.0.1"];
  const env = programs.libraryPath === null ? process.env : { ...process.env, LD_LIBRARY_PATH: programs.libraryPath };
  const child = spawn(programs.server, options.map(String), { stdio: "ignore", env });
  const client = createClient({ address: { host: "127.0.0.1", port } });
  for (let i = 0; i < 200; i++) {
    try {
      await client.ping();
      return { port, process: child, client };
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
  throw new Error("a node of the cluster did not start");
}

async function meet(nodes: readonly Node[]): Promise<void> {
  for (const [index, { client }] of nodes.entries()) {
    const from = Math.floor((index * slots) / nodes.length);
    const to = Math.floor(((index + 1) * slots) / nodes.length) - 1;
    await client.call("CLUSTER", "ADDSLOTSRANGE", from, to);
    // Nodes that begin with the same epoch would argue about it for a while.
    await client.call("CLUSTER", "SET-CONFIG-EPOCH", index + 1);
  }
  for (const { port } of nodes.slice(1)) await nodes[0]?.client.call("CLUSTER", "MEET", "127.0.0.1", port);
  for (let i = 0; i < 400; i++) {
    const infos = await Promise.all(nodes.map(({ client }) => client.call("CLUSTER", "INFO")));
    if (
      infos.every((info) => String(info).includes("cluster_state:ok") && String(info).includes("cluster_known_nodes:3"))
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("the nodes did not become a cluster");
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      // The cluster's own bus listens 10,000 above.
      server.close(() => (port + 10_000 < 65_536 ? resolve(port) : resolve(freePort())));
    });
  });
}
