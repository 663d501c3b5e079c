import { expect } from "chai";
import { additionalAmountLayout, amountTypeMeanings, amountTypes } from "../../specs/additional-amounts.ts";
import { administrativeMessages, administrativeResponses } from "../../specs/administrative-messages.ts";
import { avsAnswers, avsResults } from "../../specs/avs-results.ts";
import { cavvResults } from "../../specs/cavv-results.ts";
import { cvv2Answers, cvv2Presences, cvv2Results } from "../../specs/cvv2-results.ts";
import { entryModes, pinCapabilities } from "../../specs/entry-modes.ts";
import { holdLivesMs, lateClearingCategories } from "../../specs/hold-expiry.ts";
import {
  cardPresences,
  cardholderActivatedLevels,
  cardholderPresences,
  pointOfServiceConditions,
  transactionStatuses,
} from "../../specs/point-of-service-conditions.ts";
import { accountTypes, processingCodes } from "../../specs/processing-codes.ts";
import { adviceResponses, advicesThatApprove, responseCodeMeanings } from "../../specs/response-codes.ts";

const styles = ["visa", "mastercard", "generic"] as const;
const checks = ["match", "mismatch", "not_provided"] as const;
const dayMs = 86_400_000;

describe("specs/processing-codes", () => {
  it("takes 20, 26 and 28 for credits and 30 and 31 for inquiries, and nothing else", () => {
    const codes = Object.entries(processingCodes);
    const credits = codes.filter(([, { purpose }]) => purpose === "refund").map(([code]) => code);
    const inquiries = codes.filter(([, { purpose }]) => purpose === "inquiry").map(([code]) => code);

    expect(credits.sort()).to.deep.equal(["20", "26", "28"]);
    expect(inquiries.sort()).to.deep.equal(["30", "31"]);
  });

  it("lets cash, cashback, account funding, quasi-cash and bills through as purchases", () => {
    for (const code of ["00", "01", "09", "10", "11", "17", "50"] as const) {
      expect(processingCodes[code].purpose, code).to.equal("purchase");
    }
  });

  it("serves neither deposits nor transfers nor PIN changes, which an approval would promise", () => {
    for (const code of ["21", "22", "40", "91", "92"] as const) {
      expect(processingCodes[code].purpose, code).to.equal(null);
    }
  });

  it("names every account type by two digits", () => {
    for (const type of Object.keys(accountTypes)) expect(type).to.match(/^\d0$/);
  });
});

describe("specs/additional-amounts", () => {
  it("fills a group of twenty characters, of which six fit DE54", () => {
    const { accountTypeDigits, amountTypeCharacters, currencyDigits, signCharacters, amountDigits } =
      additionalAmountLayout;
    const sum = accountTypeDigits + amountTypeCharacters + currencyDigits + signCharacters + amountDigits;

    expect(sum).to.equal(additionalAmountLayout.groupCharacters);
    expect(sum * additionalAmountLayout.groupsMax).to.equal(120);
  });

  it("has 01 for the ledger balance, 02 for what is available, 40 for cash back, 57 for the original amount", () => {
    expect(amountTypes).to.deep.equal({ ledger: "01", available: "02", cashback: "40", original: "57" });
    for (const type of Object.values(amountTypes)) expect(amountTypeMeanings[type]).to.be.a("string");
  });
});

describe("specs/entry-modes", () => {
  it("never takes a card for present that was on file, in a shop on the internet or not told", () => {
    for (const mode of ["00", "09", "10", "81", "82"] as const) {
      expect(entryModes[mode].presence, mode).to.equal("not_present");
    }
  });

  it("tells chip, contactless, swipe and typing apart", () => {
    const methods = ["05", "07", "90", "91", "01", "80", "81"].map(
      (code) => Object.entries(entryModes).find(([mode]) => mode === code)?.[1].method,
    );

    expect(methods).to.deep.equal(["chip", "contactless", "swipe", "contactless", "keyed_in", "swipe", "online"]);
  });

  it("has codes of two digits, and one digit for what a PIN can do", () => {
    for (const mode of Object.keys(entryModes)) expect(mode).to.match(/^\d\d$/);
    for (const capability of Object.keys(pinCapabilities)) expect(capability).to.match(/^\d$/);
  });
});

describe("specs/point-of-service-conditions", () => {
  it("overrules the entry mode for orders by mail, by telephone and on the internet, and for standing orders", () => {
    for (const condition of ["01", "05", "07", "08", "40", "59"] as const) {
      expect(pointOfServiceConditions[condition].presence, condition).to.equal("not_present");
    }
    for (const condition of ["00", "02", "51"] as const) {
      expect(pointOfServiceConditions[condition].presence, condition).to.equal(null);
    }
  });

  it("knows from DE61 that a standing order comes without a card, and that 1 in its fifth place says so, too", () => {
    expect(cardholderPresences["4"].presence).to.equal("not_present");
    expect(cardPresences).to.deep.equal({ "0": "present", "1": "not_present" });
    expect(transactionStatuses).to.have.any.keys("4", "8");
    expect(cardholderActivatedLevels["6"]).to.equal("electronic commerce");
  });
});

