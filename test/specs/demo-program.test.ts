import { expect } from "chai";
import { accountRanges } from "../../specs/account-ranges.ts";
import { countries } from "../../specs/countries.ts";
import { currencies } from "../../specs/currencies.ts";
import { type DemoMerchant, demoAcquirers, demoMerchants } from "../../specs/demo-merchants.ts";
import { type DemoCard, demoAccounts, demoCardholders, demoCards, demoInterruption } from "../../specs/demo-program.ts";
import { merchantCategories } from "../../specs/merchant-categories.ts";
import { must } from "../../src/kernel/assert.ts";
import { MerchantCategoryIndex } from "../../src/kernel/merchant-category.ts";

const categories = new MerchantCategoryIndex(merchantCategories);
const accountOf = new Map(demoCardholders.map((cardholder) => [cardholder.key, cardholder.account]));
const countryCodes = new Set<string>(countries.map((country) => country.alpha2));
const currencyCodes = new Set<string>(currencies.map((currency) => currency.code));

describe("specs/demo-program", () => {
  it("has three accounts with 10,000.00 of their own currency each, one that has little and takes a part, one that has much", () => {
    const summary = demoAccounts.map(({ key, country, currency, funds }) => ({ key, country, currency, funds }));

    expect(summary).to.deep.equal([
      { key: "us", country: "US", currency: "usd", funds: 1_000_000n },
      { key: "de", country: "DE", currency: "eur", funds: 1_000_000n },
      { key: "gb", country: "GB", currency: "gbp", funds: 1_000_000n },
      { key: "fair", country: "US", currency: "usd", funds: 16_000n },
      { key: "crew", country: "US", currency: "usd", funds: 9_000_000n },
    ]);
    expect(demoAccounts.filter(({ takesPartial }) => takesPartial).map(({ key }) => key)).to.deep.equal(["fair"]);
  });

  it("gives each of the first three accounts four cardholders, and 8, 6 and 6 cards over both networks", () => {
    for (const [account, cardCount] of [
      ["us", 8],
      ["de", 6],
      ["gb", 6],
    ] as const) {
      const cards = demoCards.filter((card) => accountOf.get(card.cardholder) === account);

      expect(demoCardholders.filter((cardholder) => cardholder.account === account)).to.have.length(4);
      expect(cards).to.have.length(cardCount);
      expect(new Set(cards.map((card) => card.network)).size).to.equal(2);
    }
  });

  it("gives every cardholder a card, and every card a key of its own", () => {
    expect(new Set(demoCards.map((card) => card.key)).size).to.equal(demoCards.length);
    expect(new Set(demoCards.map((card) => card.cardholder)).size).to.equal(demoCardholders.length);
    expect(new Set(demoCardholders.map((cardholder) => cardholder.key)).size).to.equal(demoCardholders.length);
  });

  it("names cardholders as the API accepts them, with a phone number and an address in a country that exists", () => {
    for (const { name, phoneNumber, email, address } of demoCardholders) {
      expect(name).to.match(/^[A-Za-z ]{1,24}$/);
      expect(phoneNumber).to.match(/^\+\d{8,15}$/);
      expect(email).to.match(/@[a-z]+\.example$/);
      expect(countryCodes.has(address.country)).to.equal(true);
      expect(address.state === null).to.equal(address.country !== "US");
    }
  });

  it("has a range to draw every card's PAN from", () => {
    const currencyOf = new Map(demoAccounts.map((account) => [account.key, account.currency]));

    for (const card of demoCards) {
      const account = accountOf.get(card.cardholder);
      const currency = account === undefined ? undefined : currencyOf.get(account);
      const ranges = accountRanges.filter(
        (range) => range.network === card.network && range.currency === currency && range.program === "standard",
      );
      expect(ranges, card.key).to.have.length(1);
    }
  });

  it("has a usable card of each network in each account", () => {
    for (const { key } of demoAccounts) {
      const usable = demoCards.filter((card) => accountOf.get(card.cardholder) === key && isUsable(card));

      expect(new Set(usable.map((card) => card.network)).size, key).to.equal(2);
    }
  });

  it("has a card that reaches each decline of a card or of its cardholder", () => {
    const statuses = demoCards.map((card) => `${card.status} ${card.cancellationReason}`);
    const cardholderStatuses = demoCardholders.map((cardholder) => cardholder.status);

    expect(statuses).to.include.members(["inactive null", "canceled lost", "canceled stolen", "canceled null"]);
    expect(demoCards.some((card) => card.status === "active" && card.expiresInMonths < 0)).to.equal(true);
    expect(cardholderStatuses).to.include.members(["inactive", "blocked"]);
    expect(
      demoCardholders.some(({ status, requirementsPastDue }) => status === "active" && requirementsPastDue.length > 0),
    ).to.equal(true);
  });

  it("has exactly one cause of decline on a card that is made to decline", () => {
    for (const card of demoCards) {
      const cardholder = demoCardholders.find(({ key }) => key === card.cardholder);
      const causes = [
        card.status !== "active",
        card.expiresInMonths < 0,
        cardholder?.status !== "active",
        cardholder?.requirementsPastDue.length !== 0,
      ];
      expect(causes.filter(Boolean).length, card.key).to.be.at.most(1);
    }
  });

  it("has usable cards with every kind of control, and a limit of every interval", () => {
    const usable = demoCards.filter(isUsable);
    const intervals = [...demoCards, ...demoCardholders].flatMap(({ controls }) =>
      controls.spendingLimits.map((limit) => limit.interval),
    );

    for (const kind of [
      "allowedCategories",
      "blockedCategories",
      "allowedCountries",
      "blockedCountries",
      "blockedPresences",
    ] as const) {
      expect(
        usable.some((card) => card.controls[kind].length > 0),
        kind,
      ).to.equal(true);
    }
    expect([...new Set(intervals)].sort()).to.deep.equal([
      "all_time",
      "daily",
      "monthly",
      "per_authorization",
      "weekly",
      "yearly",
    ]);
    expect(demoCardholders.some(({ controls }) => controls.spendingLimits.length > 0)).to.equal(true);
    expect(
      usable.some(({ controls }) => controls.spendingLimits.some((limit) => limit.categories.length > 0)),
    ).to.equal(true);
  });

  it("has in each currency that can run dry a card whose limits exceed the account's funds", () => {
    const rich = demoCards.filter((card) => isUsable(card) && smallestLimit(card) > 1_000_000n);

    expect(rich.map((card) => accountOf.get(card.cardholder))).to.include.members(["us", "gb"]);
  });

  it("disables an account only around a card that works otherwise", () => {
    const card = must(
      demoCards.find(({ key }) => key === demoInterruption.card),
      "the card exists",
    );

    expect(isUsable(card)).to.equal(true);
    expect(accountOf.get(card.cardholder)).to.equal(demoInterruption.account);
  });
});

