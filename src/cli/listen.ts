import { createHmac, randomBytes } from "node:crypto";
import { stopSignal } from "../app/stop-signals.ts";
import { MovableClock } from "../kernel/clock.ts";
import { askAdmin } from "./admin-client.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { complain } from "./output.ts";

export interface ListenFlags {
  readonly forwardTo: string;
  /** Types of events, with commas; undefined: all. */
  readonly events: string | undefined;
  readonly printSecret: boolean;
  readonly url: string | undefined;
  readonly json: boolean;
}

interface Told {
  readonly id: string;
  readonly type: string;
}

const waitS = 5;
const forwardMsMax = 10_000;

/** `cardswitch listen`: forwards every event of every account to a program under development, until it is stopped. */
export async function listen(flags: ListenFlags): Promise<ExitCode> {
  if (!URL.canParse(flags.forwardTo)) return complain(`"${flags.forwardTo}" is no URL`, exitCodes.usage);
  const wanted = flags.events?.split(",").map((type) => type.trim()) ?? null;
  const secret = `whsec_${randomBytes(16).toString("hex")}`;
  const first = await askAdmin<{ cursor: string }>({ url: flags.url }, "/_admin/events");
  if (!first.ok) return complain(first.error.message, first.error.exitCode);
  if (flags.json) process.stdout.write(`${JSON.stringify({ secret })}\n`);
  else
    process.stdout.write(flags.printSecret ? `${secret}\n` : `Ready. Events are signed with ${secret} (Ctrl-C ends)\n`);
  let { cursor } = first.value.body;
  let isOver = false;
  void stopSignal().then(() => {
    isOver = true;
  });
  while (!isOver) {
    const path = `/_admin/events?after=${cursor}&wait=${waitS}`;
    const next = await askAdmin<{ cursor: string; events: readonly Told[] }>({ url: flags.url }, path);
    if (!next.ok) return complain(next.error.message, next.error.exitCode);
    ({ cursor } = next.value.body);
    for (const event of next.value.body.events) {
      if (wanted !== null && !wanted.includes(event.type)) continue;
      report(event, await forward(event, flags.forwardTo, secret), flags.json);
    }
  }
  return exitCodes.ok;
}

const clock = new MovableClock();

/** The status of the answer, or why there is none. */
async function forward(event: Told, to: string, secret: string): Promise<number | string> {
  const payload = JSON.stringify(event, null, 2);
  const timestampS = Math.floor(clock.wallNow() / 1000);
  const signature = createHmac("sha256", secret).update(`${timestampS}.${payload}`).digest("hex");
  try {
    const response = await fetch(to, {
      method: "POST",
      body: payload,
      redirect: "manual",
      headers: { "content-type": "application/json", "stripe-signature": `t=${timestampS},v1=${signature}` },
      signal: AbortSignal.timeout(forwardMsMax),
    });
    return response.status;
  } catch (error) {
    return error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
  }
}

function report({ id, type }: Told, outcome: number | string, isJson: boolean): void {
  const line = isJson ? JSON.stringify({ id, type, outcome }) : `${type} [${id}] ${outcome}`;
  process.stdout.write(`${line}\n`);
}
