import { retention } from "../../specs/limits.ts";
import type { Engine } from "../../src/app/engine.ts";
import type { ProgramAccess } from "../../src/app/program-access.ts";
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
import type { Authorizer } from "../../src/authorizer/authorizer.ts";
import { type CardView, pickCard } from "../../src/authorizer/card-view.ts";
import { clearPosting } from "../../src/authorizer/clearing.ts";
import { resolveAsked } from "../../src/authorizer/resolve.ts";
import { expireHold } from "../../src/authorizer/expiry.ts";
import { originalKeyOf } from "../../src/authorizer/identity.ts";
import { assert, must } from "../../src/kernel/assert.ts";
import { type Redis, createClient } from "../../src/store/client.ts";
import type { HotAddress } from "../../src/store/hot-connection.ts";
import { purge } from "../../src/store/purge.ts";
import type { ExpiryOpinion } from "../../simulators/model/answers.ts";
import type { ClearingMessage } from "../../simulators/model/clearing.ts";
import type { ExpiryOrder, SettlingOrder } from "../../simulators/model/model.ts";
import type { ProgramChange, Times } from "../model/operations.ts";
import type {
  AccountState,
  ClearingDecision,
  RequestDecision,
  SettlingDecision,
  StateQuery,
  Subject,
  SubjectState,
} from "../model/subject.ts";
import { type AskedMessages, answerOf } from "./asked-messages.ts";
import { clearingRequest, verdictOf } from "./clearing-request.ts";
import { MoneyState } from "./money-state.ts";
import { type NamedOriginal, NotedHolds } from "./noted-holds.ts";
import { RunProgram, setTimes } from "./run-program.ts";

export interface SubjectParts {
  readonly engine: Engine;
  readonly access: ProgramAccess;
  readonly address: HotAddress;
  /** What the engine asks. */
  readonly asked: AskedMessages;
  readonly audit: () => Promise<string | null>;
  readonly close: () => Promise<void>;
}

/** The authorizer on a real Redis, and the resources that write its program, by the names that a run gives them. */
export class AuthorizerSubject implements Subject {
  readonly #parts: SubjectParts;
  readonly #redis: Redis;
  readonly #state: MoneyState;
  readonly #program: RunProgram;
  readonly #holds = new NotedHolds();

  constructor(parts: SubjectParts) {
    this.#parts = parts;
    this.#redis = createClient({ address: parts.address });
    this.#program = new RunProgram(parts);
    this.#state = new MoneyState(this.#redis, parts.engine.keyspace);
  }

