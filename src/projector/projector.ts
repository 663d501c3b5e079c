import { Worker } from "node:worker_threads";
import type { HoldExpiryProfile } from "../../specs/hold-expiry.ts";
import { assert } from "../kernel/assert.ts";
import type { Place } from "../kernel/ids.ts";
import { type Result, fail, ok } from "../kernel/result.ts";
import { openRecords } from "../records/database.ts";
import { rowId } from "../records/place.ts";
import type { Reached } from "../records/reached.ts";
import type { CounterKey } from "../records/rows.ts";
import type { RecordsError } from "../records/records-error.ts";
import type { ColdClientOptions } from "../store/client.ts";
import type { Keyspace } from "../store/keys.ts";
import type { Retention } from "../store/purge.ts";
import type { ProjectorError } from "./projector-error.ts";
import { defaultRetention } from "./retention.ts";
import type {
  DuePurge,
  ProjectorLimits,
  SettledPurge,
  ThreadReport,
  ThreadRequest,
  ThreadSettings,
} from "./thread-messages.ts";
import { type ToldEntries, readTold } from "./told-entries.ts";

export interface ProjectorOptions {
  /** The thread makes its own connection. */
  readonly redis: ColdClientOptions;
  readonly keyspace: Keyspace;
  readonly recordsPath: string;
  /** null: whatever data set the records belong to. */
  readonly dataSetId: string | null;
  /** False for a data set that keeps nothing. Default true. */
  readonly isDurable?: boolean;
  readonly retention?: Retention;
  /** Default: the API's rule. */
  readonly holdExpiry?: HoldExpiryProfile;
  readonly limits?: Partial<ProjectorLimits>;
  readonly log?: ProjectorLog;
  /** After each commit: the last recorded journal number of every shard. */
  readonly onProgress?: (passed: readonly number[]) => void;
  /** It has stopped for good: the records would have a hole otherwise. */
  readonly onStop?: (error: ProjectorError) => void;
  /** The program of the thread, where it is not the usual one; it makes a ProjectorThread. */
  readonly threadFile?: URL;
}

export interface ProjectorLog {
  warn(fields: object, text: string): void;
  error(fields: object, text: string): void;
}

export const defaultProjectorLimits: ProjectorLimits = {
  batchEntriesMax: 8_192,
  batchBytesMax: 4 * 1024 * 1024,
  pauseMs: 25,
  quietEntriesMax: 512,
  untrimmedMax: 1_000,
  leaseMs: 60_000,
};

const endMsMax = 5_000;
const recorded: Reached = { kind: "recorded" };
const late: Reached = { kind: "late" };

/** Follows every shard's journal into the records, in a thread of its own. */
export async function startProjector(options: ProjectorOptions): Promise<Result<Projector, RecordsError>> {
  const { recordsPath: path, dataSetId } = options;
  const isDurable = options.isDurable ?? true;
  // Opened here once, so that a refusal is a value and not a thread that dies.
  const records = openRecords({ path, dataSetId, isDurable });
  if (!records.ok) return fail(records.error);
  records.value.close();
  const settings: ThreadSettings = {
    redis: options.redis,
    namespace: options.keyspace.namespace,
    shardCount: options.keyspace.shardCount,
    recordsPath: path,
    dataSetId,
    isDurable,
    retention: options.retention ?? defaultRetention,
    holdExpiry: options.holdExpiry ?? "stripe",
    limits: { ...defaultProjectorLimits, ...options.limits },
  };
  const projector = new Projector(options, settings);
  await projector.started;
  return ok(projector);
}

interface Waiter extends Place {
  readonly isContentToRead: boolean;
  readonly settle: (reached: Reached) => void;
}

export class Projector {
  /** Settles when the thread has told where it stands. */
  readonly started: Promise<void>;
  readonly #options: ProjectorOptions;
  readonly #worker: Worker;
  readonly #waiters = new Set<Waiter>();
  readonly #requests = new Map<number, (report: ThreadReport | null) => void>();
  #passed: readonly number[] = [];
  #committed: readonly number[] = [];
  #isHurried = false;
  #keepEntry: ((place: Place, bytes: Uint8Array) => void) | null = null;
  #failure: ProjectorError | null = null;
  #requestCount = 0;
  #hasEnded = false;

