import { expect } from "chai";
import fc from "fast-check";
import { parseIsoTime } from "../../src/kernel/clock.ts";
import { postingsOf } from "../../src/ledger/postings.ts";
import { settlementDay } from "../../src/ledger/settlement-position.ts";
import type { JournalEntry } from "../../src/store/entry.ts";
import { touches } from "../../src/store/entry.ts";
import { unpackEntry } from "../../src/store/journal-entry.ts";
import { luaConstants } from "../../src/store/library.ts";
import {
  type EffectOutcome,
  adviceBytes,
  authorizationBytes,
  commitBytes,
  expiryBytes,
  financialBytes,
  reversalBytes,
} from "../support/journal-writer.ts";

const {
  ADDED,
  APPROVED,
  ATTACHED,
  CAPTURED_HOLD,
  COMPLETED,
  DECLINED,
  FORCE_POSTED,
  HELD,
  LOWERED,
  MERGED,
  NOTHING_TO_RELEASE,
  PARTIAL,
  POSTED,
  PURPOSE_REFUND,
  RELEASED,
  REPOSTED,
} = luaConstants;
const businessMs = parseIsoTime("2026-11-22T19:00:00Z") ?? 0;
const at = { businessMs, available: 0n, held: 0n };

function entryOf(bytes: Uint8Array): JournalEntry {
  return unpackEntry(3, 7, bytes);
}

/** Account and amount, as text. */
function posted(bytes: Uint8Array): Record<string, bigint> {
  return Object.fromEntries(postingsOf(entryOf(bytes)).map(({ account, amount }) => [account, amount]));
}

