import { stopSignal } from "../app/stop-signals.ts";
import { type Config, readConfig } from "../config.ts";
import { readFailpoints } from "../failpoints.ts";
import { createLog } from "../log.ts";
import { startSupervisor } from "../supervisor.ts";
import { type Role, roles } from "../supervisor/control-protocol.ts";
import { runChild } from "../supervisor/role-process.ts";
import { runAlone } from "../supervisor/role-alone.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { complain, print } from "./output.ts";

export interface StartFlags {
  readonly flags: Readonly<Record<string, string | undefined>>;
  readonly role: string | undefined;
  readonly json: boolean;
}

/** `cardswitch start`: the supervisor with both roles, or one role in the foreground. */
export async function start({ flags, role, json }: StartFlags): Promise<ExitCode> {
  if (role !== undefined && !isRole(role)) return complain(`--role is one of ${roles.join(", ")}`, exitCodes.usage);
  const control = process.env["CARDSWITCH_CONTROL"];
  if (role !== undefined && control !== undefined && control !== "") return asExitCode(await runChild(role, control));
  const config = readConfig({ flags, env: process.env });
  if (!config.ok) return complain(config.error.message, exitCodes.environment);
  const failpoint = readFailpoints(process.env["FAILPOINT"]);
  if (!failpoint.ok) return complain(failpoint.error, exitCodes.environment);
  return role === undefined ? supervise(config.value, json) : alone(role, config.value, json);
}

const endMsMax = 4_900;

async function supervise(config: Config, json: boolean): Promise<ExitCode> {
  const stop = stopSignal();
  const log = createLog({ level: config.logLevel, process: "supervisor", isReadable: process.stderr.isTTY });
  const started = await startSupervisor(config, log);
  if (!started.ok) return complain(started.error.message, exitCodes.environment);
  const { adminUrl, ground, newKey, pids, ports } = started.value;
  const { id, dir } = ground.dataSet;
  print(
    json,
    { adminUrl, apiKey: newKey, ports, pids: pids(), dataSet: id, dataDir: dir, durability: config.durability },
    started.value.banner(),
  );
  log.info({ signal: await stop }, "stopping");
  // What does not end by itself is left to the next start, which ends orphans.
  setTimeout(() => process.exit(exitCodes.failed), endMsMax).unref();
  await started.value.close();
  return exitCodes.ok;
}

async function alone(role: Role, config: Config, json: boolean): Promise<ExitCode> {
  const stop = stopSignal();
  const started = await runAlone(role, config);
  if (!started.ok) return complain(started.error.message);
  const { info, close } = started.value;
  const { adminUrl, newKey, ports } = info;
  const key = newKey === null ? "" : `\n  api key  ${newKey}`;
  print(json, { role, adminUrl, apiKey: newKey, ports }, `${role}: ${adminUrl ?? JSON.stringify(ports)}${key}`);
  await stop;
  await close();
  return exitCodes.ok;
}

function isRole(text: string): text is Role {
  return roles.some((role) => role === text);
}

function asExitCode(code: number): ExitCode {
  return code === 0 ? exitCodes.ok : exitCodes.environment;
}
