import { readFileSync } from "node:fs";
import { readRecording } from "../../simulators/recording.ts";
import { type Difference, type ReplayReport, replay } from "../../simulators/replay.ts";
import { LineDown } from "../../simulators/scenario/scenario-lines.ts";
import { MovableClock } from "../kernel/clock.ts";
import { secureRandom } from "../kernel/random.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { complain, print } from "./output.ts";
import { adminIssuer } from "./scenario-issuer.ts";

export interface ReplayFlags {
  readonly file: string;
  readonly isFresh: boolean;
  readonly url: string | undefined;
  readonly json: boolean;
}

const answerMsMax = 5_000;
const runMax = 46_656;
const shownMax = 50;

/** `cardswitch replay`: 0 where every answer means what it meant when it was recorded, 1 where one does not. */
export async function replayRecording({ file, isFresh, url, json }: ReplayFlags): Promise<ExitCode> {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    return complain(
      `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      exitCodes.usage,
    );
  }
  const messages = readRecording(text);
  if (!messages.ok) return complain(`${file}: ${messages.error}`, exitCodes.usage);
  if (!messages.value.some(({ kind }) => kind === "request"))
    return complain(`${file} has no request to send again`, exitCodes.usage);
  const issuer = await adminIssuer(url);
  if (!issuer.ok) return complain(issuer.error.message, issuer.error.exitCode);
  const { links } = issuer.value;
  const missing = messages.value.find(({ network }) => links[network] === undefined);
  if (missing !== undefined) return complain(`the switch has no link for ${missing.network}`, exitCodes.usage);
  const freshRun = isFresh ? secureRandom.integer(runMax) : null;
  const settings = { links, clock: new MovableClock(), timeoutMs: answerMsMax, freshRun };
  try {
    const report = await replay(messages.value, settings);
    print(json, report, render(report));
    return report.differences.length + report.unreadable === 0 ? exitCodes.ok : exitCodes.failed;
  } catch (error) {
    if (error instanceof LineDown) return complain(error.message);
    throw error;
  }
}

function render({ differences, requests, same, unreadable }: ReplayReport): string {
  const lines = differences.slice(0, shownMax).map(line);
  if (differences.length > shownMax) lines.push(`  and ${differences.length - shownMax} more`);
  const broken = unreadable === 0 ? "" : `, ${unreadable} could not be read`;
  lines.push(`${same} of ${requests} requests were answered as recorded${broken}`);
  return lines.join("\n");
}

function line({ number, network, mti, rrn, path, recorded, found }: Difference): string {
  const what = path === "answer" ? "answer" : `DE${path}`;
  return `✗ ${number}  ${network} ${mti} ${rrn}  ${what}  recorded ${recorded}, now ${found}`;
}
