import type { ApiBooks } from "../api/api-parts.ts";
import type { Clock } from "../kernel/clock.ts";
import { type Result, ok } from "../kernel/result.ts";
import { type Metrics, createMetrics } from "../metrics.ts";
import type { ApiKeyBody } from "../resources/api-keys.ts";
import type { Program } from "../resources/program.ts";
import { createClient } from "../store/client.ts";
import { eraseNamespace } from "../store/erase.ts";
import { apiBooksOf, apiHashKey } from "./api-books.ts";
import { type AppError, appError } from "./app-error.ts";
import { openEndpointAsker } from "./ask-endpoint.ts";
import { type Books, openBooks } from "./books.ts";
import { type ClockControl, clockControl } from "./clock-control.ts";
import { removeRecords } from "./data-set.ts";
import type { Neighbours } from "./doors.ts";
import { addFirstKey, hasPlatform, keepApiKeys, openPlatformAccount, readApiKeys } from "./platform-account.ts";
import { type AskEndpoint, Questions } from "./questions.ts";
import { type RolePlace, openRoleEngine } from "./role-place.ts";
import { agreeOnSetting, readSetting } from "./setting.ts";
import { type WebhooksRoom, openWebhooksRoom } from "./webhooks-room.ts";
import { type VerifyAnswer, verifyDataSet } from "./verify-data-set.ts";

/** Fills a new data set: nothing but commits. */
export type Seeding = (program: Program) => Promise<unknown>;

export interface PlatformOptions {
  readonly place: RolePlace;
  readonly neighbours: Neighbours;
  /** For a data set that has no accounts yet, and again after a reset; null: it stays empty. */
  readonly seed: Seeding | null;
  /** Keys of the API. */
  readonly keys: PlatformKeys;
  /** Default: no program has an endpoint. */
  readonly askEndpoint?: AskEndpoint;
}

export interface PlatformKeys {
  /** Of a data set that has none; null: it gets none. */
  readonly first: string | null;
  /** Opens everything as long as the process lives; null: there is none. */
  readonly ofProcess: string | null;
}

/** The cold half: records, programs, the clock. It needs no HTTP; app/admin-server.ts speaks for it. */
export interface PlatformRole {
  readonly clock: ClockControl;
  readonly metrics: Metrics;
  /** What is open now: a reset puts another one in its place. */
  books(): Books;
  api(): ApiBooks;
  /** False while a reset puts others in their place, and after one that failed. */
  isOpen(): boolean;
  webhooks(): WebhooksRoom;
  /** Whether the first key was made known just now: it can be told only then. */
  readonly hasNewKey: boolean;
  /** Nothing in flight, and the records hold all of the journal. */
  settled(timeoutMs: number): Promise<boolean>;
  verify(): Promise<Result<VerifyAnswer, AppError>>;
  /** An empty data set in a new epoch, seeded again; keys and links stay. */
  reset(): Promise<Result<null, AppError>>;
  /** What the switch asks. */
  readonly questions: Questions;
  readonly close: () => Promise<void>;
}

const settlePollMs = 5;

/** Errors: `redis_failed`, `records_unusable`, `seed_failed`. */
export async function openPlatformRole(given: PlatformOptions): Promise<Result<PlatformRole, AppError>> {
  const questions = new Questions();
  // Nobody is told of events before the room is open, nor asks about them.
  const undelivered: ApiBooks["undelivered"] = (event) => webhooks.undelivered(event);
  // What the API authorizes is asked about here too.
  const options = { ...given, place: { ...given.place, ask: questions }, undelivered };
  const { place, neighbours } = options;
  const opened = await openBooks(place);
  if (!opened.ok) return opened;
  const set = await setUp(opened.value, options, []);
  if (!set.ok) {
    await opened.value.close();
    return set;
  }
  let { api, books } = set.value;
  let isOpen = true;
  const asker = openEndpointAsker(place, () => api);
  questions.serve({ books: () => books, askEndpoint: given.askEndpoint ?? asker.ask, log: place.log });
  const metrics = createMetrics("platform", place);
  measure(metrics, () => books);
  let webhooks = openWebhooksRoom(place, () => api);
  const settled = async (timeoutMs: number): Promise<boolean> =>
    (await settle(() => books, { neighbours, timeoutMs, clock: place.clock })) && (await webhooks.settled(timeoutMs));
  return ok({
    clock: clockControl({ place, neighbours, books: () => books }),
    metrics,
    books: () => books,
    api: () => api,
    isOpen: () => isOpen,
    hasNewKey: set.value.hasNewKey,
    settled,
    verify: async () => {
      if (await settled(place.config.limits.readTimeoutMs * 2)) return verifyDataSet(place, books);
      return appError("not_settled", "messages are still being decided; verify looks at a system at rest");
    },
    reset: async () => {
      isOpen = false;
      await webhooks.close();
      const next = await startOver(options, {
        books,
        settled: (timeoutMs) => settle(() => books, { neighbours, timeoutMs, clock: place.clock }),
      });
      if (next.ok) ({ api, books } = next.value);
      isOpen = next.ok;
      webhooks = openWebhooksRoom(place, () => api);
      return next.ok ? ok(null) : next;
    },
    webhooks: () => webhooks,
    questions,
    close: async () => {
      await webhooks.close();
      await asker.close();
      await books.projector.drained(place.config.limits.drainMs);
      await books.close();
    },
  });
}

