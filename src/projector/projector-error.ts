export type ProjectorErrorCode = "journal_gap" | "entry_unreadable" | "entries_lost" | "records_failed";

/** Why the projector has stopped: going on would leave a hole in the records. `shard` and `no` name the place. */
export interface ProjectorError {
  readonly code: ProjectorErrorCode;
  readonly shard: number;
  readonly no: number;
  readonly message: string;
}

/** Thrown inside the worker to leave a transaction; its border turns it into a value. */
export class ProjectorStop extends Error {
  readonly error: ProjectorError;

  constructor(code: ProjectorErrorCode, place: { shard: number; no: number }, message: string) {
    super(message);
    this.error = { code, ...place, message };
  }
}

/** Redis did not answer: it is asked again. */
export class RedisAway extends Error {}
