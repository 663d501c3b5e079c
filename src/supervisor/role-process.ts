import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { type AppError, appError } from "../app/app-error.ts";
import type { Neighbours, PlatformDoor, Question, SwitchDoor } from "../app/doors.ts";
import type { AskPlatform } from "../authorizer/ask-platform.ts";
import { openKeyFile } from "../app/key-file.ts";
import type { RolePlace } from "../app/role-place.ts";
import type { Setting } from "../app/setting.ts";
import { SharedClock } from "../app/shared-clock.ts";
import { switchDoorNames } from "../app/doors.ts";
import { readFailpoints } from "../failpoints.ts";
import { type Result, ok } from "../kernel/result.ts";
import { createLog } from "../log.ts";
import { ControlClient } from "./control-client.ts";
import type { PlacePart, Role, RoleInfo } from "./control-protocol.ts";

/** A role that is open in this process. */
export interface OpenRole {
  readonly info: RoleInfo;
  readonly close: () => Promise<void>;
}

/** Parts of a place that this process makes for itself. */
export interface RoleParts {
  readonly role: Role;
  readonly place: RolePlace;
  readonly neighbours: Neighbours;
}

/** What the other process may ask of this one. */
export interface Doors {
  readonly door: SwitchDoor | null;
  readonly platformDoor: PlatformDoor | null;
}

export async function openRole({ role, place, neighbours }: RoleParts): Promise<Result<OpenRole & Doors, AppError>> {
  // Each process loads its own half only: a switch that was killed is back a second earlier on a busy machine.
  if (role === "platform") return (await import("./open-platform.ts")).openPlatform(place, neighbours);
  const { openSwitchRole } = await import("../app/switch-role.ts");
  const opened = await openSwitchRole(place);
  if (!opened.ok) return opened;
  const { ports, door, close } = opened.value;
  return ok({ info: { ports, adminUrl: null, newKey: null }, door, platformDoor: null, close });
}

const lostExitCode = 3;

/** A child of the supervisor: does what it is told over the socket, until it is stopped or the socket is gone. */
export async function runChild(role: Role, controlPath: string): Promise<number> {
  // Ctrl-C reaches the whole group; the supervisor alone decides in which order it ends.
  process.on("SIGINT", () => undefined);
  const clock = new SharedClock();
  let stop: (exitCode: number) => void = () => undefined;
  const stopped = new Promise<number>((resolve) => {
    stop = resolve;
  });
  process.once("SIGTERM", () => stop(0));
  const control = new ControlClient({
    path: controlPath,
    role,
    answerMs: 10_000,
    onStop: () => stop(0),
    onLost: () => stop(lostExitCode),
  });
  // From the first moment, so that a clock that moves while we start is not missed.
  if (role === "switch") control.serve("applySetting", async (setting) => clock.follow(setting as Setting));
  const ask = role === "switch" ? control.asksPlatform : undefined;
  const place = placeOf(await control.hello(), { role, clock, ask });
  const opened = place.ok
    ? await openRole({ role, place: place.value, neighbours: { isExpected: true, switch: () => control.neighbour() } })
    : place;
  if (!opened.ok) {
    control.say({ kind: "failed", error: opened.error });
    const exitCode = await stopped;
    control.close();
    return exitCode;
  }
  const { door, info, platformDoor, close } = opened.value;
  // The switch sends nothing else.
  if (platformDoor !== null) {
    control.serve("answerQuestion", (question) => platformDoor.answerQuestion(question as Question));
  }
  if (door !== null) for (const name of switchDoorNames) control.serve(name, callOf(door, name));
  control.say({ kind: "ready", info });
  const exitCode = await stopped;
  await close();
  control.close();
  // A supervisor that was killed cannot clear its folder away.
  if (exitCode === lostExitCode) rmSync(dirname(controlPath), { recursive: true, force: true });
  return exitCode;
}

function callOf(door: SwitchDoor, name: keyof SwitchDoor): (argument: unknown) => Promise<unknown> {
  // Only applySetting takes an argument, and the platform sends a setting.
  if (name === "applySetting") return (argument) => door.applySetting(argument as Setting);
  return () => door[name]();
}

function placeOf(
  { config, dataSet, redis }: PlacePart,
  own: { readonly role: Role; readonly clock: SharedClock; readonly ask: AskPlatform | undefined },
): Result<RolePlace, AppError> {
  const keys = openKeyFile(dataSet.keyFile);
  if (!keys.ok) return appError("key_file", keys.error.message);
  const failpoint = readFailpoints(process.env["FAILPOINT"]);
  if (!failpoint.ok) return appError("bad_config", failpoint.error);
  return ok({
    config,
    dataSet: { ...dataSet, keys: keys.value },
    redis,
    clock: own.clock,
    log: createLog({ level: config.logLevel, process: own.role, isReadable: process.stderr.isTTY }),
    failpoint: failpoint.value,
    hasProcessOfItsOwn: true,
    ...(own.ask === undefined ? {} : { ask: own.ask }),
  });
}
