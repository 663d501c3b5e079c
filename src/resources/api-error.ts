import { withoutPans } from "../kernel/pans-in-text.ts";

/** What a request can be answered with instead of an object: HTTP status and `error.type` of every `error.code`. */
export const apiErrors = {
  account_invalid: { status: 403, type: "invalid_request_error" },
  api_key_expired: { status: 401, type: "invalid_request_error" },
  api_key_invalid: { status: 401, type: "invalid_request_error", isUntold: true },
  api_key_missing: { status: 401, type: "invalid_request_error", isUntold: true },
  balance_insufficient: { status: 400, type: "invalid_request_error" },
  expand_invalid: { status: 400, type: "invalid_request_error", isUntold: true },
  idempotency_error: { status: 400, type: "idempotency_error" },
  idempotency_key_in_use: { status: 409, type: "idempotency_error" },
  insufficient_capabilities_for_transfer: { status: 400, type: "invalid_request_error" },
  invalid_state: { status: 400, type: "invalid_request_error" },
  lock_timeout: { status: 409, type: "invalid_request_error" },
  not_found: { status: 404, type: "invalid_request_error", isUntold: true },
  parameter_invalid: { status: 400, type: "invalid_request_error" },
  parameter_invalid_empty: { status: 400, type: "invalid_request_error" },
  parameter_invalid_integer: { status: 400, type: "invalid_request_error" },
  parameter_invalid_string_empty: { status: 400, type: "invalid_request_error" },
  parameter_missing: { status: 400, type: "invalid_request_error" },
  parameter_unknown: { status: 400, type: "invalid_request_error" },
  parameters_exclusive: { status: 400, type: "invalid_request_error" },
  permission_denied: { status: 403, type: "invalid_request_error", isUntold: true },
  platform_account_required: { status: 403, type: "invalid_request_error" },
  rate_limit: { status: 429, type: "invalid_request_error" },
  request_too_large: { status: 413, type: "invalid_request_error", isUntold: true },
  resource_missing: { status: 404, type: "invalid_request_error" },
  secret_key_required: { status: 401, type: "invalid_request_error" },
  unreadable_body: { status: 400, type: "invalid_request_error", isUntold: true },
  /** The store or the records did not answer; what was asked for may or may not have happened. */
  unavailable: { status: 503, type: "api_error", isUntold: true },
} as const satisfies Record<string, ApiErrorKind>;

export interface ApiErrorKind {
  readonly status: number;
  readonly type: string;
  /** The code is ours alone: the API tells such an error by its status and type. */
  readonly isUntold?: boolean;
}

export type ApiErrorCode = keyof typeof apiErrors;

/** Refuses a request. Thrown only in `api` and `resources`, and rendered in one place. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: ApiErrorCode;
  /** The parameter at fault, as it was written: `spending_controls[spending_limits][0][amount]`; null: none. */
  readonly param: string | null;

  constructor(code: ApiErrorCode, message: string, param: string | null = null) {
    super(withoutPans(message));
    this.code = code;
    this.param = param === null ? null : withoutPans(param);
  }
}

/** The same key came with other parameters. */
export function otherRequest(): ApiError {
  return new ApiError(
    "idempotency_error",
    "Keys for idempotent requests can only be used with the same parameters they were first used with.",
  );
}
