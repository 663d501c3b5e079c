/** What is wrong with a frame that nobody can be told about; `offset` in bytes. */
export interface Malformation {
  readonly code: string;
  readonly path: string;
  readonly offset: number | null;
}

/** Without DE11 the sender could not find out which of its messages an answer belongs to. */
export const stanMissing: Malformation = { code: "stan_missing", path: "11", offset: null };
