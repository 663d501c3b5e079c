export type RecordsErrorCode = "records_unusable" | "records_too_new" | "wrong_data_set";

/** Why the records cannot be used. The message is one line for a person. */
export interface RecordsError {
  readonly code: RecordsErrorCode;
  readonly message: string;
}

export function recordsError(code: RecordsErrorCode, message: string): RecordsError {
  return { code, message };
}