  async authorize(request: AuthorizationRequest): Promise<RequestDecision> {
    const own = { ...request, pan: this.#program.pan(request.pan) };
    const decision = await this.#answer<AuthorizationDecision>((authorizer, done) => authorizer.authorize(own, done));
    const waiting = this.#parts.asked.waitingOf(decision);
    const stored = waiting === null ? decision : { journalNo: waiting.message.no, isDuplicate: waiting.isDuplicate };
    if ("journalNo" in stored && !stored.isDuplicate) {
      this.#note(request, stored.journalNo, { function: "authorization", stan: request.stan });
    }
    return waiting === null ? decision : { outcome: "pending", isDuplicate: waiting.isDuplicate };
  }

  async advise(request: AdviceRequest): Promise<AdviceDecision> {
    const own = { ...request, pan: this.#program.pan(request.pan) };
    const decision = await this.#answer<AdviceDecision>((authorizer, done) => authorizer.advise(own, done));
    if (decision.outcome === "held" && !decision.isDuplicate) await this.#noteAdvised(request, decision.journalNo);
    return decision;
  }

  post(request: FinancialRequest): Promise<FinancialDecision> {
    const own = { ...request, pan: this.#program.pan(request.pan) };
    return this.#answer((authorizer, done) => authorizer.post(own, done));
  }

  reverse(request: ReversalRequest): Promise<ReversalDecision> {
    const own = { ...request, pan: this.#program.pan(request.pan) };
    return this.#answer((authorizer, done) => authorizer.reverse(own, done));
  }

  async clear(clearing: ClearingMessage): Promise<ClearingDecision> {
    const held = this.#program.card(clearing.card);
    const { committer, tables } = this.#parts.engine;
    const { clock } = setTimes(held.account, clearing).program;
    const noted = this.#holds.get(clearing.authorization?.key ?? "");
    const decision = await clearPosting({ committer, tables, clock }, clearingRequest(clearing, held, noted));
    switch (decision.outcome) {
      case "captured":
      case "force_posted":
      case "refunded":
        return { outcome: decision.outcome, amount: decision.amount, isDuplicate: decision.isDuplicate };
      case "conflict":
      case "nothing":
        return { outcome: decision.outcome };
      default:
        throw new Error(`a clearing that Redis has not answered: ${decision.cause}`);
    }
  }

  async settle(order: SettlingOrder): Promise<SettlingDecision> {
    const noted = this.#holds.get(order.messageKey);
    if (noted === undefined) return { outcome: "stale" };
    const { account, chain } = this.#program.card(order.chain);
    const { committer, tables } = this.#parts.engine;
    const { clock } = setTimes(account, order).program;
    const { holdNo: no, holdKey: messageKey, card, cardholder, mcc } = noted;
    const place = { shard: chain.shard, account: account.place.no, chain: chain.no, currency: account.currency.number };
    const message = { ...place, no, messageKey, card, cardholder, mcc };
    const resolved = await resolveAsked({ committer, tables, clock }, message, verdictOf(order.verdict));
    if (!("decision" in resolved)) {
      assert(resolved.outcome === "forgotten", "an answer that Redis has not taken");
      return { outcome: "stale" };
    }
    return { outcome: resolved.outcome, answer: must(answerOf(resolved.decision), "an answer for repeats") };
  }

  async expire(order: ExpiryOrder): Promise<ExpiryOpinion> {
    const made = this.#holds.get(order.holdKey);
    if (made === undefined) return "stale";
    const { account, chain } = this.#program.card(order.chain);
    const { committer, tables } = this.#parts.engine;
    const clock = setTimes(account, order).program.clock;
    const outcome = await expireHold(
      { committer, tables, clock },
      {
        shard: chain.shard,
        account: account.place.no,
        chain: chain.no,
        ...made,
        currency: account.currency.number,
        asFuel: order.asFuel,
      },
    );
    assert(outcome !== "failed", "an expiry that Redis has not answered");
    return outcome === "other" ? "stale" : outcome;
  }

  async purge(card: string, { wallNowMs }: Times): Promise<void> {
    const { shard, no } = this.#program.card(card).chain;
    const seconds = {
      holdlessS: retention.messageWithoutHoldMs / 1000,
      terminalS: retention.holdAfterTerminalMs / 1000,
      tombstoneS: retention.tombstoneMs / 1000,
    };
    for (let forgotten = 1; forgotten > 0; ) {
      const purged = await purge(this.#parts.engine.committer, { shard, chain: no }, seconds, wallNowMs);
      assert(purged !== null, "a purge that Redis has not answered");
      forgotten = purged.forgotten;
    }
  }

  change(change: ProgramChange, times: Times): Promise<void> {
    return this.#program.change(change, times);
  }

  async readState(query: StateQuery): Promise<SubjectState> {
    const accounts = new Map<string, AccountState>();
    for (const name of query.accounts) {
      const { place, currency } = this.#program.account(name);
      accounts.set(name, await this.#state.account(place, currency.number));
    }
    const openHolds = new Map<string, bigint[]>();
    const reserved = new Map<string, bigint[]>();
    for (const chain of query.chains) {
      const kept = await this.#state.kept(this.#program.card(chain).chain);
      openHolds.set(chain, kept.open);
      reserved.set(chain, kept.reserved);
    }
    const read = await Promise.all(query.counters.map((counter) => this.#counter(counter)));
    return { accounts, openHolds, reserved, counters: read.flat() };
  }

  audit(): Promise<string | null> {
    return this.#parts.audit();
  }

  async close(): Promise<void> {
    this.#redis.disconnect();
    await this.#parts.close();
  }

  async #counter(counter: StateQuery["counters"][number]): Promise<SubjectState["counters"]> {
    const { owner, interval, categories } = counter;
    const isChains = owner.kind === "chain";
    const { account, no } = isChains
      ? { account: this.#program.card(owner.id).account, no: 0 }
      : this.#program.cardholder(owner.id);
    const chain = isChains ? this.#program.card(owner.id).chain : account.place;
    const kept = await this.#state.counter({ chain, account: account.place, cardholder: no, interval, categories });
    return kept === null ? [] : [{ ...counter, ...kept }];
  }

  #answer<D>(ask: (authorizer: Authorizer, done: (decision: D) => void) => void): Promise<D> {
    const { authorizer } = this.#parts.engine;
    return new Promise((resolve) => {
      ask(authorizer, resolve);
      authorizer.flush();
    });
  }

  /** The hold of an advice lies under the key of the 0100, or beside our decline of that under the advice's own. */
  async #noteAdvised(request: AdviceRequest, journalNo: number): Promise<void> {
    const stood = { function: "authorization", stan: request.originalStan ?? request.stan } as const;
    const own = { function: "advice", stan: request.stan } as const;
    const { chain, panIndex, shard } = must(this.#viewOf(request), "what is held is held of a card");
    const isThere = await this.#state.isHoldOf(
      { shard, no: chain },
      originalKeyOf(request, panIndex, stood),
      journalNo,
    );
    this.#note(request, journalNo, isThere ? stood : own);
  }

  #note(request: AuthorizationRequest | AdviceRequest, journalNo: number, original: NamedOriginal): void {
    const view = this.#viewOf(request);
    if (view !== undefined) this.#holds.note({ request, journalNo, original }, view);
  }

  #viewOf({ expiry, pan }: AuthorizationRequest | AdviceRequest): CardView | undefined {
    return pickCard(this.#parts.engine.views.get(this.#program.pan(pan)) ?? [], expiry);
  }
}
