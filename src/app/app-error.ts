/** Why the switch does not start, or a command cannot be carried out. The message is one line for a person. */
export interface AppError {
  readonly code: AppErrorCode;
  readonly message: string;
}

export type AppErrorCode =
  | "bad_config"
  | "bad_data_set"
  | "wrong_data_set"
  | "data_differs"
  | "key_file"
  | "file_unusable"
  | "no_redis"
  | "redis_failed"
  | "records_unusable"
  | "port_in_use"
  | "link_failed"
  | "not_running"
  | "not_found"
  | "not_settled"
  | "seed_failed";

export function appError(code: AppErrorCode, message: string): { readonly ok: false; readonly error: AppError } {
  return { ok: false, error: { code, message } };
}
