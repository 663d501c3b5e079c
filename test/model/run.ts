import { setTimeout } from "node:timers/promises";
import type { Model } from "../../simulators/model/model.ts";
import { stateDifference, stateQuery } from "./compare.ts";
import { type Operation, type Opinion, accountOf, applyToModel, isApplicable } from "./operations.ts";
import { sayClearing, sayDecision, sayOpinion, saySettling } from "./sentences.ts";
import type { Subject } from "./subject.ts";

export interface Mismatch {
  /** How many operations had been taken when it came out. */
  readonly at: number;
  readonly what: string;
}

export interface RunOptions {
  readonly model: Model;
  readonly subject: Subject;
  /** The next operation, which may depend on what the model holds now; null: the run is over. */
  readonly next: () => Operation | null;
  readonly learn?: (operation: Operation, opinion: Opinion) => void;
  /** Full state is compared every so many operations, and at the end. */
  readonly compareEvery: number;
  /** Aborted when the subject can no longer answer: the run ends without waiting for it. */
  readonly signal?: AbortSignal | undefined;
}

/** Operations that wait for the subject at most; then the run waits for it. */
const underWayMax = 64;
/** A subject that does not answer within this (a function that never ends) has answered wrongly. */
const drainMsMax = 20_000;

/**
 * Gives each operation to the model and to the subject and stops at the first difference. The model answers at once
 * and the subject later: each account has its own queue, so that accounts run side by side as cards do in life.
 */
export async function runSideBySide(options: RunOptions): Promise<Mismatch | null> {
  const { model, subject } = options;
  const queues = new Map<string, Promise<void>>();
  const run: { at: number; mismatch: Mismatch | null; underWay: number } = { at: 0, mismatch: null, underWay: 0 };

  const give = async (operation: Operation, opinion: Opinion, at: number): Promise<void> => {
    const asked = run.mismatch === null ? differenceOf(subject, operation, opinion).catch(failure) : null;
    const what = await asked;
    run.underWay--;
    if (what !== null) run.mismatch = earliest(run.mismatch, { at, what });
  };
  const drain = async (): Promise<void> => {
    if (!(await isDoneInTime(Promise.all(queues.values()), options.signal)))
      run.mismatch ??= { at: run.at, what: "no answer" };
    queues.clear();
  };

  for (let operation = options.next(); operation !== null && run.mismatch === null; operation = options.next()) {
    const at = ++run.at;
    if (!isApplicable(model, operation)) continue;
    const opinion = applyToModel(model, operation);
    options.learn?.(operation, opinion);
    const given = operation;
    const queue = accountOf(model, operation) ?? "";
    run.underWay++;
    queues.set(
      queue,
      (queues.get(queue) ?? Promise.resolve()).then(() => give(given, opinion, at)),
    );
    if (at % options.compareEvery === 0) {
      await drain();
      run.mismatch ??= await compareState(model, subject, at);
    } else if (run.underWay >= underWayMax) await drain();
  }
  await drain();
  return run.mismatch ?? (await compareState(model, subject, run.at)) ?? (await audit(subject, run.at));
}

async function isDoneInTime(work: Promise<unknown>, signal?: AbortSignal): Promise<boolean> {
  const patience = new AbortController();
  const ends = signal === undefined ? patience.signal : AbortSignal.any([patience.signal, signal]);
  const tooLate = setTimeout(drainMsMax, false, { signal: ends }).catch(() => false);
  const isDone = await Promise.race([work.then(() => true), tooLate]);
  patience.abort();
  return isDone;
}

function failure(error: unknown): string {
  return `the subject failed: ${error instanceof Error ? error.message : String(error)}`;
}

async function differenceOf(subject: Subject, operation: Operation, opinion: Opinion): Promise<string | null> {
  switch (operation.kind) {
    case "authorize":
      return difference(opinion, sayDecision(await subject.authorize(operation.request)));
    case "advise":
      return difference(opinion, sayDecision(await subject.advise(operation.request)));
    case "post":
      return difference(opinion, sayDecision(await subject.post(operation.request)));
    case "reverse":
      return difference(opinion, sayDecision(await subject.reverse(operation.request)));
    case "clear":
      return difference(opinion, sayClearing(await subject.clear(operation.clearing)));
    case "settle":
      return difference(opinion, saySettling(await subject.settle(operation)));
    case "expire":
      return difference(opinion, await subject.expire(operation));
    case "change":
      await subject.change(operation.change, operation);
      return null;
    case "purge":
      await subject.purge(operation.card, operation);
      return null;
  }
}

async function compareState(model: Model, subject: Subject, at: number): Promise<Mismatch | null> {
  const query = stateQuery(model);
  const what = await subject.readState(query).then((state) => stateDifference(model, query, state), failure);
  return what === null ? null : { at, what };
}

async function audit(subject: Subject, at: number): Promise<Mismatch | null> {
  const what = await subject.audit().catch(failure);
  return what === null ? null : { at, what: `the books say: ${what}` };
}

function difference(opinion: Opinion, found: string): string | null {
  const expected = sayOpinion(opinion);
  return expected === found ? null : `the model says "${expected}", the subject "${found}"`;
}

function earliest(a: Mismatch | null, b: Mismatch): Mismatch {
  return a === null || b.at < a.at ? b : a;
}
