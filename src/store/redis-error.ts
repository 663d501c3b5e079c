export type RedisErrorCode =
  | "redis_failed"
  | "redis_too_old"
  | "redis_unreachable"
  | "redis_unsuitable"
  | "socket_path_too_long"
  | "data_dir_locked"
  | "data_dir_unusable"
  | "aof_damaged";

/** Why there is no Redis to work with. The message is one line for a person and names no secret. */
export interface RedisError {
  readonly code: RedisErrorCode;
  readonly message: string;
}

export function redisError(code: RedisErrorCode, message: string): RedisError {
  return { code, message };
}
