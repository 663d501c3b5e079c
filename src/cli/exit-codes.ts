/** What a command says to the shell. */
export const exitCodes = { ok: 0, failed: 1, usage: 2, environment: 3 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** A setting that cannot be is wrong usage; what keeps a right one from working is the environment. */
export function exitCodeOf({ code }: { readonly code: string }): ExitCode {
  return code === "bad_config" ? exitCodes.usage : exitCodes.environment;
}

/** Whether a child process ended with one of our codes, and not by a signal or a crash. */
export function isExitCode(code: number | null): code is ExitCode {
  return code !== null && Object.values(exitCodes).some((known) => known === code);
}
