import { countries } from "../../specs/countries.ts";
import { currencies } from "../../specs/currencies.ts";
import { retention } from "../../specs/limits.ts";
import type { Engine } from "../../src/app/engine.ts";
import type { ProgramAccess } from "../../src/app/program-access.ts";
import type { AuthorizationDecision, ReversalDecision } from "../../src/authorizer/decision.ts";
import type { AuthorizationRequest, ReversalRequest } from "../../src/authorizer/request.ts";
import { assert, must } from "../../src/kernel/assert.ts";
import type { Place } from "../../src/kernel/ids.ts";
import { type Pan, wirePan } from "../../src/kernel/pan.ts";
import type { SpendingControls as ApiControls } from "../../src/ledger/limits.ts";
import { createAccount, setAccountEnabled } from "../../src/resources/accounts/accounts.ts";
import { topUp } from "../../src/resources/balances/topups.ts";
import { createCardholder, plainCardholder, updateCardholder } from "../../src/resources/issuing/cardholders.ts";
import { activateReplacement, createCard, replaceCard, updateCard } from "../../src/resources/issuing/cards.ts";
import type { Program } from "../../src/resources/program.ts";
import { type Redis, createClient } from "../../src/store/client.ts";
import type { HotAddress } from "../../src/store/hot-connection.ts";
import { purge } from "../../src/store/purge.ts";
import type { NewCard, SpendingControls } from "../../simulators/model/program.ts";
import type { ProgramChange, Times } from "../model/operations.ts";
import type { AccountState, StateQuery, Subject, SubjectState } from "../model/subject.ts";
import { MoneyState } from "./money-state.ts";

interface HeldAccount {
  readonly place: Place;
  readonly currency: { readonly code: string; readonly number: number };
  readonly times: { wallNowMs: number; businessNowMs: number };
  readonly program: Program;
}

