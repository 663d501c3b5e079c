export type StartErrorCode = "wrong_data_set" | "entries_lost" | "journal_gap" | "entry_unreadable" | "account_differs";

/** Why the data set must not be served as it is. The message is one line for a person. */
export interface StartError {
  readonly code: StartErrorCode;
  readonly message: string;
}

export function startError(code: StartErrorCode, message: string): StartError {
  return { code, message };
}
