import { readConfig } from "../config.ts";
import { type Result, ok } from "../kernel/result.ts";
import { createLog } from "../log.ts";
import { type AppError, appError } from "./app-error.ts";
import { type Books, openBooks } from "./books.ts";
import { openGround } from "./ground.ts";
import type { RolePlace } from "./role-place.ts";
import { SharedClock } from "./shared-clock.ts";

/** A data set that nobody else serves meanwhile: its books without links and without HTTP. */
export interface Offline {
  readonly place: RolePlace;
  readonly books: Books;
  readonly close: () => Promise<void>;
}

export interface OfflineScope {
  /** Whether a folder that holds no data set gets one; otherwise it is refused. */
  readonly mayCreate: boolean;
}

/** Opens the books for one command. `flags` are those of `start`. */
export async function openOffline(
  flags: Readonly<Record<string, string | undefined>>,
  { mayCreate }: OfflineScope,
): Promise<Result<Offline, AppError>> {
  const config = readConfig({ flags: { "log-level": "error", ...flags }, env: process.env });
  if (!config.ok) return appError("bad_config", config.error.message);
  const log = createLog({ level: config.value.logLevel, process: "command", isReadable: process.stderr.isTTY });
  const ground = await openGround(config.value, log, { hasRecords: true, mayCreate });
  if (!ground.ok) return ground;
  const { dataSet, redis } = ground.value;
  const clock = new SharedClock();
  const place = { config: config.value, dataSet, redis, clock, log, failpoint: null, hasProcessOfItsOwn: true };
  const books = await openBooks(place);
  if (!books.ok) {
    await ground.value.close();
    return books;
  }
  return ok({
    place,
    books: books.value,
    close: async () => {
      await books.value.close();
      await ground.value.close();
    },
  });
}
