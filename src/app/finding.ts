/** One thing that was looked at, and what a person can do about it. */
export interface Finding {
  readonly check: string;
  readonly state: "ok" | "warn" | "fail";
  readonly text: string;
  /** null where nothing has to be done. */
  readonly advice: string | null;
  /** Whether the machine around the data set is meant, and not the data set. */
  readonly isEnvironment: boolean;
}

export function sound(check: string, text: string): Finding {
  return { check, state: "ok", text, advice: null, isEnvironment: true };
}

export function broken(check: string, text: string, advice: string): Finding {
  return { check, state: "fail", text, advice, isEnvironment: true };
}
