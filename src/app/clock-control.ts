import { isoTime } from "../kernel/clock.ts";
import { type Result, ok } from "../kernel/result.ts";
import { type AppError, appError } from "./app-error.ts";
import type { Books } from "./books.ts";
import type { Neighbours } from "./doors.ts";
import type { RolePlace } from "./role-place.ts";
import { type Setting, readSetting, writeSetting } from "./setting.ts";

export interface ClockView {
  /** ISO 8601, UTC. */
  readonly wall: string;
  readonly business: string;
  /** Business minus wall, in milliseconds. */
  readonly offsetMs: number;
  readonly isFrozen: boolean;
  readonly epoch: number;
}

/** Moves business time, in every process of the data set (rules: Clocks). */
export interface ClockControl {
  show(): ClockView;
  /** Forward only. Resolves when every process goes by it, the journal is drained and what falls due has run. */
  advance(ms: number): Promise<Result<ClockView, AppError>>;
  freeze(): Promise<Result<ClockView, AppError>>;
  unfreeze(): Promise<Result<ClockView, AppError>>;
  /** Tells the other process what Redis says: whoever wrote it may have died before it had told anybody. */
  announce(): Promise<Result<null, AppError>>;
}

export interface ClockControlParts {
  readonly place: RolePlace;
  readonly neighbours: Neighbours;
  readonly books: () => Books;
}

const advanceMsMax = 100 * 366 * 86_400_000;

export function clockControl(parts: ClockControlParts): ClockControl {
  const { clock } = parts.place;
  const show = (): ClockView => ({
    wall: isoTime(clock.wallNow()),
    business: isoTime(clock.businessNow()),
    offsetMs: Math.round(clock.businessNow() - clock.wallNow()),
    isFrozen: clock.setting.frozenAtMs !== null,
    epoch: clock.epoch,
  });
  const change = async (next: (setting: Setting) => Setting): Promise<Result<ClockView, AppError>> => {
    const moved = await move(parts, next);
    return moved.ok ? ok(show()) : moved;
  };
  return {
    show,
    advance: async (ms) => {
      if (!Number.isSafeInteger(ms) || ms < 0 || ms > advanceMsMax) {
        return appError(
          "bad_config",
          "business time moves forward, by at most a hundred years; only a reset sets it back",
        );
      }
      return change((setting) => ({
        ...setting,
        offsetMs: setting.offsetMs + ms,
        frozenAtMs: setting.frozenAtMs === null ? null : setting.frozenAtMs + ms,
      }));
    },
    freeze: () => change((setting) => ({ ...setting, frozenAtMs: setting.frozenAtMs ?? clock.businessNow() })),
    unfreeze: () =>
      change((setting) => {
        const { frozenAtMs } = setting;
        // It goes on from where it stood, not from where it would have been.
        return frozenAtMs === null ? setting : { ...setting, offsetMs: frozenAtMs - clock.wallNow(), frozenAtMs: null };
      }),
    announce: async () => {
      const found = await readSetting(parts.books().engine, parts.place.config.limits.acknowledgeMs);
      if (!found.ok) return found;
      return (found.value === null ? null : await push(parts, found.value)) ?? ok(null);
    },
  };
}

async function move(parts: ClockControlParts, next: (setting: Setting) => Setting): Promise<Result<Setting, AppError>> {
  const { place, books } = parts;
  const { acknowledgeMs, drainMs, readTimeoutMs } = place.config.limits;
  const { engine } = books();
  const found = await readSetting(engine, acknowledgeMs);
  if (!found.ok) return found;
  if (found.value === null) return appError("bad_data_set", "the data set's setting is gone from Redis");
  const written = await writeSetting(engine, place.clock, next(found.value), found.value.version);
  if (!written.ok) return written;
  const refusal = await push(parts, written.value);
  if (refusal !== null) return refusal;
  if (!(await books().projector.drained(Math.max(drainMs, readTimeoutMs)))) {
    return appError("not_settled", "the records have not caught up with the journal");
  }
  await books().dueRunner.run();
  return written;
}

/** Every live process goes by it before anything that it makes due is run. */
async function push(
  { place, neighbours }: ClockControlParts,
  setting: Setting,
): Promise<ReturnType<typeof appError> | null> {
  place.clock.follow(setting);
  const other = neighbours.switch();
  if (other === null) return null;
  try {
    const version = await other.applySetting(setting);
    if (version >= setting.version) return null;
  } catch (error) {
    // One that has ended meanwhile reads the setting when it starts again; one that lives has to have heard.
    if (neighbours.switch() === null) return null;
    place.log.warn({ cause: error instanceof Error ? error.message : String(error) }, "the clock was not acknowledged");
  }
  return appError("not_settled", "the switch has not acknowledged the new time");
}
