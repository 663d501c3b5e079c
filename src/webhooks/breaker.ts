import type { Clock } from "../kernel/clock.ts";

export interface BreakerLimits {
  readonly windowMs: number;
  readonly failuresMin: number;
  /** Of all calls in the window. */
  readonly failedShareMin: number;
  readonly restMs: number;
}

/** 20 failures and half of all calls in 10 s: the endpoint is left alone for 5 s (reference: W1). */
export const defaultBreakerLimits: BreakerLimits = {
  windowMs: 10_000,
  failuresMin: 20,
  failedShareMin: 0.5,
  restMs: 5_000,
};

interface EndpointState {
  windowStartMs: number;
  calls: number;
  failures: number;
  restsUntilMs: number;
}

/** Who does not answer is not asked for a while, so that its cards' cardholders do not wait two seconds each. */
export class Breaker {
  readonly #clock: Clock;
  readonly #limits: BreakerLimits;
  readonly #states = new Map<string, EndpointState>();

  constructor(clock: Clock, limits: BreakerLimits = defaultBreakerLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  rests(endpoint: string): boolean {
    return (this.#states.get(endpoint)?.restsUntilMs ?? 0) > this.#clock.monotonicNow();
  }

  note(endpoint: string, hasFailed: boolean): void {
    const nowMs = this.#clock.monotonicNow();
    const state = this.#stateAt(endpoint, nowMs);
    state.calls++;
    if (!hasFailed) return;
    state.failures++;
    const { failuresMin, failedShareMin, restMs } = this.#limits;
    if (state.failures < failuresMin || state.failures < state.calls * failedShareMin) return;
    // After its rest it begins anew.
    this.#states.set(endpoint, { windowStartMs: nowMs, calls: 0, failures: 0, restsUntilMs: nowMs + restMs });
  }

  forget(endpoint: string): void {
    this.#states.delete(endpoint);
  }

  #stateAt(endpoint: string, nowMs: number): EndpointState {
    const state = this.#states.get(endpoint);
    if (state !== undefined && nowMs - state.windowStartMs < this.#limits.windowMs) return state;
    const fresh = { windowStartMs: nowMs, calls: 0, failures: 0, restsUntilMs: state?.restsUntilMs ?? 0 };
    this.#states.set(endpoint, fresh);
    return fresh;
  }
}
