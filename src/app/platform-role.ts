import type { Clock } from "../kernel/clock.ts";
import { type Result, fail, ok } from "../kernel/result.ts";
import { type Metrics, createMetrics } from "../metrics.ts";
import type { Program } from "../resources/program.ts";
import { createClient } from "../store/client.ts";
import { eraseNamespace } from "../store/erase.ts";
import { type AppError, appError } from "./app-error.ts";
import { type Books, openBooks } from "./books.ts";
import { type ClockControl, clockControl } from "./clock-control.ts";
import { removeRecords } from "./data-set.ts";
import type { Neighbours } from "./doors.ts";
import { type RolePlace, openRoleEngine } from "./role-place.ts";
import { agreeOnSetting, readSetting } from "./setting.ts";
import { type VerifyAnswer, verifyDataSet } from "./verify-data-set.ts";

/** Fills a new data set: nothing but commits. */
export type Seeding = (program: Program) => Promise<unknown>;

export interface PlatformOptions {
  readonly place: RolePlace;
  readonly neighbours: Neighbours;
  /** For a data set that has no accounts yet, and again after a reset; null: it stays empty. */
  readonly seed: Seeding | null;
}

/** The cold half: records, programs, the clock. It needs no HTTP; app/admin-server.ts speaks for it. */
export interface PlatformRole {
  readonly clock: ClockControl;
  readonly metrics: Metrics;
  /** What is open now: a reset puts another one in its place. */
  books(): Books;
  /** Nothing in flight, and the records hold all of the journal. */
  settled(timeoutMs: number): Promise<boolean>;
  verify(): Promise<Result<VerifyAnswer, AppError>>;
  /** An empty data set in a new epoch, seeded again; keys and links stay. */
  reset(): Promise<Result<null, AppError>>;
  readonly close: () => Promise<void>;
}

const settlePollMs = 5;

/** Errors: `redis_failed`, `records_unusable`, `seed_failed`. */
export async function openPlatformRole(options: PlatformOptions): Promise<Result<PlatformRole, AppError>> {
  const { place, neighbours } = options;
  const opened = await openBooks(place);
  if (!opened.ok) return opened;
  let books = opened.value;
  const seeded = await seedIfEmpty(books, options.seed);
  if (!seeded.ok) {
    await books.close();
    return seeded;
  }
  const metrics = createMetrics("platform", place);
  measure(metrics, () => books);
  const settled = (timeoutMs: number): Promise<boolean> =>
    settle(() => books, { neighbours, timeoutMs, clock: place.clock });
  return ok({
    clock: clockControl({ place, neighbours, books: () => books }),
    metrics,
    books: () => books,
    settled,
    verify: async () => {
      if (await settled(place.config.limits.readTimeoutMs * 2)) return verifyDataSet(place, books);
      return appError("not_settled", "messages are still being decided; verify looks at a system at rest");
    },
    reset: async () => {
      const next = await startOver(options, { books, settled });
      if (!next.ok) return next;
      books = next.value;
      return ok(null);
    },
    close: async () => {
      await books.projector.drained(place.config.limits.drainMs);
      await books.close();
    },
  });
}

async function seedIfEmpty(books: Books, seed: Seeding | null): Promise<Result<null, AppError>> {
  if (seed === null) return ok(null);
  try {
    if (await isEmpty(books)) await seed(books.access.program);
    return ok(null);
  } catch (error) {
    return appError(
      "seed_failed",
      `the program could not be set up: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

async function isEmpty({ access, engine }: Books): Promise<boolean> {
  for (let shard = 0; shard < engine.keyspace.shardCount; shard++) {
    await access.caughtUp(shard);
    if (access.queries.objectCount("account", shard) > 0) return false;
  }
  return true;
}

async function settle(
  books: () => Books,
  { neighbours, timeoutMs, clock }: { neighbours: Neighbours; timeoutMs: number; clock: Clock },
): Promise<boolean> {
  const endMs = clock.monotonicNow() + timeoutMs;
  const inFlight = async (): Promise<number> => {
    const state = await neighbours.switch()?.state();
    return (state?.inFlight ?? 0) + books().engine.hot.inFlight;
  };
  while (clock.monotonicNow() < endMs) {
    if ((await inFlight()) === 0) {
      const isDrained = await books().projector.drained(Math.max(1, endMs - clock.monotonicNow()));
      // What was decided while we waited is in flight no more, but may not be in the records either.
      if (isDrained && (await inFlight()) === 0 && (await books().projector.backlog()) === 0) return true;
    }
    await new Promise((resolve) => {
      setTimeout(resolve, settlePollMs);
    });
  }
  return false;
}

/** rules: Clocks. Only a reset may set the clock back, since it makes a new epoch. */
async function startOver(
  options: PlatformOptions,
  before: { readonly books: Books; readonly settled: (timeoutMs: number) => Promise<boolean> },
): Promise<Result<Books, AppError>> {
  const links = options.neighbours.switch();
  await links?.suspend();
  // Whatever comes of it, the links serve again.
  try {
    return await eraseAndReopen(options, before);
  } finally {
    await links?.resume();
  }
}

async function eraseAndReopen(
  options: PlatformOptions,
  before: { readonly books: Books; readonly settled: (timeoutMs: number) => Promise<boolean> },
): Promise<Result<Books, AppError>> {
  const { place } = options;
  const { config, clock, dataSet } = place;
  if (!(await before.settled(config.limits.readTimeoutMs))) {
    return appError("not_settled", "a reset has to wait for what is in flight, and that does not end");
  }
  const last = await readSetting(before.books.engine, config.limits.acknowledgeMs);
  if (!last.ok) return last;
  await before.books.close();
  const redis = createClient({ address: place.redis.address, password: place.redis.password });
  try {
    await eraseNamespace(redis, before.books.engine.keyspace);
  } finally {
    redis.disconnect();
  }
  removeRecords(dataSet);
  const engine = await openRoleEngine(place, "platform");
  if (!engine.ok) return engine;
  const offsetMs = config.businessStartMs === null ? 0 : config.businessStartMs - clock.wallNow();
  const epoch = (last.value?.epoch ?? 0) + 1;
  const setting = await agreeOnSetting(engine.value, clock, dataSet, {
    offsetMs,
    epoch,
    hasRecords: false,
    timeoutMs: config.limits.acknowledgeMs,
  });
  engine.value.close();
  if (!setting.ok) return setting;
  clock.follow(setting.value);
  return reopen(options);
}

async function reopen({ place, seed }: PlatformOptions): Promise<Result<Books, AppError>> {
  const books = await openBooks(place);
  if (!books.ok) return books;
  const seeded = await seedIfEmpty(books.value, seed);
  return seeded.ok ? books : fail(seeded.error);
}

function measure(metrics: Metrics, books: () => Books): void {
  metrics.gauge("projector_working", "1 while the records follow the journal", () =>
    books().projector.failure === null ? 1 : 0,
  );
  metrics.gauge("forgotten_answers", "Answers forgotten after their time", () => books().dueRunner.forgotten);
  metrics.gauge("expired_holds", "Holds that have expired since the start", () => books().dueRunner.expired);
  metrics.gauge("store_usable", "1 while Redis answers", () => (books().engine.hot.isUsable ? 1 : 0));
}