describe("ledger/postings", () => {
  it("holds what is approved, in full, in part or as an increment, and nothing of a decline", () => {
    for (const outcome of [APPROVED, PARTIAL]) {
      expect(posted(authorizationBytes({}, { ...at, outcome, approved: 7_00n }))).to.deep.equal({
        available: -7_00n,
        held: 7_00n,
      });
    }
    expect(posted(authorizationBytes({}, { ...at, outcome: APPROVED, approved: 7_00n, holdNo: 4 }))).to.deep.equal({
      available: -7_00n,
      held: 7_00n,
    });
    expect(posted(authorizationBytes({}, { ...at, outcome: DECLINED, approved: 0n }))).to.deep.equal({});
  });

  it("holds what an advice holds or adds, sets a fuel hold to what was pumped, and frees what it withdraws", () => {
    const advised = (effect: Partial<EffectOutcome>) =>
      posted(adviceBytes({}, { ...at, outcome: HELD, amount: 9_00n, ...effect }));

    expect(advised({ outcome: HELD })).to.deep.equal({ available: -9_00n, held: 9_00n });
    expect(advised({ outcome: ADDED })).to.deep.equal({ available: -9_00n, held: 9_00n });
    expect(advised({ outcome: COMPLETED, before: 100_00n })).to.deep.equal({ available: 91_00n, held: -91_00n });
    expect(advised({ outcome: COMPLETED, before: 4_00n })).to.deep.equal({ available: -5_00n, held: 5_00n });
    expect(advised({ outcome: RELEASED })).to.deep.equal({ available: 9_00n, held: -9_00n });
    expect(advised({ outcome: MERGED, amount: 0n })).to.deep.equal({});
    expect(advised({ outcome: ATTACHED, amount: 0n })).to.deep.equal({});
  });

  it("owes the network what a single message posts, in the position of its settlement day", () => {
    const visa = { network: 1, settlementDate: "1123" };
    const told = { ...visa, isAdvice: true };

    expect(posted(financialBytes(visa, { ...at, outcome: POSTED, amount: 30_00n }))).to.deep.equal({
      available: -30_00n,
      "network_payable:visa:20261123": 30_00n,
    });
    const credit = { network: 2, settlementDate: "", purpose: PURPOSE_REFUND };
    expect(posted(financialBytes(credit, { ...at, outcome: POSTED, amount: 30_00n }))).to.deep.equal({
      available: 30_00n,
      "network_payable:mastercard:20261122": -30_00n,
    });
    expect(posted(financialBytes(told, { ...at, outcome: FORCE_POSTED, amount: 30_00n }))).to.deep.equal({
      available: -30_00n,
      "network_payable:visa:20261123": 30_00n,
    });
    expect(posted(financialBytes(visa, { ...at, outcome: APPROVED, amount: 0n }))).to.deep.equal({});
    expect(posted(financialBytes(visa, { ...at, outcome: DECLINED, amount: 0n }))).to.deep.equal({});
  });

  it("takes a captured hold away and posts what was captured, less or more than was held", () => {
    const captured = (amount: bigint) =>
      posted(financialBytes({ network: 3 }, { ...at, outcome: CAPTURED_HOLD, amount, before: 20_00n, touched: 1 }));
    const position = "network_payable:generic:20261122";

    expect(captured(20_00n)).to.deep.equal({ held: -20_00n, [position]: 20_00n });
    expect(captured(12_00n)).to.deep.equal({ available: 8_00n, held: -20_00n, [position]: 12_00n });
    expect(captured(25_00n)).to.deep.equal({ available: -5_00n, held: -20_00n, [position]: 25_00n });
    expect(captured(0n)).to.deep.equal({ available: 20_00n, held: -20_00n });
  });

  it("frees what a reversal or an expiry gives back, and posts a debit or a credit back to the network", () => {
    const reversed = (effect: Partial<EffectOutcome>) =>
      posted(reversalBytes({ network: 1 }, { ...at, outcome: RELEASED, amount: 6_00n, ...effect }));
    const position = "network_payable:visa:20261122";

    expect(reversed({})).to.deep.equal({ available: 6_00n, held: -6_00n });
    expect(reversed({ outcome: LOWERED })).to.deep.equal({ available: 6_00n, held: -6_00n });
    const debit = { outcome: REPOSTED, touched: touches.debit, targetNo: 3 };
    expect(reversed(debit)).to.deep.equal({ available: 6_00n, [position]: -6_00n });
    const credit = { outcome: REPOSTED, touched: touches.credit, targetNo: 3 };
    expect(reversed(credit)).to.deep.equal({ available: -6_00n, [position]: 6_00n });
    expect(reversed({ outcome: NOTHING_TO_RELEASE, amount: 0n })).to.deep.equal({});
    expect(posted(expiryBytes({}, { ...at, outcome: RELEASED, amount: 6_00n }))).to.deep.equal({
      available: 6_00n,
      held: -6_00n,
    });
  });

  it("sums to zero in one currency for every kind of entry, outcome and amount", () => {
    const amount = fc.bigInt({ min: 0n, max: 999_999_999_999n });
    const outcome = fc.constantFrom(1, 2, 3, 4, 11, 12, 13, 14, 15, 16, 17, 21, 22, 23, 24, 25, 31, 32, 33, 34);
    const effect = fc.record({ outcome, amount, before: amount, touched: fc.nat({ max: 6 }) });
    const part = fc.record({
      network: fc.constantFrom(1, 2, 3),
      purpose: fc.nat({ max: 5 }),
      cardCurrency: fc.nat(999),
    });
    const settlementDate = fc.constantFrom("", "0229", "1231", "0101", "9999");

    fc.assert(
      fc.property(effect, part, settlementDate, (done, { purpose, ...message }, date) => {
        const { amount: moved } = done;
        const entries = [
          authorizationBytes({ ...message, purpose }, { ...at, outcome: done.outcome, approved: moved }),
          adviceBytes({ ...message, purpose }, { ...at, ...done }),
          financialBytes({ ...message, purpose, settlementDate: date }, { ...at, ...done }),
          reversalBytes(message, { ...at, ...done }),
          expiryBytes({ cardCurrency: message.cardCurrency }, { ...at, ...done }),
          commitBytes({ currency: message.cardCurrency }, { ...at, moved: -moved }),
        ];
        for (const bytes of entries) {
          const postings = postingsOf(entryOf(bytes));
          const sum = postings.reduce((total, posting) => total + posting.amount, 0n);
          expect(sum).to.equal(0n);
          for (const { currency, account, amount: part_ } of postings) {
            expect(currency).to.equal(message.cardCurrency);
            expect(part_).to.not.equal(0n);
            expect(account).to.match(
              /^(available|held|external_bank|network_payable:(visa|mastercard|generic):\d{8})$/,
            );
          }
        }
      }),
    );
  });
});

describe("ledger/settlement-position", () => {
  const day = (mmdd: string, iso: string): number => settlementDay(mmdd, parseIsoTime(`${iso}T23:59:59Z`) ?? 0);

  it("gives a settlement date the year that brings it nearest to the business day", () => {
    expect(day("1122", "2026-11-22")).to.equal(20261122);
    expect(day("0101", "2026-12-31")).to.equal(20270101);
    expect(day("1231", "2027-01-02")).to.equal(20261231);
    expect(day("0229", "2027-12-30")).to.equal(20280229);
  });

  it("settles with the business day what names no day that there is", () => {
    for (const mmdd of ["", "1301", "0231", "0229", "    "]) expect(day(mmdd, "2026-06-15")).to.equal(20260615);
  });
});
