import { createServer } from "node:net";
import { diagnoseData } from "../app/diagnosis-of-data.ts";
import { diagnoseMachine } from "../app/diagnosis.ts";
import { type Finding, broken, sound } from "../app/finding.ts";
import { withImportedSpecs } from "../app/imported-links.ts";
import { SharedClock } from "../app/shared-clock.ts";
import { type Config, readConfig } from "../config.ts";
import { createLog } from "../log.ts";
import { askAdmin } from "./admin-client.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { complain, print } from "./output.ts";

export interface DoctorFlags {
  readonly dataDir: string | undefined;
  readonly url: string | undefined;
  readonly json: boolean;
}

const backlogWarned = 10_000;

/** `cardswitch doctor`: 0 where nothing fails, 1 where something of the data set does, 3 where the machine does. */
export async function doctor({ dataDir, url, json }: DoctorFlags): Promise<ExitCode> {
  const read = readConfig({ flags: { "data-dir": dataDir }, env: process.env });
  if (!read.ok) return complain(read.error.message, exitCodes.usage);
  const config = read.value;
  if (url !== undefined && !/^https?:/i.test(url)) {
    return complain(`"${url}" is no URL such as http://127.0.0.1:12120`, exitCodes.usage);
  }
  const running = await diagnoseRunning(url);
  const findings = [
    ...(await diagnoseMachine(config)),
    await links(config),
    ...(running ?? (await ports(config))),
    ...diagnoseData(config.dataDir, new SharedClock()),
  ];
  const failed = findings.filter(({ state }) => state === "fail");
  print(json, { healthy: failed.length === 0, findings: findings.map(shown) }, findings.map(lineOf).join("\n"));
  if (failed.length === 0) return exitCodes.ok;
  return failed.some(({ isEnvironment }) => isEnvironment) ? exitCodes.environment : exitCodes.failed;
}

/** null: nobody answers there. */
async function diagnoseRunning(url: string | undefined): Promise<Finding[] | null> {
  const alive = await askAdmin<object>({ url }, "/healthz");
  if (!alive.ok) {
    if (url === undefined) return null;
    return [broken("switch", alive.error.message, "say with --url where it is, or leave --url out if it is stopped")];
  }
  const ready = await askAdmin<object>({ url }, "/readyz");
  const advice = "read its log on stderr; it is started again by itself where that can help";
  const state = ready.ok
    ? sound("switch", "runs and is ready")
    : { ...broken("switch", ready.error.message, advice), isEnvironment: false };
  const journal = await askAdmin<{ backlog: number | null }>({ url }, "/_admin/journal");
  if (!journal.ok) return [state, { ...broken("backlog", journal.error.message, advice), isEnvironment: false }];
  const backlog = journal.value.body.backlog ?? 0;
  const text = `${backlog} entries not yet in the records`;
  if (backlog < backlogWarned) return [state, sound("backlog", text)];
  return [
    state,
    { ...broken("backlog", text, "if it grows without load, read the log of the platform"), state: "warn" },
  ];
}

async function links(config: Config): Promise<Finding> {
  const log = createLog({ level: "silent", process: "command", isReadable: false });
  const read = await withImportedSpecs(config.links, log);
  if (!read.ok) return broken("links", read.error, "mend the file that --links or CARDSWITCH_LINKS names");
  return sound("links", config.links.map(({ name }) => name).join(", "));
}

/** Where nothing runs, every port that a start would take has to be free. */
async function ports(config: Config): Promise<Finding[]> {
  const listening = config.links.flatMap(({ name, endpoint }) =>
    endpoint.kind === "listen" ? [{ name, host: endpoint.host, port: endpoint.port }] : [],
  );
  const all = [{ name: "api", host: config.host, port: config.adminPort }, ...listening];
  const taken: Finding[] = [];
  for (const { name, host, port } of all) {
    const cause = await causeAgainst(host, port);
    if (cause === null) continue;
    const advice = "end who has it, or start with another --port, --visa-port, --mastercard-port or --generic-port";
    taken.push(broken("ports", `${host}:${port} (${name}) cannot be taken: ${cause}`, advice));
  }
  const free = all.map(({ port }) => port).join(", ");
  return [sound("switch", "not running"), ...(taken.length > 0 ? taken : [sound("ports", `free: ${free}`)])];
}

function causeAgainst(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(null)));
  });
}

function shown({ check, state, text, advice }: Finding): object {
  return { check, state, text, advice };
}

function lineOf({ check, state, text, advice }: Finding): string {
  return `${state.padEnd(4)}  ${check.padEnd(10)}  ${text}${advice === null ? "" : `: ${advice}`}`;
}
