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
import { pickCard } from "../../src/authorizer/card-view.ts";
import { expireHold } from "../../src/authorizer/expiry.ts";
import { assert } from "../../src/kernel/assert.ts";
import { type Redis, createClient } from "../../src/store/client.ts";
import type { HotAddress } from "../../src/store/hot-connection.ts";
import { purge } from "../../src/store/purge.ts";
import type { ExpiryOpinion } from "../../simulators/model/answers.ts";
import type { ExpiryOrder } from "../../simulators/model/model.ts";
import type { ProgramChange, Times } from "../model/operations.ts";
import type { AccountState, StateQuery, Subject, SubjectState } from "../model/subject.ts";
import { MoneyState } from "./money-state.ts";
import { type NamedOriginal, NotedHolds } from "./noted-holds.ts";
import { RunProgram, setTimes } from "./run-program.ts";

export interface SubjectParts {
  readonly engine: Engine;
  readonly access: ProgramAccess;
  readonly address: HotAddress;
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

  async authorize(request: AuthorizationRequest): Promise<AuthorizationDecision> {
    const own = { ...request, pan: this.#program.pan(request.pan) };
    const decision = await this.#answer<AuthorizationDecision>((authorizer, done) => authorizer.authorize(own, done));
    if ((decision.outcome === "approved" || decision.outcome === "partial") && !decision.isDuplicate) {
      this.#note(request, decision.journalNo, { function: "authorization", stan: request.stan });
    }
    return decision;
  }

  async advise(request: AdviceRequest): Promise<AdviceDecision> {
    const own = { ...request, pan: this.#program.pan(request.pan) };
    const decision = await this.#answer<AdviceDecision>((authorizer, done) => authorizer.advise(own, done));
    if (decision.outcome === "held" && !decision.isDuplicate) {
      // The hold lies under the key of the 0100, or beside our decline of it under the advice's own.
      this.#note(request, decision.journalNo, {
        function: "authorization",
        stan: request.originalStan ?? request.stan,
      });
      this.#note(request, decision.journalNo, { function: "advice", stan: request.stan });
    }
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
    for (const chain of query.chains)
      openHolds.set(chain, await this.#state.openHolds(this.#program.card(chain).chain));
    const read = await Promise.all(query.counters.map((counter) => this.#counter(counter)));
    return { accounts, openHolds, counters: read.flat() };
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

  #note(request: AuthorizationRequest | AdviceRequest, journalNo: number, original: NamedOriginal): void {
    const view = pickCard(this.#parts.engine.views.get(this.#program.pan(request.pan)) ?? [], request.expiry);
    if (view !== undefined) this.#holds.note({ request, journalNo, original }, view);
  }
}
