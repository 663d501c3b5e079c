import type { Clock } from "../kernel/clock.ts";
import type { Random } from "../kernel/random.ts";
import type { AuthorizationDecision, ReversalDecision } from "./decision.ts";
import type { AuthorizationRequest, ReversalRequest } from "./request.ts";
import type { DoubtfulMessages } from "./doubtful.ts";
import type { CardViews } from "./card-views.ts";
import type { MerchantDictionary } from "./merchant-dictionary.ts";
import type { ProgramTables } from "./program-tables.ts";
import type { HotClient } from "../store/hot-client.ts";
import type { Keyspace } from "../store/keys.ts";
import { Authorization } from "./authorize.ts";
import { Reversal } from "./reversal.ts";

/** What both doors call. `done` is called once: later, or at once where the store cannot be asked. */
export interface Authorizer {
  authorize(request: AuthorizationRequest, done: (decision: AuthorizationDecision) => void): void;
  reverse(request: ReversalRequest, done: (decision: ReversalDecision) => void): void;
  /** Sends what was asked since the last flush: once for each chunk that came in. */
  flush(): void;
}

export interface AuthorizerParts {
  readonly hot: HotClient;
  readonly keyspace: Keyspace;
  readonly views: CardViews;
  readonly tables: ProgramTables;
  readonly merchants: MerchantDictionary;
  readonly doubtful: DoubtfulMessages;
  readonly random: Random;
  readonly clock: Clock;
  /** How long a reversal waits for the store before its outcome counts as unknown. */
  readonly reversalTimeoutMs: number;
  /** Wall milliseconds for which an exception's idempotency is kept. */
  readonly exceptionKeepMs: number;
}

export function createAuthorizer(parts: AuthorizerParts): Authorizer {
  return {
    authorize: (request, done) => new Authorization(parts, request, done).start(),
    reverse: (request, done) => new Reversal(parts, request, done).start(),
    flush: () => parts.hot.flush(),
  };
}
