import { type ChildProcess, fork } from "node:child_process";
import { nodeFlags } from "../specs/limits.ts";
import type { ApiReport, ApiTask } from "./api-process.ts";
import type { DriverReport, DriverTask } from "./driver-process.ts";
import type { LoadReport, LoadTask } from "./loader-process.ts";
import type { SwitchReport, SwitchTask } from "./switch-process.ts";

const readyMs = 30_000;
const endMs = 10_000;

/** A switch, a textbook or an echo in a process of its own. */
export class SwitchProcess {
  readonly port: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.port = port;
  }

  static async open(task: SwitchTask): Promise<SwitchProcess> {
    // As the supervisor runs a switch; the textbook and the echo run as Node comes.
    const child = start("./switch-process.js", task.kind === "cardswitch" ? nodeFlags : []);
    const ready = await ask<SwitchReport>(child, task, readyMs);
    if (ready.kind !== "ready") throw new Error("the switch process said something else than its port");
    return new SwitchProcess(child, ready.port);
  }

  async usage(): Promise<Extract<SwitchReport, { kind: "usage" }>> {
    const usage = await ask<SwitchReport>(this.#child, "usage", readyMs);
    if (usage.kind !== "usage") throw new Error("the switch process said something else than its usage");
    return usage;
  }

  close(): Promise<void> {
    return end(this.#child);
  }
}

export class LoaderProcess {
  // Its own pauses would be measured as the switch's.
  readonly #child = start("./loader-process.js", nodeFlags);

  run(task: LoadTask): Promise<LoadReport> {
    return ask<LoadReport>(this.#child, task, task.seconds * 1000 + readyMs);
  }

  close(): Promise<void> {
    return end(this.#child);
  }
}

/** Drives an API at a pace. */
export class DriverProcess {
  readonly #child = start("./driver-process.js", nodeFlags);

  run(task: DriverTask): Promise<DriverReport> {
    return ask<DriverReport>(this.#child, task, task.seconds * 1000 + readyMs);
  }

  close(): Promise<void> {
    return end(this.#child);
  }
}

/** The API of a whole switch in one process, or an echo. */
export class HttpProcess {
  readonly report: ApiReport;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, report: ApiReport) {
    this.#child = child;
    this.report = report;
  }

  static async open(task: ApiTask): Promise<HttpProcess> {
    // As the supervisor runs a platform; the echo runs as Node comes.
    const child = start("./api-process.js", task === "api" ? nodeFlags : []);
    return new HttpProcess(child, await ask<ApiReport>(child, task, readyMs));
  }

  close(): Promise<void> {
    return end(this.#child);
  }
}

function start(file: string, flags: readonly string[]): ChildProcess {
  return fork(new URL(file, import.meta.url), [], {
    execArgv: [...process.execArgv, ...flags],
    serialization: "advanced",
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
}

function ask<Answer>(child: ChildProcess, message: object | string, timeoutMs: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const settle = (error: Error | null, answer?: Answer): void => {
      clearTimeout(timer);
      child.off("exit", onExit);
      child.off("message", onMessage);
      if (error === null && answer !== undefined) resolve(answer);
      else reject(error ?? new Error("no answer"));
    };
    const onExit = (code: number | null): void => settle(new Error(`a bench process ended with ${code}`));
    const onMessage = (answer: Answer): void => settle(null, answer);
    const timer = setTimeout(() => settle(new Error("a bench process did not answer")), timeoutMs);
    child.once("exit", onExit);
    child.once("message", onMessage);
    child.send(message);
  });
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    const limit = setTimeout(() => child.kill("SIGKILL"), endMs);
    child.once("exit", () => {
      clearTimeout(limit);
      resolve();
    });
    child.send("stop");
  });
}
