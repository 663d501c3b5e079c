import { currencies } from "../../specs/currencies.ts";
import { defaultLimits } from "../../specs/limits.ts";
import { type Network, networks } from "../../specs/networks.ts";
import { currenciesByCode } from "../kernel/currency.ts";
import { type CounterName, type SpendingControls, type SpendingLimit, countersOf } from "../ledger/limits.ts";

/** Of an object's body, what a limit or a static field follows from. */
interface CardBody {
  readonly chain: number;
  readonly cardholder: number;
  readonly currency: string;
  readonly network: Network;
  readonly pan_tag: number;
  readonly exp_month: number;
  readonly exp_year: number;
  readonly status: string;
  readonly cancellation_reason: string | null;
  readonly program: string;
  readonly spending_controls: SpendingControls;
}

interface CardholderBody {
  readonly status: string;
  readonly requirements: { readonly disabled_reason: string | null; readonly past_due: readonly string[] };
  readonly spending_controls: SpendingControls;
}

/** A block of PANs as the hot path's range table has it. */
export interface ExpectedRange {
  readonly prefix: string;
  readonly shard: number;
  readonly network: number;
  readonly currency: number;
  readonly no: number;
}

export interface ExpectedCard {
  readonly card: number;
  readonly account: number;
  readonly panTag: number;
  /** ISO 4217 numeric. */
  readonly currency: number;
  readonly network: number;
  readonly version: number;
  readonly status: string;
  readonly expiry: number;
  readonly cardholder: number;
  readonly isLoad: boolean;
  readonly controls: string;
  readonly counters: readonly CounterName[];
}

export interface ExpectedHolder {
  readonly account: number;
  readonly version: number;
  readonly status: string;
  readonly isVerificationRequired: boolean;
  readonly controls: string;
  readonly counters: readonly CounterName[];
}

export interface ExpectedAccount {
  readonly version: number;
  readonly isEnabled: boolean;
  readonly takesPartial: boolean;
  readonly asksPlatform: boolean;
  readonly approvesByDefault: boolean;
}

interface AccountFlags {
  readonly is_enabled: boolean;
  readonly partial_approvals: boolean;
  readonly asks_platform?: boolean;
  readonly approves_by_default?: boolean;
}

const byCode = currenciesByCode<{ code: string; number: number; decimals: number }>(currencies);

/** A shard's program as its newest objects say, and what has to follow from them in Redis. */
export class ProgramState {
  readonly accounts = new Map<number, ExpectedAccount>();
  readonly holders = new Map<number, ExpectedHolder>();
  /** Cards of each chain, the oldest first. */
  readonly chains = new Map<number, ExpectedCard[]>();
  /** By prefix; only shard 0 has any. */
  readonly ranges = new Map<string, ExpectedRange>();

  readonly #cardVersions = new Map<number, number>();

  /** An object's newest state; an older one of the same object is replaced. */
  put(object: { type: string; no: number; version: number; account: number; body: string }): void {
    const { type, no, version, account, body } = object;
    // Bodies are written by the resources alone: their shape is that of the version of their writer.
    if (type === "card") this.#putCard(no, { version, account }, JSON.parse(body) as CardBody);
    else if (type === "cardholder") this.#putHolder(no, { version, account }, JSON.parse(body) as CardholderBody);
    else if (type === "account") {
      const flags = JSON.parse(body) as AccountFlags;
      const { asks_platform: asksPlatform = false, approves_by_default: approvesByDefault = false } = flags;
      const { is_enabled: isEnabled, partial_approvals: takesPartial } = flags;
      this.accounts.set(no, { version, isEnabled, takesPartial, asksPlatform, approvesByDefault });
    } else if (type === "range") {
      const { prefix, shard, network, currency } = JSON.parse(body) as Omit<ExpectedRange, "no">;
      this.ranges.set(prefix, { prefix, shard, network, currency, no });
    }
  }

  /** Counters that a charge on the chain moves: those of every card of the chain (rules: Limits). */
  countersOfChain(chain: number): readonly CounterName[] {
    const cards = this.chains.get(chain) ?? [];
    const [first] = cards;
    if (first === undefined) return none;
    if (cards.length === 1) return first.counters;
    const counters = new Map<string, CounterName>();
    for (const card of cards) {
      for (const counter of card.counters) counters.set(`${counter.interval} ${counter.setNumber}`, counter);
    }
    return [...counters.values()];
  }

  countersOfHolder(cardholder: number): readonly CounterName[] {
    return this.holders.get(cardholder)?.counters ?? none;
  }

  versionOfCard(card: number): number {
    return this.#cardVersions.get(card) ?? 0;
  }

  #putCard(no: number, place: { version: number; account: number }, body: CardBody): void {
    this.#cardVersions.set(no, place.version);
    const isCause = body.status === "canceled" && body.cancellation_reason !== null;
    const card: ExpectedCard = {
      card: no,
      ...place,
      panTag: body.pan_tag,
      currency: byCode.get(body.currency)?.number ?? 0,
      network: networks[body.network],
      status: isCause ? (body.cancellation_reason ?? body.status) : body.status,
      expiry: (body.exp_year % 100) * 100 + body.exp_month,
      cardholder: body.cardholder,
      isLoad: body.program === "load",
      controls: textOf(body.spending_controls),
      counters: countersOfCard(body),
    };
    const others = (this.chains.get(body.chain) ?? []).filter((other) => other.card !== no);
    this.chains.set(
      body.chain,
      [...others, card].sort((a, b) => a.card - b.card),
    );
  }

  #putHolder(no: number, place: { version: number; account: number }, body: CardholderBody): void {
    const limits = body.spending_controls.spending_limits ?? [];
    this.holders.set(no, {
      ...place,
      status: body.status,
      isVerificationRequired: body.requirements.past_due.length > 0 || body.requirements.disabled_reason !== null,
      controls: textOf(body.spending_controls),
      counters: limits.length === 0 ? none : countersOf(limits),
    });
  }
}

const none: readonly CounterName[] = [];
const byDefault = new Map<string, readonly CounterName[]>();

// rules: Limits. A card without limits has 500 a day; the ceiling of one authorization needs no counter.
function countersOfCard(body: CardBody): readonly CounterName[] {
  const limits = body.spending_controls.spending_limits ?? [];
  if (limits.length > 0) return countersOf(limits);
  if (body.program === "load") return none;
  const known = byDefault.get(body.currency);
  if (known !== undefined) return known;
  const { amountMajor, interval } = defaultLimits.cardWithoutLimits;
  const scale = 10 ** (byCode.get(body.currency)?.decimals ?? 2);
  const limit: SpendingLimit = { amount: Number(amountMajor) * scale, interval, categories: null };
  const counters = countersOf([limit]);
  byDefault.set(body.currency, counters);
  return counters;
}

// Static fields hold only the controls that are set.
function textOf(controls: SpendingControls): string {
  const set = Object.entries(controls).filter(([, list]) => Array.isArray(list) && list.length > 0);
  return set.length === 0 ? "" : JSON.stringify(Object.fromEntries(set));
}
