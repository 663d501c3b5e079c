/** Who runs under npm looks so often whether npm is still there. */
const parentEveryMs = 500;
/** Ctrl-C at a terminal comes twice under npm: to the whole group, and once more handed on by npm. */
const handedOnMs = 500;

/**
 * Resolves at the first SIGTERM or SIGINT; a second one ends the process at once. Under npm the end of whoever runs the
 * script counts as a SIGTERM: a shell hands none on, and what is killed otherwise cannot.
 */
export function stopSignal(): Promise<NodeJS.Signals> {
  const isUnderNpm = isForeground(process.env);
  return new Promise((resolve) => {
    let isStopping = false;
    let isSame = false;
    const stop = (signal: NodeJS.Signals): void => {
      isStopping = true;
      isSame = isUnderNpm;
      setTimeout(() => (isSame = false), handedOnMs).unref();
      resolve(signal);
    };
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      process.on(signal, () => {
        if (!isStopping) stop(signal);
        else if (!isSame) process.exit(130);
      });
    }
    if (isUnderNpm) {
      whenOrphaned(() => {
        if (!isStopping) stop("SIGTERM");
      });
    }
  });
}

/** A script of npm that is waited for. What it puts into the background outlives it on purpose. */
export function isForeground(env: Readonly<NodeJS.ProcessEnv>): boolean {
  const { npm_lifecycle_event: event, npm_lifecycle_script: script = "" } = env;
  return event !== undefined && !/(?:^|[^&>])&(?:$|[^&>])/.test(script);
}

function whenOrphaned(then: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    then();
  }, parentEveryMs);
  timer.unref();
}
