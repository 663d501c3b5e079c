import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { SeenJournal, readJournal } from "../../simulators/journal.ts";
import { minor } from "../../src/kernel/money.ts";

describe("simulators/journal", () => {
  const folder = mkdtempSync(join(tmpdir(), "seen-"));
  after(() => rmSync(folder, { recursive: true }));

  const key = (number: number) => ({
    network: "visa",
    stan: "000001",
    acquirer: "400551",
    rrn: `RUN00000000${number}`,
  });
  const sent = (number: number) => ({ ...key(number), card: "us-1", amount: minor(2_500n), sentMs: 1_000 });
  const approval = { verdict: "approved", responseCode: "00", authorizationCode: "123456", answeredMs: 1_004 } as const;
  const decline = { verdict: "declined", responseCode: "51", authorizationCode: "", answeredMs: 1_005 } as const;

  it("calls approved and declined what a whole answer said, and unknown what had none", () => {
    const journal = new SeenJournal();

    for (const number of [1, 2, 3]) journal.sent(sent(number));
    journal.answered(key(1), approval);
    journal.answered(key(2), decline);

    expect([...journal.authorizations()].map(({ verdict }) => verdict)).to.deep.equal([
      "approved",
      "declined",
      "unknown",
    ]);
    expect([journal.count("approved"), journal.count("declined"), journal.count("unknown")]).to.deep.equal([1, 1, 1]);
  });

  it("keeps the first answer when a repeat is answered otherwise", () => {
    const journal = new SeenJournal();
    journal.sent(sent(1));

    journal.answered(key(1), approval);
    journal.answered(key(1), decline);

    expect(journal.find(key(1))?.verdict).to.equal("approved");
  });

  it("knows whether a reversal was sent, and whether it was answered", () => {
    const journal = new SeenJournal();
    for (const number of [1, 2, 3]) journal.sent(sent(number));

    journal.undoSent(key(2));
    journal.undoSent(key(3));
    journal.undoAnswered(key(3));

    expect([...journal.authorizations()].map(({ undo }) => undo)).to.deep.equal(["none", "open", "answered"]);
  });

  it("says the same after it was read back from its file, but for a line that was cut", () => {
    const path = join(folder, "whole.journal");
    const journal = new SeenJournal(path);
    for (const number of [1, 2, 3]) journal.sent(sent(number));
    journal.answered(key(1), approval);
    journal.answered(key(2), decline);
    journal.undoSent(key(3));
    journal.undoAnswered(key(3));
    journal.close();
    appendFileSync(path, "A\tvisa|000001|400551|RUN000000003\tappr");

    const read = readJournal(path);

    expect([...read.authorizations()]).to.deep.equal([...journal.authorizations()]);
    expect(read.find(key(3))).to.include({ verdict: "unknown", undo: "answered" });
  });
});
