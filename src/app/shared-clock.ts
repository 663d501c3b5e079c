import { MovableClock } from "../kernel/clock.ts";
import type { Setting } from "./setting.ts";

/** The business clock of one process, which follows the data set's setting. */
export class SharedClock extends MovableClock {
  #epoch = 0;
  #version = 0;

  /** The version that this process goes by. */
  get version(): number {
    return this.#version;
  }

  get epoch(): number {
    return this.#epoch;
  }

  /** Takes a setting that is newer than what it has; an older one, that was overtaken on its way, changes nothing. */
  follow(setting: Setting): number {
    const isNewer = setting.epoch > this.#epoch || (setting.epoch === this.#epoch && setting.version > this.#version);
    if (isNewer) {
      this.#epoch = setting.epoch;
      this.#version = setting.version;
      this.set({ offsetMs: setting.offsetMs, frozenAtMs: setting.frozenAtMs });
    }
    return this.#version;
  }
}