describe("specs/demo-merchants", () => {
  it("fits every merchant into DE41, DE42 and the narrowest DE43", () => {
    for (const merchant of demoMerchants) {
      expect(merchant.terminal).to.match(/^[A-Z0-9]{8}$/);
      expect(merchant.merchantId).to.match(/^[A-Z0-9]{15}$/);
      expect(merchant.name).to.match(/^[A-Z0-9 ]{1,22}$/);
      expect(merchant.city).to.match(/^[A-Z ]{1,13}$/);
    }
  });

  it("gives each merchant a key, a terminal and an identity of its own", () => {
    for (const field of ["key", "terminal", "merchantId"] as const) {
      expect(new Set(demoMerchants.map((merchant) => merchant[field])).size, field).to.equal(demoMerchants.length);
    }
  });

  it("names countries, currencies, categories and acquirers that exist", () => {
    const acquirers = new Set(demoAcquirers.map((acquirer) => acquirer.key));

    for (const merchant of demoMerchants) {
      expect(countryCodes.has(merchant.country), merchant.key).to.equal(true);
      expect(currencyCodes.has(merchant.currency), merchant.key).to.equal(true);
      expect(categories.categoryOf(merchant.categoryCode), merchant.key).to.not.equal("miscellaneous");
      expect(acquirers.has(merchant.acquirer), merchant.key).to.equal(true);
    }
    for (const acquirer of demoAcquirers) {
      expect(acquirer.institution).to.match(/^\d{6,11}$/);
      expect(countryCodes.has(acquirer.country)).to.equal(true);
    }
  });

  it("has an acquirer of an even and one of an odd number of digits", () => {
    const parities = new Set(demoAcquirers.map((acquirer) => acquirer.institution.length % 2));

    expect(parities.size).to.equal(2);
  });

  it("has for each control a merchant that it refuses and one that it lets pass", () => {
    expect(refusedBy("de-2")).to.deep.equal(["casino-mt"]);
    expect(refusedBy("de-3")).to.include("bistro-fr").and.not.include("hotel-at");
    expect(refusedBy("de-4")).to.include("railway-de").and.not.include("bakery-de");
    expect(refusedBy("gb-3")).to.include("pub-gb").and.not.include("books-gb");
    expect(refusedBy("us-1")).to.deep.equal([]);
  });
});

function refusedBy(cardKey: string): string[] {
  const { controls } = must(
    demoCards.find((card) => card.key === cardKey),
    "the card exists",
  );
  const isRefused = (merchant: DemoMerchant): boolean => {
    const category = categories.categoryOf(merchant.categoryCode);
    return (
      controls.blockedCategories.includes(category) ||
      (controls.allowedCategories.length > 0 && !controls.allowedCategories.includes(category)) ||
      controls.blockedCountries.includes(merchant.country) ||
      (controls.allowedCountries.length > 0 && !controls.allowedCountries.includes(merchant.country)) ||
      controls.blockedPresences.includes(merchant.presence) ||
      (controls.allowedPresences.length > 0 && !controls.allowedPresences.includes(merchant.presence))
    );
  };
  return demoMerchants.filter(isRefused).map((merchant) => merchant.key);
}

function isUsable(card: DemoCard): boolean {
  const cardholder = demoCardholders.find(({ key }) => key === card.cardholder);
  const isCardholderFine = cardholder?.status === "active" && cardholder.requirementsPastDue.length === 0;
  return card.status === "active" && card.expiresInMonths >= 0 && isCardholderFine;
}

/** The smallest limit of a card in minor units; the default of 500.00 where it has none. */
function smallestLimit(card: DemoCard): bigint {
  const amounts = card.controls.spendingLimits.map((limit) => limit.amount);
  return amounts.reduce(
    (least, amount) => (amount < least ? amount : least),
    amounts.length === 0 ? 500_00n : 1n << 60n,
  );
}
