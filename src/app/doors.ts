import type { LoggedMessage } from "../switch/message-log.ts";
import type { DecisionTrace } from "../switch/observation.ts";
import type { SessionInfo } from "../switch/open-links.ts";
import type { Place } from "../kernel/ids.ts";
import type { Setting } from "./setting.ts";

/**
 * What the platform asks of the switch, beside it in one process or behind the supervisor's socket: so everything that
 * crosses is JSON.
 */
export interface SwitchDoor {
  /** Goes by the setting; the answer is the version that it now goes by. */
  applySetting(setting: Setting): Promise<number>;
  state(): Promise<SwitchState>;
  messages(): Promise<readonly LoggedMessage[]>;
  traces(): Promise<readonly DecisionTrace[]>;
  /** Prometheus text. */
  metrics(): Promise<string>;
  /** Decides nothing from here on, and answers when nothing is in flight: before a reset. */
  suspend(): Promise<null>;
  /** Decides again, on what is in Redis now. */
  resume(): Promise<null>;
}

/** What the switch asks of the platform, as JSON too. */
export interface PlatformDoor {
  /** Puts a message that waits to its program's endpoint, and resolves it; false: nobody can be asked. */
  answerQuestion(question: Question): Promise<boolean>;
}

export interface Question extends Place {
  /** Wall time. */
  readonly deadlineMs: number;
}

export interface SwitchState {
  readonly isStoreUsable: boolean;
  readonly ports: Readonly<Record<string, number>>;
  readonly sessions: readonly SessionInfo[];
  /** Requests without a decision. */
  readonly inFlight: number;
  readonly businessMs: number;
}

export const switchDoorNames = [
  "applySetting",
  "state",
  "messages",
  "traces",
  "metrics",
  "suspend",
  "resume",
] as const satisfies readonly (keyof SwitchDoor)[];

export interface Neighbours {
  /** False where the switch runs elsewhere, under nobody's eyes that we know. */
  readonly isExpected: boolean;
  /** null while it is not up. */
  switch(): SwitchDoor | null;
}
