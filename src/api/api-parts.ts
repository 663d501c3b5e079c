import type { IdCodec, Place } from "../kernel/ids.ts";
import type { Random } from "../kernel/random.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Log } from "../log.ts";
import type { RecordsQueries } from "../records/queries.ts";
import type { Reached } from "../records/reached.ts";
import type { Call, Upload } from "../resources/call.ts";
import type { FileContents } from "../resources/files/file-contents.ts";
import type { Program } from "../resources/program.ts";
import type { Route } from "../resources/route.ts";
import type { RenderParts } from "../resources/rendering.ts";
import type { RawParams } from "../resources/contract/read-params.ts";
import type { AnswerCache } from "./answer-cache.ts";
import type { FormLimits } from "./form.ts";
import type { KeyRing, PresentedKey } from "./key-ring.ts";

/** Limits of the API, by name. */
export interface ApiLimits extends FormLimits {
  readonly formBytesMax: number;
  readonly fileBytesMax: number;
  /** How long a read waits for the records. */
  readonly readWaitMs: number;
  /** How long the answer to a key is kept. */
  readonly idempotencyKeepMs: number;
  /** Of one key; null: as many as come. */
  readonly requestsPerSecondMax: number | null;
}

/** What is open now; after a reset it is another. */
export interface ApiBooks {
  readonly program: Program;
  readonly records: RecordsQueries;
  readonly ids: IdCodec;
  readonly authorizer: Call<unknown>["authorizer"];
  readonly cardSecrets: RenderParts["cardSecrets"];
  readonly undelivered: RenderParts["undelivered"];
  readonly platform: Place;
  readonly keys: KeyRing;
  /** Resolves true when the records hold what the shard's journal holds now. */
  readonly caughtUp: (shard: number, timeoutMs: number) => Promise<boolean>;
  readonly answers: AnswerCache;
  /** Last entry of a shard that the records hold. */
  readonly position: (shard: number) => number;
  /** An entry as soon as it was read from the journal, if all commits before it are recorded; else when it is recorded itself. */
  readonly reach: (shard: number, no: number, timeoutMs: number) => Promise<Reached>;
  readonly recorded: (shard: number, no: number, timeoutMs: number) => Promise<boolean>;
}

export interface ApiParts {
  readonly routes: readonly Route[];
  readonly renderers: RenderParts["renderers"];
  readonly books: () => ApiBooks;
  /** False while there are none: everything is answered with 503 then. */
  readonly isOpen: () => boolean;
  /** A secret of the data set, from which what names requests is derived. */
  readonly hashKey: Uint8Array;
  readonly limits: ApiLimits;
  readonly random: Random;
  readonly clock: Clock;
  readonly log: Pick<Log, "error">;
}

/** A request as it came, and by whom it was sent. */
export interface ApiRequest {
  readonly id: string;
  readonly key: PresentedKey;
  readonly path: Readonly<Record<string, string>>;
  readonly raw: RawParams;
  readonly upload: Upload | null;
  /** Headers; null: not sent. */
  readonly host: string | null;
  readonly idempotencyKey: string | null;
  readonly stripeAccount: string | null;
}

export interface ApiResponse {
  readonly status: number;
  /** Or its JSON, as it was told before, or what is no JSON. */
  readonly body: object | string | FileContents;
  readonly isReplayed: boolean;
  /** Whether the client should try again; null: it follows from the status. */
  readonly shouldRetry: boolean | null;
}
