/** What a command says to the shell. */
export const exitCodes = { ok: 0, failed: 1, usage: 2, environment: 3 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Whether a child process ended with one of our codes, and not by a signal or a crash. */
export function isExitCode(code: number | null): code is ExitCode {
  return code !== null && Object.values(exitCodes).some((known) => known === code);
}
