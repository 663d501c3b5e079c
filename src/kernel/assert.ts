export class AssertionError extends Error {
  override readonly name = "AssertionError";
}

/** Stays on in production: a broken assumption stops the process before it moves money wrongly. */
export function assert(claim: boolean, message: string): asserts claim {
  if (!claim) throw new AssertionError(message);
}

/** The value, or a stop where the program believed that there must be one. */
export function must<T>(value: T | null | undefined, message: string): T {
  if (value === null || value === undefined) throw new AssertionError(message);
  return value;
}
