import { setTimeout as sleep } from "node:timers/promises";
import type { MessagePort } from "node:worker_threads";
import { type Records, openRecords } from "../records/database.ts";
import { RecordsWriter } from "../records/writer.ts";
import { JournalFollower, type OnStage } from "./follower.ts";
import { type ProjectorError, ProjectorStop, RedisAway } from "./projector-error.ts";
import { PurgeSchedule } from "./purge-schedule.ts";
import type { RawEntry } from "../store/journal.ts";
import type { ThreadReport, ThreadRequest, ThreadSettings } from "./thread-messages.ts";
import { type ToldEntries, entriesBeforeCommits, tellEntries } from "./told-entries.ts";

const retryMs = 200;

/** Everything that writes records, on one connection of its own: SQL calls block, and here they block nobody. */
export class ProjectorThread {
  readonly #port: MessagePort;
  readonly #settings: ThreadSettings;
  readonly #records: Records;
  readonly #writer: RecordsWriter;
  readonly #follower: JournalFollower;
  readonly #schedule: PurgeSchedule;
  #isClosing = false;
  #isHurried = false;
  /** Somebody waits for what this round records. */
  #isAwaited = false;
  /** And was told of it before it was recorded. */
  #isTold = false;
  #wake = new AbortController();

  constructor(port: MessagePort, settings: ThreadSettings, onStage: OnStage | null = null) {
    this.#port = port;
    this.#settings = settings;
    const { recordsPath: path, dataSetId, isDurable } = settings;
    const records = openRecords({ path, dataSetId, isDurable });
    if (!records.ok) throw new Error(records.error.message);
    this.#records = records.value;
    this.#writer = new RecordsWriter(records.value);
    this.#schedule = new PurgeSchedule({
      records: records.value,
      writer: this.#writer,
      leaseMs: settings.limits.leaseMs,
    });
    this.#follower = new JournalFollower({
      settings,
      records: records.value,
      onRead: (journals) => this.#tellRead(journals),
      onPassed: (recorded) => this.#tellPassed(this.#isAwaited && !this.#isTold ? tellEntries(recorded) : null),
      onDue: (dues) => this.#schedule.noteProjected(dues),
      onStage,
    });
  }

  async run(): Promise<void> {
    this.#port.on("message", (request: ThreadRequest) => void this.#answer(request));
    this.#tellPassed(null);
    const stop = await this.#follow();
    if (stop !== null) this.#report({ kind: "stopped", error: stop });
    // After a stop the thread still answers, so that nobody waits for ever; it ends when it is told to.
    while (!this.#isClosing) await this.#pause(retryMs);
    this.#follower.close();
    this.#records.close();
    this.#port.close();
  }

  async #follow(): Promise<ProjectorError | null> {
    const { quietEntriesMax, pauseMs } = this.#settings.limits;
    while (!this.#isClosing) {
      try {
        this.#isAwaited = this.#isHurried;
        this.#isHurried = false;
        const found = await this.#follower.round();
        // Who waits hurries once, and again when it was told of a round that was not the one.
        if (this.#isAwaited && found === 0) this.#tellPassed(null);
        await this.#follower.trim(found === 0);
        if (found <= quietEntriesMax && !this.#isHurried) await this.#pause(pauseMs);
      } catch (error) {
        const stop = stopOf(error);
        if (stop !== null) return stop;
        this.#report({ kind: "waiting", cause: messageOf(error) });
        await this.#pause(retryMs);
      }
    }
    return null;
  }

  async #pause(ms: number): Promise<void> {
    this.#wake = new AbortController();
    await sleep(ms, undefined, { signal: this.#wake.signal }).catch(() => undefined);
  }

  async #answer(message: ThreadRequest): Promise<void> {
    switch (message.kind) {
      case "hurry":
        this.#isHurried = true;
        this.#wake.abort();
        break;
      case "close":
        this.#isClosing = true;
        this.#wake.abort();
        break;
      case "last_numbers": {
        const numbers = await this.#follower.lastNumbers().catch(() => null);
        this.#report({ kind: "last_numbers", request: message.request, numbers });
        break;
      }
      case "take_due": {
        const due = this.#schedule.take(message.wallNowMs, message.chainsMax);
        this.#report({ kind: "due", request: message.request, due });
        break;
      }
      case "settle_due":
        this.#schedule.settle(message.settled);
        this.#report({ kind: "settled", request: message.request });
        break;
      case "settle_counter":
        this.#writer.counterFilled(message.counter);
        this.#report({ kind: "settled", request: message.request });
        break;
    }
  }

  // Who has begun to wait while the journals were read waits for this round as well.
  #tellRead(journals: readonly (readonly RawEntry[])[]): void {
    if (this.#isHurried) {
      this.#isAwaited = true;
      this.#isHurried = false;
    }
    const told = this.#isAwaited ? tellEntries(entriesBeforeCommits(journals)) : null;
    this.#isTold = told !== null;
    if (told !== null) this.#report({ kind: "read", told });
  }

  #tellPassed(told: ToldEntries | null): void {
    const { committed, passed } = this.#follower;
    this.#report({ kind: "passed", passed, committed, told });
  }

  #report(report: ThreadReport): void {
    this.#port.postMessage(report);
  }
}

/** What must end the following, as against a Redis that is away and comes back. */
function stopOf(error: unknown): ProjectorError | null {
  if (error instanceof RedisAway) return null;
  if (error instanceof ProjectorStop) return error.error;
  return { code: "records_failed", shard: 0, no: 0, message: `the records cannot be written: ${messageOf(error)}` };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
