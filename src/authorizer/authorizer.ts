import type { Clock } from "../kernel/clock.ts";
import type { Random } from "../kernel/random.ts";
import type {
  AdviceDecision,
  AuthorizationDecision,
  ClearingDecision,
  FinancialDecision,
  ReversalDecision,
} from "./decision.ts";
import type { AdviceRequest, AuthorizationRequest, FinancialRequest, ReversalRequest } from "./request.ts";
import type { DoubtfulMessages } from "./doubtful.ts";
import type { CardViews } from "./card-views.ts";
import type { MerchantDictionary } from "./merchant-dictionary.ts";
import type { ProgramTables } from "./program-tables.ts";
import type { HotClient } from "../store/hot-client.ts";
import type { Keyspace } from "../store/keys.ts";
import type { Committer } from "../store/commit.ts";
import { type AskPlatform } from "./ask-platform.ts";
import type { DueHold } from "../store/expire.ts";
import type { AskedMessage } from "../store/resolve.ts";
import { type ClearingRequest, clearPosting } from "./clearing.ts";
import { type ExpiryOutcome, expireHold } from "./expiry.ts";
import { type AskAnswer, type AskResolved, resolveAsked } from "./resolve.ts";
import { Advice } from "./advice.ts";
import { Authorization } from "./authorize.ts";
import { Financial } from "./financial.ts";
import { FinancialAdvice } from "./financial-advice.ts";
import { Reversal } from "./reversal.ts";
import { Told } from "./told.ts";
import type { Verifier } from "./verification.ts";

/** What messages are put to. `done` is called once: later, or at once where the store cannot be asked. */
export interface MessageAuthorizer {
  authorize(request: AuthorizationRequest, done: (decision: AuthorizationDecision) => void): void;
  /** A 0120: never refused, and `done` only once it is committed. */
  advise(request: AdviceRequest, done: (decision: AdviceDecision) => void): void;
  /** A 0200, which is decided, or a 0220, which is never refused. */
  post(request: FinancialRequest, done: (decision: FinancialDecision) => void): void;
  reverse(request: ReversalRequest, done: (decision: ReversalDecision) => void): void;
  /** Sends what was asked since the last flush: once for each chunk that came in. */
  flush(): void;
}

/** What both doors call. */
export interface Authorizer extends MessageAuthorizer {
  /** Posts what is presented for clearing; safe to repeat. */
  clear(request: ClearingRequest): Promise<ClearingDecision>;
  /** Ends the waiting of an asked message with an answer of the program's; safe to repeat. */
  resolve(message: AskedMessage, answer: AskAnswer): Promise<AskResolved>;
  /** Ends an open hold, whatever its time is; safe to repeat. */
  expire(hold: DueHold): Promise<ExpiryOutcome>;
}

export interface AuthorizerParts {
  readonly hot: HotClient;
  readonly keyspace: Keyspace;
  readonly views: CardViews;
  readonly tables: ProgramTables;
  readonly merchants: MerchantDictionary;
  readonly doubtful: DoubtfulMessages;
  readonly random: Random;
  readonly verifier: Verifier;
  readonly clock: Clock;
  /** How long an advice or a reversal waits for the store before its outcome counts as unknown. */
  readonly reversalTimeoutMs: number;
  /** Wall milliseconds for which an exception's idempotency is kept. */
  readonly exceptionKeepMs: number;
  /** For what is asked of the program's endpoint, or is done to its answers. */
  readonly committer: Committer;
  readonly ask: AskPlatform;
}

export function createAuthorizer(parts: AuthorizerParts): Authorizer {
  return {
    authorize: (request, done) => new Authorization(parts, request, done).start(),
    advise: (request, done) => new Told(parts, new Advice(parts, request), done).start(),
    post: (request, done) => {
      if (request.isAdvice) new Told(parts, new FinancialAdvice(parts, request), done).start();
      else new Financial(parts, request, done).start();
    },
    reverse: (request, done) => new Told(parts, new Reversal(parts, request), done).start(),
    clear: (request) => clearPosting(parts, request),
    resolve: (message, answer) => resolveAsked(parts, message, answer),
    expire: (hold) => expireHold(parts, hold),
    flush: () => parts.hot.flush(),
  };
}
