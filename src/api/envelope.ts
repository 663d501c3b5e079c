import { ApiError, type ApiErrorKind, apiErrors } from "../resources/api-error.ts";
import { ProgramError } from "../resources/program.ts";
import type { ApiResponse } from "./api-parts.ts";

/** An error as the API tells it. */
export function errorResponse(error: ApiError, isReplayed: boolean): ApiResponse {
  const { isUntold, status, type }: ApiErrorKind = apiErrors[error.code];
  const body = {
    error: {
      ...(isUntold === true
        ? {}
        : { code: error.code, doc_url: `https://stripe.com/docs/error-codes/${docName(error)}` }),
      message: error.message,
      ...(error.param === null ? {} : { param: error.param }),
      type,
    },
  };
  return { status, body, isReplayed, shouldRetry: mayPass(status) ? true : null };
}

/** What is our fault and tells nothing. */
export const internalError: ApiResponse = {
  status: 500,
  body: {
    error: {
      message:
        "An unexpected error occurred. Whether the request had an effect shows when it is sent again with its idempotency key.",
      type: "api_error",
    },
  },
  isReplayed: false,
  shouldRetry: true,
};

/** The refusal that an error means; null where it is a fault of ours. */
export function refusalOf(error: unknown): ApiError | null {
  if (error instanceof ApiError) return error;
  if (!(error instanceof ProgramError)) return null;
  const code = codeOfProgramError[error.code];
  // What the store says of itself, and by which names it keeps an object, is no business of a client.
  if (code === "unavailable") return new ApiError(code, unavailableText);
  return new ApiError(code, code === "lock_timeout" ? lockedText : error.message);
}

/** Whether the same request may meet another fate later: then its answer is not kept. */
export function isPassing({ code }: ApiError): boolean {
  return mayPass(apiErrors[code].status);
}

export const unavailableText =
  "The store or the records did not answer in time. Send the request again with its idempotency key.";

const lockedText = "Another request is changing the same object at this moment. Send this one again in a moment.";

const codeOfProgramError = {
  no_such_object: "resource_missing",
  conflict: "lock_timeout",
  not_enough_funds: "balance_insufficient",
  pan_taken: "parameter_invalid",
  store_down: "unavailable",
  invalid: "parameter_invalid",
} as const satisfies Record<ProgramError["code"], ApiError["code"]>;

function mayPass(status: number): boolean {
  return status === 409 || status === 429 || status >= 500;
}

function docName({ code }: ApiError): string {
  return code.replaceAll("_", "-");
}
