/** A Redis of this machine that is new enough. Paths are absolute. */
export interface RedisBinaries {
  readonly server: string;
  /** What LD_LIBRARY_PATH must be for it; null: nothing. */
  readonly libraryPath: string | null;
  /** null: the package with this tool is not installed. */
  readonly tools: {
    readonly cli: string | null;
    readonly benchmark: string | null;
    readonly checkAof: string | null;
  };
  /** "7.0.15" */
  readonly version: string;
  /** Where the server lies. */
  readonly folder: string;
  /** This very call has fetched it. */
  readonly isFetched: boolean;
}

/**
 * Throws an Error with `code` "redis_not_found" or "redis_too_old" and a message that names the remedy.
 * It looks at PATH, XDG_CACHE_HOME and HOME of `env`; REDIS_URL is the caller's affair.
 */
export function findRedis(options: {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly mayFetch: boolean;
}): Promise<RedisBinaries>;
