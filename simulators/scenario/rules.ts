import { zero, parseMajor } from "../../src/kernel/money.ts";
import { must } from "../../src/kernel/assert.ts";
import { expireDueHolds } from "../due-holds.ts";
import { judge } from "../judge.ts";
import { currencyNumberOf, decimalsOf, newModel } from "../known-program.ts";
import { type Hold, isOpen, remainingOf } from "../model/hold.ts";
import { noControls } from "../model/program.ts";
import type { NetworkMessage } from "../network-message.ts";
import { type Expectation, Opinion } from "../opinion.ts";
import type { Moment } from "../opinion-facts.ts";
import type { CardBalance, IssuedCard } from "./issuer.ts";
import type { CardWish, ProgramChange } from "./scenario.ts";

/** The model of the rules with a scenario's cards in it: a second opinion on every answer and every balance. */
export class ScenarioRules {
  readonly #model = newModel();
  readonly #opinion = new Opinion(this.#model, () => null);

  issue(name: string, wish: CardWish, { pan, expiry }: IssuedCard): void {
    const { program } = this.#model;
    const currency = currencyNumberOf(wish.currency);
    const amountOf = (major: string) => parseMajor(major, decimalsOf(currency)) ?? zero;
    if (!program.accounts.has(wish.account)) {
      const { account, takesPartial: allowsPartial } = wish;
      program.addAccount({ account, currency, isEnabled: true, allowsPartial, asksEndpoint: false });
      this.#model.fund(account, amountOf(wish.funds));
    }
    const controls = noControls;
    program.addCardholder({
      cardholder: name,
      account: wish.account,
      status: "active",
      isVerificationDue: false,
      controls,
    });
    const limits = wish.limits.map(({ amount, interval }) => ({ amount: amountOf(amount), interval, categories: [] }));
    program.addCard({
      card: name,
      cardholder: name,
      pan,
      expiry,
      status: wish.status,
      program: wish.program,
      replacement: null,
      controls: { ...controls, blockedCategories: wish.blockedCategories, limits },
    });
  }

  change(name: string, change: ProgramChange): void {
    const { program } = this.#model;
    if (change.kind === "card") program.setCardStatus(name, change.status);
    else program.card(name).cardholder.account.isEnabled = change.isEnabled;
  }

  judge(message: NetworkMessage, moment: Moment): Expectation {
    return judge(this.#opinion, message, moment);
  }

  /** What falls due by business time goes. */
  expireDue(moment: Moment): void {
    expireDueHolds(this.#model, moment);
  }

  balance(name: string): CardBalance {
    const card = must(this.#model.program.cards.get(name), "a card of the scenario");
    const { available, held } = card.cardholder.account;
    const holds = this.#model.holds(card.chain).filter((hold: Hold) => isOpen(hold));
    return { available, held, holds: holds.map(remainingOf) };
  }
}
