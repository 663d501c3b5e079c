import { currencies } from "../../specs/currencies.ts";
import type { Engine } from "../../src/app/engine.ts";
import type { ProgramAccess } from "../../src/app/program-access.ts";
import { assert, must } from "../../src/kernel/assert.ts";
import type { Place } from "../../src/kernel/ids.ts";
import { type Pan, wirePan } from "../../src/kernel/pan.ts";
import {
  createAccount,
  setAccountEnabled,
  setAsking,
  setPartialApprovals,
} from "../../src/resources/accounts/accounts.ts";
import { topUp } from "../../src/resources/balances/topups.ts";
import { createCardholder, plainCardholder, updateCardholder } from "../../src/resources/issuing/cardholders.ts";
import { activateReplacement, createCard, replaceCard, updateCard } from "../../src/resources/issuing/cards.ts";
import type { Program } from "../../src/resources/program.ts";
import type { NewAccount, NewCard } from "../../simulators/model/program.ts";
import type { ProgramChange, Times } from "../model/operations.ts";
import { apiControls } from "./api-controls.ts";

export interface HeldAccount {
  readonly place: Place;
  readonly currency: { readonly code: string; readonly number: number };
  readonly times: { wallNowMs: number; businessNowMs: number };
  readonly program: Program;
}

export interface HeldCard {
  readonly place: Place;
  readonly chain: Place;
  readonly account: HeldAccount;
  readonly cardholder: number;
}

interface HeldCardholder {
  readonly no: number;
  readonly account: HeldAccount;
}

/** Accounts, cardholders and cards that the resources have made for a run, by the names that the run gives them. */
export class RunProgram {
  readonly #parts: { readonly engine: Engine; readonly access: ProgramAccess };
  readonly #accounts = new Map<string, HeldAccount>();
  readonly #cardholders = new Map<string, HeldCardholder>();
  readonly #cards = new Map<string, HeldCard>();
  /** PANs are made by the program: a run's own ones stand for them. */
  readonly #pans = new Map<string, Pan>();

  constructor(parts: { readonly engine: Engine; readonly access: ProgramAccess }) {
    this.#parts = parts;
  }

  async change(change: ProgramChange, times: Times): Promise<void> {
    switch (change.kind) {
      case "add_account":
        return this.#addAccount(change.account, times);
      case "fund": {
        const { program, place, currency } = this.#account(change.account, times);
        await topUp(program, place, { amount: change.amount, currency });
        return;
      }
      case "enable_account": {
        const { program, place } = this.#account(change.account, times);
        return setAccountEnabled(program, place, change.isEnabled);
      }
      case "partial_approvals": {
        const { program, place } = this.#account(change.account, times);
        return setPartialApprovals(program, place, change.allowsPartial);
      }
      case "asks_endpoint": {
        const { program, place } = this.#account(change.account, times);
        return setAsking(program, place, { asksPlatform: change.asksEndpoint, approvesByDefault: false });
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

  account(name: string): HeldAccount {
    return must(this.#accounts.get(name), "an account of the run");
  }

  cardholder(name: string): HeldCardholder {
    return must(this.#cardholders.get(name), "a cardholder of the run");
  }

  card(name: string): HeldCard {
    return must(this.#cards.get(name), "a card of the run");
  }

  pan(pan: string): Pan {
    return this.#pans.get(pan) ?? wirePan(pan);
  }

  async #addAccount({ account: name, currency, allowsPartial }: NewAccount, times: Times): Promise<void> {
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
      place: await createAccount(program, shard, {
        businessName: name,
        country: "US",
        currency: code,
        partialApprovals: allowsPartial,
      }),
      currency: { code, number: currency },
      times: held,
      program,
    });
  }

  async #updateCardholder(name: string, times: Times, change: Parameters<typeof updateCardholder>[3]): Promise<void> {
    const { no, account } = this.cardholder(name);
    setTimes(account, times);
    await updateCardholder(account.program, account.place, no, change);
  }

  async #addCard(card: NewCard, times: Times): Promise<void> {
    const { no, account } = this.cardholder(card.cardholder);
    setTimes(account, times);
    const expYear = 2000 + Number(card.expiry.slice(0, 2));
    const expiry = { expMonth: Number(card.expiry.slice(2)), expYear };
    assert(card.status !== "canceled", "nobody makes a canceled card");
    if (card.replacement !== null) {
      const { reason, of } = card.replacement;
      const original = this.card(of);
      const made = await replaceCard(account.program, original.place, { reason, ...expiry, status: card.status });
      this.#pans.set(card.pan, made.pan);
      this.#cards.set(card.card, { place: made.place, chain: original.chain, account, cardholder: no });
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
    this.#cards.set(card.card, { place: made.place, chain: made.place, account, cardholder: no });
  }

  #account(name: string, times: Times): HeldAccount {
    return setTimes(this.account(name), times);
  }

  #cardAt(name: string, times: Times): { readonly program: Program; readonly place: Place } {
    const { place, account } = this.card(name);
    return { place, program: setTimes(account, times).program };
  }
}

export function setTimes(account: HeldAccount, times: Times): HeldAccount {
  account.times.wallNowMs = times.wallNowMs;
  account.times.businessNowMs = times.businessNowMs;
  return account;
}