describe("specs/avs-results", () => {
  it("never answers that something matches which did not, or was not compared", () => {
    for (const style of styles) {
      for (const street of checks) {
        for (const postalCode of checks) {
          const result = avsResults[avsAnswers[style][street][postalCode]];
          const place = `${style} ${street} ${postalCode}`;
          if (street !== "match") expect(result.street, place).to.not.equal("match");
          if (postalCode !== "match") expect(result.postalCode, place).to.not.equal("match");
        }
      }
    }
  });

  it("answers Y, A, Z and N where both were compared, on every network", () => {
    for (const style of styles) {
      const { match, mismatch } = avsAnswers[style];
      expect([match.match, match.mismatch, mismatch.match, mismatch.mismatch]).to.deep.equal(["Y", "A", "Z", "N"]);
    }
  });
});

describe("specs/cvv2-results", () => {
  it("answers M where the code matches, N where it does not, P where nobody compared", () => {
    for (const style of styles) {
      expect(cvv2Answers[style]).to.deep.equal({ match: "M", mismatch: "N", not_provided: "P" });
      for (const check of checks) expect(cvv2Results[cvv2Answers[style][check]].check).to.equal(check);
    }
  });

  it("has the reasons for which a code may be missing", () => {
    expect(Object.keys(cvv2Presences)).to.have.members(["0", "1", "2", "9"]);
  });
});

describe("specs/cavv-results", () => {
  it("tells values that match from those that do not and those that nobody compared", () => {
    const codes = Object.entries(cavvResults);
    const of = (isMatch: boolean | null) =>
      codes.filter(([, result]) => result.isMatch === isMatch).map(([code]) => code);

    expect(of(true).sort()).to.deep.equal(["2", "3", "8", "A", "B"]);
    expect(of(false).sort()).to.deep.equal(["1", "4", "7", "9"]);
    expect(of(null).sort()).to.deep.equal(["0", "6", "C", "D", "I", "U"]);
  });
});

describe("specs/hold-expiry", () => {
  it("holds for seven days by default, thirty-one for lodging, vehicle and cruise, two hours at the pump", () => {
    for (const style of styles) {
      const lives = holdLivesMs.stripe[style];
      expect(lives.fuel).to.equal(dayMs / 12);
      for (const kind of ["lodging", "vehicle", "cruise"] as const) expect(lives[kind], kind).to.equal(31 * dayMs);
      for (const kind of ["card_present", "card_not_present", "preauthorization", "merchant_initiated"] as const) {
        expect(lives[kind], kind).to.equal(7 * dayMs);
      }
    }
  });

  it("holds by network and kind in the other profile: visa-style 5 and 10 days, mastercard-style 7 and 30", () => {
    const { visa, mastercard } = holdLivesMs.network;

    expect([visa.card_present, visa.card_not_present, visa.merchant_initiated]).to.deep.equal(
      [5, 10, 5].map((days) => days * dayMs),
    );
    expect([mastercard.card_present, mastercard.preauthorization]).to.deep.equal([7, 30].map((days) => days * dayMs));
    expect([visa.lodging, mastercard.vehicle]).to.deep.equal([30, 30].map((days) => days * dayMs));
    expect([visa.fuel, mastercard.fuel]).to.deep.equal([dayMs / 12, dayMs / 12]);
  });

  it("names the merchants who clear late, none of them twice", () => {
    const kindsOf = (mcc: number) =>
      lateClearingCategories.filter(({ from, to }) => mcc >= from && mcc <= to).map(({ kind }) => kind);

    for (const mcc of [3501, 3999, 7011]) expect(kindsOf(mcc), String(mcc)).to.deep.equal(["lodging"]);
    for (const mcc of [3351, 3500, 7512, 7513, 7519]) expect(kindsOf(mcc), String(mcc)).to.deep.equal(["vehicle"]);
    expect(kindsOf(4411)).to.deep.equal(["cruise"]);
    for (const mcc of [3350, 4000, 4410, 5542, 7012, 7514]) expect(kindsOf(mcc), String(mcc)).to.deep.equal([]);
  });
});

describe("specs/administrative-messages", () => {
  it("answers each with the type that follows it, and says 40 to what nobody does here", () => {
    for (const [mti, { answer, response }] of Object.entries(administrativeMessages)) {
      expect(Number(answer) - Number(mti), mti).to.equal(10);
      expect(response, mti).to.equal(mti.charAt(2) === "2" ? "logged" : "unsupported");
    }
    expect(administrativeResponses).to.deep.equal({ logged: "00", unsupported: "40", format_error: "30" });
    for (const style of styles) expect(responseCodeMeanings[style]["40"]).to.be.a("string");
  });
});

describe("specs/response-codes: advices", () => {
  it("refuses no advice, whatever it means for the books", () => {
    const { conflict, format_error, unroutable, store_down, outcome_unknown, ...outcomes } = adviceResponses;

    expect(new Set(Object.values(outcomes))).to.deep.equal(new Set(["00"]));
    expect([conflict, format_error, unroutable]).to.deep.equal(["94", "30", "92"]);
    expect([store_down, outcome_unknown]).to.deep.equal([null, null]);
  });

  it("takes 00, 08, 10, 11, 85 and 87 in an advice for an approval, and no code that declines", () => {
    expect(advicesThatApprove).to.deep.equal(["00", "08", "10", "11", "85", "87"]);
  });
});