interface OpenPlatform {
  readonly books: Books;
  readonly api: ApiBooks;
  readonly hasNewKey: boolean;
}

interface SetUpOptions extends PlatformOptions {
  readonly undelivered: ApiBooks["undelivered"];
}

/** The platform's own account comes first, then its keys, then what fills a new data set. */
async function setUp(
  books: Books,
  { keys, place, seed, undelivered }: SetUpOptions,
  kept: readonly ApiKeyBody[],
): Promise<Result<OpenPlatform, AppError>> {
  const { access } = books;
  const hashKey = apiHashKey(place.dataSet.keys);
  try {
    const isNew = seed !== null && (await isEmpty(books));
    const platform = await openPlatformAccount(access);
    await keepApiKeys(access.program, platform, kept);
    await access.caughtUp(platform.shard);
    const hasNewKey = keys.first !== null && readApiKeys(access.queries).length === 0;
    if (hasNewKey) await addFirstKey(access.program, platform, { secret: keys.first, hashKey });
    if (isNew) await seed(access.program);
    await access.caughtUp(platform.shard);
    return ok({
      books,
      api: apiBooksOf(books, { platform, hashKey, processKey: keys.ofProcess, undelivered }),
      hasNewKey,
    });
  } catch (error) {
    return appError(
      "seed_failed",
      `the program could not be set up: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** Nobody has an account but the platform, which is made before all others. */
async function isEmpty({ access, engine }: Books): Promise<boolean> {
  let count = 0;
  for (let shard = 0; shard < engine.keyspace.shardCount; shard++) {
    await access.caughtUp(shard);
    count += access.queries.objectCount("account", shard);
  }
  return count === 0 || (count === 1 && hasPlatform(access.queries));
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
  options: SetUpOptions,
  before: { readonly books: Books; readonly settled: (timeoutMs: number) => Promise<boolean> },
): Promise<Result<OpenPlatform, AppError>> {
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
  options: SetUpOptions,
  before: { readonly books: Books; readonly settled: (timeoutMs: number) => Promise<boolean> },
): Promise<Result<OpenPlatform, AppError>> {
  const { place } = options;
  const { config, clock, dataSet } = place;
  if (!(await before.settled(config.limits.readTimeoutMs))) {
    return appError("not_settled", "a reset has to wait for what is in flight, and that does not end");
  }
  const last = await readSetting(before.books.engine, config.limits.acknowledgeMs);
  if (!last.ok) return last;
  const kept = readApiKeys(before.books.access.queries)
    .map(({ body }) => body)
    .toReversed();
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
  const books = await openBooks(place);
  return books.ok ? setUp(books.value, options, kept) : books;
}

function measure(metrics: Metrics, books: () => Books): void {
  metrics.gauge("projector_working", "1 while the records follow the journal", () =>
    books().projector.failure === null ? 1 : 0,
  );
  metrics.gauge("forgotten_answers", "Answers forgotten after their time", () => books().dueRunner.forgotten);
  metrics.gauge("expired_holds", "Holds that have expired since the start", () => books().dueRunner.expired);
  metrics.gauge("store_usable", "1 while Redis answers", () => (books().engine.hot.isUsable ? 1 : 0));
}
