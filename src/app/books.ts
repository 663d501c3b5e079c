import { type Result, ok } from "../kernel/result.ts";
import { type Projector, startProjector } from "../projector/projector.ts";
import { type AppError, appError } from "./app-error.ts";
import { expireDueHolds } from "./due-holds.ts";
import { runDueObjects } from "./due-objects.ts";
import { endOverdueQuestions } from "./due-questions.ts";
import { DueRunner } from "./due-runner.ts";
import type { Engine } from "./engine.ts";
import { type ProgramAccess, openProgram } from "./program-access.ts";
import { type RolePlace, openRoleEngine, randomOf } from "./role-place.ts";
import { fillWaitingCounters } from "./waiting-counters.ts";

/** The cold half of a data set while it is open: what copies the journals, reads the records and writes programs. */
export interface Books {
  readonly engine: Engine;
  readonly projector: Projector;
  readonly access: ProgramAccess;
  readonly dueRunner: DueRunner;
  readonly close: () => Promise<void>;
}

export async function openBooks(place: RolePlace): Promise<Result<Books, AppError>> {
  const { config, dataSet, redis, clock, log, failpoint } = place;
  const opened = await openRoleEngine(place, "platform");
  if (!opened.ok) return opened;
  const engine = opened.value;
  const started = await startProjector({
    redis: { address: redis.address, password: redis.password },
    keyspace: engine.keyspace,
    recordsPath: dataSet.recordsPath,
    dataSetId: dataSet.id,
    isDurable: config.durability !== "volatile",
    retention: config.retention,
    holdExpiry: config.holdExpiryProfile,
    log,
    ...(failpoint === null ? {} : { threadFile: new URL("./failing-projector-thread.js", import.meta.url) }),
  });
  if (!started.ok) {
    engine.close();
    return appError("records_unusable", started.error.message);
  }
  const projector = started.value;
  const access = openProgram({
    engine,
    projector,
    recordsPath: dataSet.recordsPath,
    clock,
    random: randomOf(config, "platform"),
    readTimeoutMs: config.limits.readTimeoutMs,
  });
  const { committer } = engine;
  const { retention, limits } = config;
  const fillCounters = (): Promise<number> => fillWaitingCounters({ access, projector, log });
  const dueHolds = {
    engine,
    access,
    projector,
    clock,
    log,
    dueHoldsMax: limits.dueHoldsMax,
    drainMs: limits.dueDrainMs,
  };
  const expireHolds = (isOver: () => boolean): Promise<number> => expireDueHolds(dueHolds, isOver);
  const { authorizer } = engine;
  const dueObjects = { access, authorizer, clock, log, dueObjectsMax: limits.dueHoldsMax };
  const runObjects = (isOver: () => boolean): Promise<number> => runDueObjects(dueObjects, isOver);
  const dueRunner = new DueRunner({
    projector,
    committer,
    clock,
    retention,
    fillCounters,
    expireHolds,
    endQuestions: () => endOverdueQuestions({ access, clock, engine }),
    runObjects,
    limits,
  });
  dueRunner.start();
  return ok({
    engine,
    projector,
    access,
    dueRunner,
    close: async () => {
      await dueRunner.close();
      access.close();
      await projector.close();
      engine.close();
    },
  });
}
