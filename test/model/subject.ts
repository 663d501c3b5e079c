import type {
  AdviceDecision,
  AuthorizationDecision,
  FinancialDecision,
  ReversalDecision,
} from "../../src/authorizer/decision.ts";
import type {
  AdviceRequest,
  AuthorizationRequest,
  FinancialRequest,
  ReversalRequest,
} from "../../src/authorizer/request.ts";
import type { AuthorizationAnswer, ClearingAnswer, ExpiryOpinion } from "../../simulators/model/answers.ts";
import type { CounterState } from "../../simulators/model/model-state.ts";
import type { ExpiryOrder, SettlingOrder } from "../../simulators/model/model.ts";
import type { ClearingMessage } from "../../simulators/model/clearing.ts";
import type { ProgramChange, Times } from "./operations.ts";

/** It waits for its endpoint, and nobody is answered before that. */
export interface PendingDecision {
  readonly outcome: "pending";
  readonly isDuplicate: boolean;
}
export type RequestDecision = AuthorizationDecision | PendingDecision;
export type ClearingDecision =
  | (ClearingAnswer & { readonly isDuplicate: boolean })
  | { readonly outcome: "conflict" }
  | { readonly outcome: "nothing" };
export type SettlingDecision =
  | { readonly outcome: "done" | "already"; readonly answer: AuthorizationAnswer }
  | { readonly outcome: "stale" };

/**
 * What is compared with the model: the real authorizer on a real store, in a fresh data set. It is called with one
 * operation of an account at a time; accounts run side by side.
 */
export interface Subject {
  change(change: ProgramChange, times: Times): Promise<void>;
  authorize(request: AuthorizationRequest): Promise<RequestDecision>;
  advise(request: AdviceRequest): Promise<AdviceDecision>;
  post(request: FinancialRequest): Promise<FinancialDecision>;
  reverse(request: ReversalRequest): Promise<ReversalDecision>;
  clear(clearing: ClearingMessage): Promise<ClearingDecision>;
  settle(order: SettlingOrder): Promise<SettlingDecision>;
  expire(order: ExpiryOrder): Promise<ExpiryOpinion>;
  /** Forgets everything in the chain of a card that has expired at that wall time. */
  purge(card: string, times: Times): Promise<void>;
  /** Called while no operation is under way. */
  readState(query: StateQuery): Promise<SubjectState>;
  /** Once, at the end: what the subject's own books find wrong in it; null: nothing. */
  audit(): Promise<string | null>;
  close(): Promise<void>;
}

/** Accounts, chains (by their first card) and the counters that the limits in force ask for. */
export interface StateQuery {
  readonly accounts: readonly string[];
  readonly chains: readonly string[];
  readonly counters: readonly Omit<CounterState, "windowStartMs" | "spent">[];
}

/** Amounts are minor units of the account's currency. */
export interface AccountState {
  readonly available: bigint;
  readonly held: bigint;
  /** The latest business time that anything on the account was decided at, in milliseconds. */
  readonly lastBusinessMs: number;
}

export interface SubjectState {
  readonly accounts: ReadonlyMap<string, AccountState>;
  /** What remains of each open hold of a chain, in any order; a chain without open holds may be left out. */
  readonly openHolds: ReadonlyMap<string, readonly bigint[]>;
  /** What is reserved for each message of a chain that waits, an increment's aside, in any order. */
  readonly reserved: ReadonlyMap<string, readonly bigint[]>;
  /** Counters that are kept, with the window that they stand in; counters at zero may be left out. */
  readonly counters: readonly CounterState[];
}

/**
 * A fresh data set for each run. `sources` replaces the text of the store's Lua files, by file name: mutants.
 * Null where the library cannot be loaded.
 */
export type SubjectFactory = (sources: ReadonlyMap<string, string> | null) => Promise<Subject | null>;
