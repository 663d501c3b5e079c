import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { SeenJournal } from "../../simulators/journal.ts";
import type { LoadCard } from "../../src/app/load-program.ts";
import { minor } from "../../src/kernel/money.ts";
import { wirePan } from "../../src/kernel/pan.ts";
import { type Records, openRecords } from "../../src/records/database.ts";
import { rowId } from "../../src/records/place.ts";
import { compareBooks } from "./kills-books.ts";

const cards: readonly LoadCard[] = [{ pan: wirePan("4000008412345678"), expiry: "3112", place: { shard: 1, no: 7 } }];
const key = { network: "generic", stan: "000042", acquirer: "400551", rrn: "RUN000000042" };
const held = {
  card: 7,
  stan: 42,
  rrn: key.rrn,
  status: "pending",
  outcome: 1,
  approved: 1_250,
  remaining: 1_250,
  code: 4_711,
};
const reversed = { ...held, status: "reversed", remaining: 0 };
const declined = { ...held, status: "closed", outcome: 2, approved: 0, remaining: 0 };

describe("prove/kills-books", () => {
  const folder = mkdtempSync(join(tmpdir(), "cs-books-"));
  let records: Records;
  let journal: SeenJournal;
  let no = 0;
  beforeEach(() => {
    const opened = openRecords({ path: join(folder, `${++no}.db`), dataSetId: null });
    records = opened.ok ? opened.value : expect.fail(opened.error.message);
    journal = new SeenJournal();
    journal.sent({ ...key, card: "0", amount: minor(1_250n), sentMs: 1 });
  });
  afterEach(() => records.close());
  after(() => rmSync(folder, { recursive: true }));

  it("finds nothing where an approval is held, with the amount and the code that were seen", () => {
    answer("00");
    record(held);

    expect(differences()).to.deep.equal([]);
  });

  it("finds nothing where an unknown outcome was taken back, whether or not it had ever been decided", () => {
    journal.undoSent(key);
    journal.undoAnswered(key);

    expect(differences()).to.deep.equal([]);
    record(reversed);
    expect(differences()).to.deep.equal([]);
  });

  const faults: readonly (readonly [string, () => void, RegExp])[] = [
    ["an approval that is missing", () => answer("00"), /approval that was seen is missing/],
    ["an approval that was declined in the books", () => (answer("00"), record(declined)), /closed in the books/],
    [
      "an approval that nobody reversed and that is not held",
      () => (answer("00"), record(reversed)),
      /reversed in the books/,
    ],
    [
      "another amount on hold",
      () => (answer("00"), record({ ...held, remaining: 1_249 })),
      /1249 is held instead of 1250/,
    ],
    ["another authorization code", () => (answer("00"), record({ ...held, code: 4_712 })), /DE38 was 004711/],
    ["another card", () => (answer("00"), record({ ...held, card: 8 })), /another card/],
    ["another STAN", () => (answer("00"), record({ ...held, stan: 43 })), /STAN 43 instead of 000042/],
    ["a hold behind a 91", () => (answer("91"), record(held)), /although the answer was 91/],
    ["an outcome that nobody settled", () => record(held), /never settled/],
    ["an outcome that nobody settled, of which the books know nothing", () => undefined, /never settled/],
    [
      "a hold that was released to the network",
      () => (answer("00"), takeBack(), record(held)),
      /its reversal was answered/,
    ],
    ["one message that was decided twice", () => (answer("00"), record(held), record(held)), /two authorizations/],
    [
      "a hold without a request",
      () => (answer("00"), record(held), record({ ...held, rrn: "RUN000000043" })),
      /nobody asked/,
    ],
  ];
  for (const [what, plant, sentence] of faults) {
    it(`finds ${what}`, () => {
      plant();

      const found = differences();
      expect(found).to.have.length(1);
      expect(found[0]).to.match(sentence);
    });
  }

  function differences(): string[] {
    return compareBooks(records, journal, cards);
  }

  function answer(responseCode: "00" | "91"): void {
    const verdict = responseCode === "00" ? "approved" : "declined";
    const authorizationCode = responseCode === "00" ? "004711" : "";
    journal.answered(key, { verdict, responseCode, authorizationCode, answeredMs: 2 });
  }

  function takeBack(): void {
    journal.undoSent(key);
    journal.undoAnswered(key);
  }

  let entry = 0;
  function record(row: typeof held): void {
    const { approved, card, code, outcome, remaining, rrn, stan, status } = row;
    const sql = `INSERT INTO authorizations (id, account, card, chain, cardholder, network, status, outcome, reason, currency,
      amount, approved, remaining, transaction_currency, transaction_amount, mcc, created_ms, wall_ms, stan, rrn,
      authorization_code, merchant_key) VALUES (?, 1, ?, ?, 1, 3, ?, ?, 0, 840, 1250, ?, ?, 840, 1250, 4111, 1, 1, ?, ?, ?, x'00')`;
    const id = rowId({ shard: 1, no: ++entry });
    records.prepare(sql).run([id, card, card, status, outcome, approved, remaining, stan, rrn, code]);
  }
});
