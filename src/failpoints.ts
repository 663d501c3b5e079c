import { type Result, fail, ok } from "./kernel/result.ts";

/** Places at which a process can be told to fail, so that a test can kill it there and nowhere else. */
export const failpointNames = [
  "auth.before_fcall",
  "auth.after_fcall_before_write",
  "auth.after_write_partial",
  "projector.before_commit",
  "projector.after_commit_before_trim",
  "commit.after",
] as const;
export type FailpointName = (typeof failpointNames)[number];

/** Called where a failure may be planted; does nothing elsewhere and otherwise. */
export type Failpoint = (name: FailpointName) => void;

type Action =
  | { readonly kind: "kill" }
  | { readonly kind: "exit" }
  | { readonly kind: "throw" }
  | { readonly kind: "delay"; readonly ms: number };

interface Planted {
  readonly name: FailpointName;
  readonly action: Action;
  /** How often the place is reached before the action, the action included. */
  remaining: number;
}

const exitCode = 70;

/**
 * `FAILPOINT=name:action:count`, several with commas: at the count-th time (default the first) that the place is reached,
 * once, the process is killed (kill), ends (exit), throws (throw) or stands still (delay=ms). null: nothing is planted,
 * so that nobody has to ask on the way.
 */
export function readFailpoints(text: string | undefined): Result<Failpoint | null, string> {
  if (text === undefined || text === "") return ok(null);
  const planted: Planted[] = [];
  for (const part of text.split(",")) {
    const one = parse(part);
    if (one === null)
      return fail(`FAILPOINT is "${text}"; it has to be name:action:count, name one of ${failpointNames.join(", ")}`);
    planted.push(one);
  }
  return ok((name) => {
    for (const one of planted) if (one.name === name && --one.remaining === 0) act(one);
  });
}

function parse(text: string): Planted | null {
  const [place, actionText = "", countText = "1"] = text.split(":");
  const name = failpointNames.find((candidate) => candidate === place);
  const action = parseAction(actionText);
  const remaining = /^[1-9]\d{0,8}$/.test(countText) ? Number(countText) : null;
  return name === undefined || action === null || remaining === null ? null : { name, action, remaining };
}

function parseAction(text: string): Action | null {
  if (text === "kill" || text === "exit" || text === "throw") return { kind: text };
  const delay = /^delay=(\d{1,6})$/.exec(text);
  return delay === null ? null : { kind: "delay", ms: Number(delay[1]) };
}

function act({ name, action }: Planted): void {
  switch (action.kind) {
    case "kill":
      process.kill(process.pid, "SIGKILL");
      // The signal may take a moment, and nothing may happen after this place.
      return standStill(60_000);
    case "exit":
      return process.exit(exitCode);
    case "throw":
      throw new Error(`failpoint ${name}`);
    case "delay":
      return standStill(action.ms);
  }
}

function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
