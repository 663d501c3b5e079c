import type { NetworkName } from "../../simulators/purchase.ts";
import type { IssuedCard, ScenarioIssuer } from "../../simulators/scenario/issuer.ts";
import type { CardWish } from "../../simulators/scenario/scenario.ts";
import { currencyOf } from "../app/program-access.ts";
import type { TestCard, TestCardBalance } from "../app/test-program.ts";
import { currencies } from "../../specs/currencies.ts";
import { must } from "../kernel/assert.ts";
import { MovableClock, parseIsoTime } from "../kernel/clock.ts";
import { currenciesByCode } from "../kernel/currency.ts";
import { parseMajor } from "../kernel/money.ts";
import { type Result, fail, ok } from "../kernel/result.ts";
import { type AdminRefusal, askAdmin } from "./admin-client.ts";

interface LinksView {
  readonly links: readonly { readonly network: NetworkName; readonly host: string; readonly port: number }[];
}

interface ClockView {
  readonly business: string;
  readonly offsetMs: number;
  readonly isFrozen: boolean;
}

interface Verified {
  readonly violations: readonly {
    readonly invariant: string;
    readonly entity: string;
    readonly expected: string;
    readonly found: string;
  }[];
}

/** The switch stopped to answer in the middle of a scenario. */
export class IssuerGone extends Error {
  readonly refusal: AdminRefusal;

  constructor(refusal: AdminRefusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/** A running switch as one scenario sees it: over its administration, at `url` or where the settings say. */
export async function adminIssuer(url: string | undefined): Promise<Result<ScenarioIssuer, AdminRefusal>> {
  const at = { url };
  const links = await askAdmin<LinksView>(at, "/_admin/links");
  if (!links.ok) return links;
  const clock = await askAdmin<ClockView>(at, "/_admin/clock");
  if (!clock.ok) return fail(clock.error);
  return ok(new AdminIssuer(url, links.value.body, clock.value.body));
}

class AdminIssuer implements ScenarioIssuer {
  readonly links: ScenarioIssuer["links"];
  readonly #url: string | undefined;
  readonly #clock = new MovableClock();
  readonly #decimals = currenciesByCode(currencies);
  /** Accounts that cards of the scenario share, by the scenario's own name of them. */
  readonly #accounts = new Map<string, string>();
  #time: ClockView;

  constructor(url: string | undefined, { links }: LinksView, time: ClockView) {
    this.#url = url;
    this.#time = time;
    const reachable = links.map(({ network, host, port }) => {
      const isEverywhere = host === "0.0.0.0" || host === "::";
      return [network, { host: isEverywhere ? "127.0.0.1" : host, port }] as const;
    });
    this.links = Object.fromEntries(reachable);
  }

  businessNow(): number {
    const { business, isFrozen, offsetMs } = this.#time;
    return isFrozen ? (parseIsoTime(business) ?? 0) : this.#clock.wallNow() + offsetMs;
  }

  async issue(wish: CardWish): Promise<IssuedCard> {
    const { decimals } = must(this.#decimals.get(currencyOf(wish.currency).code), "a currency of the table");
    const minorOf = (major: string): number => Number(parseMajor(major, decimals) ?? 0n);
    const { account, network, currency, takesPartial, status, program, blockedCategories } = wish;
    const card = await this.#ask<TestCard>("/_admin/test-cards", {
      account: this.#accounts.get(account) ?? null,
      network,
      currency,
      funds: minorOf(wish.funds),
      takesPartial,
      status,
      program,
      limits: wish.limits.map(({ amount, interval }) => ({ amount: minorOf(amount), interval })),
      blockedCategories,
    });
    this.#accounts.set(account, card.account);
    return card;
  }

  async change({ id }: IssuedCard, change: Parameters<ScenarioIssuer["change"]>[1]): Promise<void> {
    const body = change.kind === "card" ? { status: change.status } : { isAccountEnabled: change.isEnabled };
    await this.#ask(`/_admin/test-cards/${id}`, body);
  }

  async balance({ id }: IssuedCard): ReturnType<ScenarioIssuer["balance"]> {
    const { available, held, holds } = await this.#ask<TestCardBalance>(`/_admin/balances/${id}`);
    return { available: BigInt(available), held: BigInt(held), holds: holds.map(BigInt) };
  }

  async advance(span: string): Promise<void> {
    this.#time = await this.#ask<ClockView>("/_admin/clock", { advance: span });
  }

  async verify(): Promise<string[]> {
    const { violations } = await this.#ask<Verified>("/_admin/verify", {});
    return violations.map(
      ({ invariant, entity, expected, found }) => `${invariant} ${entity}: expected ${expected}, found ${found}`,
    );
  }

  async #ask<Body>(path: string, body?: object): Promise<Body> {
    const reply = await askAdmin<Body>({ url: this.#url }, path, body);
    if (!reply.ok) throw new IssuerGone(reply.error);
    return reply.value.body;
  }
}