interface HeldCard {
  readonly place: Place;
  readonly chain: Place;
  readonly account: HeldAccount;
}

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
  readonly #accounts = new Map<string, HeldAccount>();
  readonly #cardholders = new Map<string, { readonly no: number; readonly account: HeldAccount }>();
  readonly #cards = new Map<string, HeldCard>();
  /** PANs are made by the program: a run's own ones stand for them. */
  readonly #pans = new Map<string, Pan>();

  constructor(parts: SubjectParts) {
    this.#parts = parts;
    this.#redis = createClient({ address: parts.address });
    this.#state = new MoneyState(this.#redis, parts.engine.keyspace);
  }

  authorize(request: AuthorizationRequest): Promise<AuthorizationDecision> {
    const { authorizer } = this.#parts.engine;
    return new Promise((resolve) => {
      authorizer.authorize({ ...request, pan: this.#pan(request.pan) }, resolve);
      authorizer.flush();
    });
  }

  reverse(request: ReversalRequest): Promise<ReversalDecision> {
    const { authorizer } = this.#parts.engine;
    return new Promise((resolve) => {
      authorizer.reverse({ ...request, pan: this.#pan(request.pan) }, resolve);
      authorizer.flush();
    });
  }

  async purge(card: string, { wallNowMs }: Times): Promise<void> {
    const { shard, no } = this.#card(card).chain;
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

  async change(change: ProgramChange, times: Times): Promise<void> {
    switch (change.kind) {
      case "add_account":
        return this.#addAccount(change.account.account, change.account.currency, times);
      case "fund": {
        const { program, place, currency } = this.#account(change.account, times);
        await topUp(program, place, { amount: change.amount, currency });
        return;
      }
      case "enable_account": {
        const { program, place } = this.#account(change.account, times);
        return setAccountEnabled(program, place, change.isEnabled);
      }
      case "add_cardholder": {
        const account = this.#account(change.cardholder.account, times);
        const place = await createCardholder(account.program, account.place, plainCardholder("Ada Test", "US"));
        this.#cardholders.set(change.cardholder.cardholder, { no: place.no, account });
        return;
      }
      case "cardholder_status":
        return this.#updateCardholder(change.cardholder, times, { status: change.status });
      case "cardholder_verification": {
        const requirements = { disabled_reason: null, past_due: change.isVerificationDue ? ["individual.dob"] : [] };
        return this.#updateCardholder(change.cardholder, times, { requirements });
      }
      case "cardholder_controls":
        return this.#updateCardholder(change.cardholder, times, { spending_controls: apiControls(change.controls) });
      case "add_card":
        return this.#addCard(change.card, times);
      case "card_status": {
        const { program, place } = this.#cardAt(change.card, times);
        return updateCard(program, place, { status: change.status });
      }
      case "activate_replacement": {
        const { program, place } = this.#cardAt(change.card, times);
        return activateReplacement(program, place);
      }
      case "card_controls": {
        const { program, place } = this.#cardAt(change.card, times);
        return updateCard(program, place, { spending_controls: apiControls(change.controls) });
      }
    }
  }

  async readState(query: StateQuery): Promise<SubjectState> {
    const accounts = new Map<string, AccountState>();
    for (const name of query.accounts) {
      const { place, currency } = must(this.#accounts.get(name), "an account of the run");
      accounts.set(name, await this.#state.account(place, currency.number));
    }
    const openHolds = new Map<string, bigint[]>();
    for (const chain of query.chains) openHolds.set(chain, await this.#state.openHolds(this.#card(chain).chain));
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
    const cardholder = this.#cardholders.get(owner.id);
    const account = owner.kind === "chain" ? this.#card(owner.id).account : must(cardholder, "a cardholder").account;
    const chain = owner.kind === "chain" ? this.#card(owner.id).chain : account.place;
    const no = owner.kind === "chain" ? 0 : (cardholder?.no ?? 0);
    const kept = await this.#state.counter({ chain, account: account.place, cardholder: no, interval, categories });
    return kept === null ? [] : [{ ...counter, ...kept }];
  }

  async #addAccount(name: string, currency: number, times: Times): Promise<void> {
    const { code } = must(
      currencies.find((candidate) => candidate.number === currency),
      "a currency of the table",
    );
    // Accounts run side by side, each at its own time: so each has a clock of its own.
    const held = { wallNowMs: times.wallNowMs, businessNowMs: times.businessNowMs };
    const clock = {
      wallNow: () => held.wallNowMs,
      businessNow: () => held.businessNowMs,
      monotonicNow: () => performance.now(),
    };
    const program = { ...this.#parts.access.program, clock };
    const shard = this.#accounts.size % this.#parts.engine.keyspace.shardCount;
    this.#accounts.set(name, {
      place: await createAccount(program, shard, { businessName: name, country: "US", currency: code }),
      currency: { code, number: currency },
      times: held,
      program,
    });
  }

  async #updateCardholder(name: string, times: Times, change: Parameters<typeof updateCardholder>[3]): Promise<void> {
    const { no, account } = must(this.#cardholders.get(name), "a cardholder of the run");
    setTimes(account, times);
    await updateCardholder(account.program, account.place, no, change);
  }

  async #addCard(card: NewCard, times: Times): Promise<void> {
    const { no, account } = must(this.#cardholders.get(card.cardholder), "a cardholder of the run");
    setTimes(account, times);
    const expYear = 2000 + Number(card.expiry.slice(0, 2));
    const expiry = { expMonth: Number(card.expiry.slice(2)), expYear };
    assert(card.status !== "canceled", "nobody makes a canceled card");
    if (card.replacement !== null) {
      const { reason, of } = card.replacement;
      const original = this.#card(of);
      const made = await replaceCard(account.program, original.place, { reason, ...expiry, status: card.status });
      this.#pans.set(card.pan, made.pan);
      this.#cards.set(card.card, { place: made.place, chain: original.chain, account });
      return;
    }
    const made = await createCard(account.program, account.place, {
      cardholder: no,
      currency: account.currency,
      network: card.pan.startsWith("4") ? "visa" : "mastercard",
      type: "virtual",
      status: card.status,
      cancellationReason: null,
      ...expiry,
      program: card.program,
      controls: apiControls(card.controls),
      pan: null,
    });
    this.#pans.set(card.pan, made.pan);
    this.#cards.set(card.card, { place: made.place, chain: made.place, account });
  }

  #account(name: string, times: Times): HeldAccount {
    return setTimes(must(this.#accounts.get(name), "an account of the run"), times);
  }

  #card(name: string): HeldCard {
    return must(this.#cards.get(name), "a card of the run");
  }

  #cardAt(name: string, times: Times): { readonly program: Program; readonly place: Place } {
    const { place, account } = this.#card(name);
    return { place, program: setTimes(account, times).program };
  }

  #pan(pan: string): Pan {
    return this.#pans.get(pan) ?? wirePan(pan);
  }
}

function setTimes(account: HeldAccount, times: Times): HeldAccount {
  account.times.wallNowMs = times.wallNowMs;
  account.times.businessNowMs = times.businessNowMs;
  return account;
}

function apiControls(controls: SpendingControls): ApiControls {
  return {
    allowed_categories: listed(controls.allowedCategories),
    blocked_categories: listed(controls.blockedCategories),
    allowed_merchant_countries: listed(controls.allowedCountries.map(alpha2)),
    blocked_merchant_countries: listed(controls.blockedCountries.map(alpha2)),
    allowed_card_presences: listed(controls.allowedPresences.map(presence)),
    blocked_card_presences: listed(controls.blockedPresences.map(presence)),
    spending_limits: listed(
      controls.limits.map(({ amount, interval, categories }) => {
        return { amount: Number(amount), interval, categories: listed(categories) };
      }),
    ),
  };
}

function alpha2(number: number): string {
  return must(
    countries.find((country) => country.number === number),
    "a country of the table",
  ).alpha2;
}

function presence(text: string): "present" | "not_present" {
  return text === "present" ? "present" : "not_present";
}

function listed<T>(items: readonly T[]): readonly T[] | null {
  return items.length === 0 ? null : items;
}
