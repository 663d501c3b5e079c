import type { Place } from "../kernel/ids.ts";
import type { Awaiting, WaitingMessage } from "./waiting.ts";

/** How the program's endpoint is asked (rules: Real-time endpoint). */
export interface AskPlatform {
  /**
   * Asks about the message whose entry stands at that place, whose question ends at that wall time. `done` is called at
   * most once: true, where the message has been resolved; false, where nobody can be asked.
   */
  ask(place: Place, deadlineMs: number, done: (isResolved: boolean) => void): void;
  /** Takes the place of asking and waiting, for repeats too: whoever moves the clock himself cannot wait by timers. */
  readonly await?: (waiting: WaitingMessage) => Awaiting;
}

/** Where there is no platform that could be asked: what the account says of unanswered questions counts at once. */
export const nobodyToAsk: AskPlatform = { ask: (_place, _deadlineMs, done) => done(false) };
