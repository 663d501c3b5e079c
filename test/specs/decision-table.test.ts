import { expect } from "chai";
import { decisionTable } from "../../specs/decision-table.ts";
import {
  formatErrorField,
  networkManagementResponses,
  requestResponses,
  responseCodeMeanings,
  reversalResponses,
} from "../../specs/response-codes.ts";

const checks = Object.entries(decisionTable);
const styles = ["visa", "mastercard", "generic"] as const;
const meanings: Readonly<Record<string, Readonly<Record<string, string>>>> = responseCodeMeanings;

describe("specs/decision-table", () => {
  it("decides account before card, card before expiry, then cardholder, verification, fraud, controls, limits, funds", () => {
    const order = [
      "account_disabled",
      "card_inactive",
      "card_lost",
      "card_stolen",
      "card_canceled",
      "card_expired",
      "cardholder_inactive",
      "cardholder_blocked",
      "cardholder_verification_required",
      "pin_blocked",
      "cvc",
      "pin",
      "cryptogram",
      "three_d_secure",
      "fraud",
      "not_allowed",
      "category",
      "country",
      "presence",
      "limit",
      "insufficient_funds",
      "webhook_declined",
      "webhook_timeout",
      "webhook_error",
      "internal_error",
    ];
    const byRank = [...checks].sort(([, a], [, b]) => a.rank - b.rank).map(([check]) => check);

    expect(byRank).to.deep.equal(order);
    expect(new Set(checks.map(([, decline]) => decline.rank)).size).to.equal(checks.length);
  });

  it("keeps the number that each check has in stored outcomes", () => {
    const numbers = Object.fromEntries(checks.map(([check, { number }]) => [check, number]));

    expect(numbers).to.deep.equal({
      account_disabled: 1,
      card_inactive: 2,
      card_lost: 3,
      card_stolen: 4,
      card_canceled: 5,
      card_expired: 6,
      cardholder_inactive: 7,
      cardholder_blocked: 8,
      cardholder_verification_required: 9,
      pin_blocked: 10,
      cvc: 11,
      pin: 12,
      cryptogram: 13,
      three_d_secure: 14,
      fraud: 15,
      not_allowed: 16,
      category: 17,
      country: 18,
      presence: 19,
      limit: 20,
      insufficient_funds: 21,
      webhook_declined: 22,
      webhook_timeout: 23,
      webhook_error: 24,
      internal_error: 25,
    });
  });

  it("answers controls with 57, limits with 61 and missing funds with 51 on every network", () => {
    for (const style of styles) {
      expect(decisionTable.category.de39[style]).to.equal("57");
      expect(decisionTable.country.de39[style]).to.equal("57");
      expect(decisionTable.presence.de39[style]).to.equal("57");
      expect(decisionTable.limit.de39[style]).to.equal("61");
      expect(decisionTable.insufficient_funds.de39[style]).to.equal("51");
    }
  });

  it("answers a card by what became of it: 41 lost, 43 stolen, 62 canceled, 54 expired", () => {
    for (const style of styles) {
      expect(decisionTable.card_lost.de39[style]).to.equal("41");
      expect(decisionTable.card_stolen.de39[style]).to.equal("43");
      expect(decisionTable.card_canceled.de39[style]).to.equal("62");
      expect(decisionTable.card_expired.de39[style]).to.equal("54");
    }
  });

  it("reaches every decline reason of the API", () => {
    const reasons = new Set<string>(checks.map(([, decline]) => decline.reason));

    expect([...reasons].sort()).to.deep.equal([
      "account_disabled",
      "card_canceled",
      "card_expired",
      "card_inactive",
      "cardholder_blocked",
      "cardholder_inactive",
      "cardholder_verification_required",
      "insecure_authorization_method",
      "insufficient_funds",
      "not_allowed",
      "pin_blocked",
      "spending_controls",
      "stripe_internal_error",
      "suspected_fraud",
      "verification_failed",
      "webhook_declined",
      "webhook_error",
      "webhook_timeout",
    ]);
  });

  it("declines with no code that approves", () => {
    for (const [check, decline] of checks) {
      for (const style of styles)
        expect(["00", "08", "10", "11", "85", "87"], check).to.not.include(decline.de39[style]);
    }
  });
});

describe("specs/response-codes", () => {
  it("explains, network by network, every code that a decision or an answer can carry", () => {
    for (const style of styles) {
      const codes = [
        ...checks.map(([, decline]) => decline.de39[style]),
        ...Object.values(requestResponses).map((response) => response[style]),
        ...Object.values(reversalResponses).flatMap(({ reversal, advice }) => [reversal, advice]),
        ...Object.values(networkManagementResponses),
      ];
      for (const code of codes) {
        if (code !== null) expect(meanings[style]?.[code], `${style} ${code}`).to.be.a("string");
      }
    }
  });

  it("names every code by two characters", () => {
    for (const style of styles) {
      for (const code of Object.keys(meanings[style] ?? {})) expect(code).to.match(/^[0-9A-Z]{2}$/);
    }
  });

  it("answers 94 to a conflict, to an original that was reversed before it came, and to a stale DE7", () => {
    for (const style of styles) {
      expect(requestResponses.conflict[style]).to.equal("94");
      expect(requestResponses.reversed_before[style]).to.equal("94");
      expect(requestResponses.stale_transmission_time[style]).to.equal("94");
    }
  });

  it("is silent when it does not know, and says 91 only when nothing was committed", () => {
    expect(requestResponses.outcome_unknown.visa).to.equal(null);
    expect(requestResponses.store_down.visa).to.equal("91");
    expect(reversalResponses.store_down).to.deep.equal({ reversal: null, advice: null });
    expect(reversalResponses.outcome_unknown).to.deep.equal({ reversal: null, advice: null });
  });

  it("says 00 to an advice whose original is unknown, 25 to a request", () => {
    expect(reversalResponses.unknown).to.deep.equal({ reversal: "25", advice: "00" });
  });

  it("names the element in error in DE44 beside a 30", () => {
    for (const style of styles) {
      expect(requestResponses.format_error[style]).to.equal("30");
      expect(formatErrorField[style]).to.equal("44");
    }
  });
});
