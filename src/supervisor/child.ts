import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { nodeFlags } from "../../specs/limits.ts";
import type { Log } from "../log.ts";
import type { Role } from "./control-protocol.ts";

export interface ChildOptions {
  readonly role: Role;
  readonly controlPath: string;
  readonly log: Log;
  /** It ended before it was ready for the first time: no restart follows. */
  readonly onFirstEnd: (end: string) => void;
}

const backOffMsMin = 100;
const backOffMsMax = 5_000;
/** A child that was up for so long has earned a quick restart. */
const steadyMs = 10_000;

/** One role in a process of its own, started again when it ends by itself. */
export class Child {
  readonly #options: ChildOptions;
  #process: ChildProcess | null = null;
  #backOffMs = backOffMsMin;
  #timer: NodeJS.Timeout | null = null;
  #hasBeenReady = false;
  #isStopping = false;
  #startedAt = 0;
  #restarts = 0;

  constructor(options: ChildOptions) {
    this.#options = options;
  }

  get pid(): number | null {
    return this.#process?.pid ?? null;
  }

  get restarts(): number {
    return this.#restarts;
  }

  start(): void {
    const { role, controlPath } = this.#options;
    const program = fileURLToPath(new URL("../cli.js", import.meta.url));
    this.#startedAt = performance.now();
    // A planted failure has been had by the first process of its kind; the next one is to recover from it.
    const planted = this.#restarts === 0 ? {} : { FAILPOINT: "" };
    const child = spawn(process.execPath, [...nodeFlags, program, "start", "--role", role], {
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, ...planted, CARDSWITCH_CONTROL: controlPath },
    });
    this.#process = child;
    child.on("error", (error) =>
      this.#options.log.error({ role, cause: error.message }, "a process cannot be started"),
    );
    child.once("exit", (code, signal) => this.#ended(child, signal ?? `exit code ${code ?? 0}`));
  }

  noteReady(): void {
    this.#hasBeenReady = true;
  }

  /** Waits for its end, which somebody has asked it for; after `graceMs` it is killed. */
  async end(graceMs: number): Promise<void> {
    this.#isStopping = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    const child = this.#process;
    if (child === null) return;
    await new Promise<void>((resolve) => {
      const limit = setTimeout(() => child.kill("SIGKILL"), graceMs);
      const done = (): void => {
        clearTimeout(limit);
        resolve();
      };
      if (child.exitCode !== null || child.signalCode !== null) done();
      else child.once("exit", done);
    });
  }

  #ended(child: ChildProcess, end: string): void {
    if (this.#process === child) this.#process = null;
    if (this.#isStopping) return;
    const { role, log, onFirstEnd } = this.#options;
    if (!this.#hasBeenReady) return onFirstEnd(end);
    if (performance.now() - this.#startedAt > steadyMs) this.#backOffMs = backOffMsMin;
    log.error({ role, end, againInMs: this.#backOffMs }, "a process has ended and is started again");
    this.#timer = setTimeout(() => {
      this.#restarts++;
      this.start();
    }, this.#backOffMs);
    this.#backOffMs = Math.min(this.#backOffMs * 2, backOffMsMax);
  }
}
