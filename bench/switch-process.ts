import { createServer } from "node:net";
import { defaultLinks } from "../specs/links.ts";
import { defaultEngineLimits, openEngine } from "../src/app/engine.ts";
import type { MessageAuthorizer } from "../src/authorizer/authorizer.ts";
import { missingCardKeys } from "../src/hsm/new-card-keys.ts";
import { MovableClock } from "../src/kernel/clock.ts";
import { secureRandom } from "../src/kernel/random.ts";
import { type Projector, startProjector } from "../src/projector/projector.ts";
import { Keyspace } from "../src/store/keys.ts";
import { openLinks } from "../src/switch/open-links.ts";
import { openTextbook } from "./textbook.ts";

/** What a bench asks its switch process to be. It answers with its port, and then does as it is told. */
export type SwitchTask = DecidingTask | { readonly kind: "echo" };

interface DecidingTask {
  readonly kind: "cardswitch" | "textbook";
  readonly socketPath: string;
  readonly namespace: string;
  readonly shardCount: number;
  readonly idKey: string;
  readonly vaultKeys: readonly { readonly id: number; readonly panKey: string; readonly indexKey: string }[];
  readonly recordsPath: string;
  readonly withProjector: boolean;
  readonly isDurable: boolean;
  readonly pans: readonly string[];
}

export type SwitchReport =
  | { readonly kind: "ready"; readonly port: number }
  | { readonly kind: "usage"; readonly cpuMs: number; readonly rssBytes: number; readonly backlog: number };

let projector: Projector | null = null;

process.on("message", (message: SwitchTask | "usage" | "stop") => {
  if (message === "stop") process.exit(0);
  else if (message === "usage") void reportUsage();
  else void open(message).then((port) => report({ kind: "ready", port }));
});

async function open(task: SwitchTask): Promise<number> {
  if (task.kind === "echo") return openEcho();
  const clock = new MovableClock();
  const authorizer =
    task.kind === "textbook" ? await openTextbook({ path: task.socketPath }, task.pans) : await openOwn(task, clock);
  const link = { ...defaultLinks[2], endpoint: { kind: "listen", host: "127.0.0.1", port: 0 } } as const;
  const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined };
  const metrics = { count: () => undefined, latency: () => undefined };
  const links = await openLinks({ links: [link], authorizer, clock, log: quiet, metrics });
  if (!links.ok) throw new Error(links.error);
  return links.value.ports[link.name] ?? 0;
}

async function openOwn(task: DecidingTask, clock: MovableClock): Promise<MessageAuthorizer> {
  if (task.withProjector) {
    const started = await startProjector({
      redis: { address: { path: task.socketPath } },
      keyspace: new Keyspace(task.namespace, task.shardCount),
      recordsPath: task.recordsPath,
      dataSetId: null,
      isDurable: task.isDurable,
    });
    if (!started.ok) throw new Error(started.error.message);
    projector = started.value;
  }
  const engine = await openEngine({
    address: { path: task.socketPath },
    namespace: task.namespace,
    shardCount: task.shardCount,
    keys: {
      idKey: Buffer.from(task.idKey, "hex"),
      vaultKeys: task.vaultKeys.map(({ id, panKey, indexKey }) => ({
        id,
        panKey: Buffer.from(panKey, "hex"),
        indexKey: Buffer.from(indexKey, "hex"),
      })),
      cardKeys: missingCardKeys([]),
    },
    clock,
    random: secureRandom,
    limits: defaultEngineLimits,
  });
  if (!engine.ok) throw new Error(engine.error.message);
  return engine.value.authorizer;
}

/** The control of every latency: what comes in goes out, a chunk at a time. */
function openEcho(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer({ noDelay: true }, (socket) => {
      socket.on("data", (chunk) => socket.write(chunk));
      socket.on("error", () => socket.destroy());
    });
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });
}

async function reportUsage(): Promise<void> {
  const usage = process.cpuUsage();
  const backlog = projector === null ? 0 : await projector.backlog();
  const cpuMs = (usage.user + usage.system) / 1000;
  report({ kind: "usage", cpuMs, rssBytes: process.memoryUsage.rss(), backlog: backlog ?? 0 });
}

function report(message: SwitchReport): void {
  process.send?.(message);
}