  constructor(options: ProjectorOptions, settings: ThreadSettings) {
    this.#options = options;
    // Whatever options Node was started with, such as those of `node -e`, are not meant for the thread.
    this.#worker = new Worker(options.threadFile ?? new URL("./thread.js", import.meta.url), {
      workerData: settings,
      execArgv: [],
    });
    this.started = new Promise((resolve) => {
      this.#worker.once("message", () => resolve());
      this.#worker.once("exit", () => resolve());
    });
    this.#worker.on("message", (report: ThreadReport) => this.#receive(report));
    this.#worker.on("error", (error: Error) => this.#stop(threadFailure(error.message)));
    this.#worker.on("exit", () => this.#end());
  }

  /** Why it has stopped, or null while it works. */
  get failure(): ProjectorError | null {
    return this.#failure;
  }

  /** Last journal number of the shard that is durable in the records. */
  passed(shard: number): number {
    return this.#passed[shard] ?? 0;
  }

  /** A number of the shard, `passed` at most, behind which no commit was recorded yet. */
  committed(shard: number): number {
    return this.#committed[shard] ?? 0;
  }

  /** `keep` is given entries that somebody waits for, before he is told: he need not read them from the records. */
  onRecorded(keep: (place: Place, bytes: Uint8Array) => void): void {
    this.#keepEntry = keep;
  }

  /** True when the records hold the entry; false after the time-out or when the projector has stopped. */
  async waitFor(shard: number, no: number, timeoutMs: number): Promise<boolean> {
    return (await this.#wait({ shard, no, isContentToRead: false }, timeoutMs)).kind === "recorded";
  }

  /** The same for who is content with an entry as it was read from the journal. */
  reach(shard: number, no: number, timeoutMs: number): Promise<Reached> {
    return this.#wait({ shard, no, isContentToRead: true }, timeoutMs);
  }

  #wait(awaited: Omit<Waiter, "settle">, timeoutMs: number): Promise<Reached> {
    if (this.passed(awaited.shard) >= awaited.no) return Promise.resolve(recorded);
    if (this.#failure !== null || this.#hasEnded) return Promise.resolve(late);
    return new Promise((resolve) => {
      const timer = setTimeout(() => waiter.settle(late), timeoutMs);
      const waiter: Waiter = {
        ...awaited,
        settle: (reached) => {
          clearTimeout(timer);
          this.#waiters.delete(waiter);
          resolve(reached);
        },
      };
      this.#waiters.add(waiter);
      this.#hurry();
    });
  }

  // One message for all who wait until the next round is told of: one message each took 30 µs a request.
  #hurry(): void {
    if (this.#isHurried) return;
    this.#isHurried = true;
    this.#send({ kind: "hurry" });
  }

  /** Last journal number of every shard in Redis; null where Redis does not answer. */
  async lastNumbers(): Promise<readonly number[] | null> {
    const report = await this.#ask((request) => ({ kind: "last_numbers", request }));
    return report?.kind === "last_numbers" ? report.numbers : null;
  }

  /** Entries in the journals that are not in the records yet; null where Redis does not answer. */
  async backlog(): Promise<number | null> {
    const numbers = await this.lastNumbers();
    return numbers?.reduce((sum, no, shard) => sum + Math.max(0, no - this.passed(shard)), 0) ?? null;
  }

  /** Waits until the records hold everything that the journals held at the call; false where that did not happen in time. */
  async drained(timeoutMs = 30_000): Promise<boolean> {
    const numbers = await this.lastNumbers();
    if (numbers === null) return false;
    const waits = numbers.map((no, shard) => this.waitFor(shard, no, timeoutMs));
    return (await Promise.all(waits)).every((isPassed) => isPassed);
  }

  /** Chains with answers to forget, on lease: each is to be given back with `settleDue`. */
  async takeDue(wallNowMs: number, chainsMax: number): Promise<readonly DuePurge[]> {
    const report = await this.#ask((request) => ({ kind: "take_due", request, wallNowMs, chainsMax }));
    return report?.kind === "due" ? report.due : [];
  }

  async settleDue(settled: readonly SettledPurge[]): Promise<void> {
    await this.#ask((request) => ({ kind: "settle_due", request, settled }));
  }

  /** The counter waits for nothing any more, whoever has filled it or taken it away. */
  async settleCounter({ shard, asOf, field }: CounterKey): Promise<void> {
    await this.#ask((request) => ({ kind: "settle_counter", request, counter: { shard, asOf, field } }));
  }

  async close(): Promise<void> {
    if (this.#hasEnded) return;
    const hasEnded = new Promise<void>((resolve) => this.#worker.once("exit", () => resolve()));
    this.#send({ kind: "close" });
    const limit = setTimeout(() => void this.#worker.terminate(), endMsMax);
    await hasEnded;
    clearTimeout(limit);
  }

  #ask(make: (request: number) => ThreadRequest): Promise<ThreadReport | null> {
    if (this.#hasEnded) return Promise.resolve(null);
    const request = ++this.#requestCount;
    return new Promise((resolve) => {
      this.#requests.set(request, resolve);
      this.#send(make(request));
    });
  }

  #send(request: ThreadRequest): void {
    this.#worker.postMessage(request);
  }

  #receive(report: ThreadReport): void {
    switch (report.kind) {
      case "passed":
        this.#passed = report.passed;
        this.#committed = report.committed;
        if (report.told !== null && this.#keepEntry !== null) readTold(report.told, this.#keepEntry);
        for (const waiter of this.#waiters) if (this.passed(waiter.shard) >= waiter.no) waiter.settle(recorded);
        this.#isHurried = false;
        if (this.#waiters.size > 0) this.#hurry();
        this.#options.onProgress?.(report.passed);
        break;
      case "read":
        this.#tellRead(report.told);
        break;
      case "stopped":
        this.#stop(report.error);
        break;
      case "waiting":
        this.#options.log?.warn({ cause: report.cause }, "the projector waits for Redis");
        break;
      default:
        this.#requests.get(report.request)?.(report);
        this.#requests.delete(report.request);
    }
  }

  #tellRead(told: ToldEntries): void {
    const read = new Map<number, Uint8Array>();
    readTold(told, (place, bytes) => read.set(rowId(place), bytes));
    for (const waiter of this.#waiters) {
      const bytes = waiter.isContentToRead ? read.get(rowId(waiter)) : undefined;
      if (bytes !== undefined) waiter.settle({ kind: "read", bytes });
    }
  }

  #stop(error: ProjectorError): void {
    if (this.#failure !== null) return;
    this.#failure = error;
    for (const waiter of this.#waiters) waiter.settle(late);
    this.#options.log?.error({ ...error }, "the projector has stopped");
    this.#options.onStop?.(error);
  }

  #end(): void {
    this.#hasEnded = true;
    for (const waiter of this.#waiters) waiter.settle(late);
    for (const answer of this.#requests.values()) answer(null);
    this.#requests.clear();
    assert(this.#waiters.size === 0, "nobody waits for a thread that has ended");
  }
}

function threadFailure(cause: string): ProjectorError {
  return { code: "records_failed", shard: 0, no: 0, message: `the projector's thread has failed: ${cause}` };
}
