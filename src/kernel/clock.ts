/**
 * Two times (rules: Clocks). Wall time serves deadlines, dedupe retention and signatures; business time serves
 * holds, limit windows and expiry, and can be moved. Both are milliseconds since 1970 in UTC.
 */
export interface Clock {
  wallNow(): number;
  businessNow(): number;
  /** Milliseconds that never go back, for durations. */
  monotonicNow(): number;
}

export interface ClockSetting {
  /** Business time minus wall time, in milliseconds. */
  offsetMs: number;
  /** Business time stands still at this instant; null: it runs. */
  frozenAtMs: number | null;
}

/** The machine's clock, with business time as far away from it as the setting says. */
export class MovableClock implements Clock {
  #setting: ClockSetting;

  constructor(setting: ClockSetting = { offsetMs: 0, frozenAtMs: null }) {
    this.#setting = setting;
  }

  get setting(): ClockSetting {
    return this.#setting;
  }

  set(setting: ClockSetting): void {
    this.#setting = setting;
  }

  wallNow(): number {
    return Date.now();
  }

  businessNow(): number {
    return this.#setting.frozenAtMs ?? Date.now() + this.#setting.offsetMs;
  }

  monotonicNow(): number {
    return performance.now();
  }
}

/** A clock that only its owner moves: for tests and models. */
export class ManualClock implements Clock {
  wallMs: number;
  businessMs: number;

  constructor(startMs: number) {
    this.wallMs = startMs;
    this.businessMs = startMs;
  }

  wallNow(): number {
    return this.wallMs;
  }

  businessNow(): number {
    return this.businessMs;
  }

  monotonicNow(): number {
    return this.wallMs;
  }

  advance(ms: number): void {
    this.wallMs += ms;
    this.businessMs += ms;
  }
}

/** "2026-11-22T16:23:08.000Z". */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

/** Milliseconds since 1970 of an ISO 8601 text, or null. */
export function parseIsoTime(text: string): number | null {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
}
