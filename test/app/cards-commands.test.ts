import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { CsvError, csvHeader, exportCards, importCards } from "../../src/app/cards-commands.ts";
import { createLoadProgram } from "../../src/app/load-program.ts";
import { luhnCheckDigit, wirePan } from "../../src/kernel/pan.ts";
import { ProgramError } from "../../src/resources/program.ts";
import { type TestEngine, openTestEngine } from "../support/engine.ts";
import { authorize, purchase } from "../support/small-program.ts";

const shardCount = 4;
const options = { shardCount, programType: "load", funds: 1_000_000n, concurrency: 16 } as const;

describe("app/cards-commands", () => {
  let folder = "";
  const opened: TestEngine[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "cardswitch-cards-"));
  });

  afterEach(async () => {
    for (const test of opened.splice(0)) await test.close();
    rmSync(folder, { recursive: true });
  });

  async function open(): Promise<TestEngine> {
    const test = await openTestEngine({ shardCount });
    if (test === null) throw new Error("the functions do not load");
    opened.push(test);
    return test;
  }

  async function fileOf(lines: Iterable<string>): Promise<string> {
    const path = join(folder, "cards.csv");
    writeFileSync(path, [...lines].join("\n"));
    return path;
  }

  async function catchUp(test: TestEngine): Promise<void> {
    for (let shard = 0; shard < shardCount; shard++) await test.access.caughtUp(shard);
  }

  it("makes load cards of different PANs in every shard, without the default limits", async () => {
    const test = await open();

    const cards = await createLoadProgram(test.access.program, {
      ...options,
      cards: 40,
      currency: "usd",
      network: "visa",
      accountsPerShard: 1,
      cardholdersPerAccount: 2,
    });

    expect(new Set(cards.map(({ pan }) => pan)).size).to.equal(40);
    expect(new Set(cards.map(({ place }) => place.shard)).size).to.equal(shardCount);
    for (const { pan, expiry } of cards.slice(0, 8)) {
      const request = purchase(test, pan, 900_00n, { expiry });
      expect(await authorize(test, request)).to.include({ outcome: "approved" });
    }
  });

  it("brings the cards of one data set into another, where the same PANs are approved", async () => {
    const [from, to] = [await open(), await open()];
    const load = { ...options, cards: 12, currency: "eur", network: "mastercard" } as const;
    const made = await createLoadProgram(from.access.program, {
      ...load,
      accountsPerShard: 1,
      cardholdersPerAccount: 1,
    });
    await catchUp(from);
    const path = await fileOf(exportCards(from.access, shardCount));

    const count = await importCards(to.access.program, path, options);

    expect(count).to.equal(12);
    for (const { pan } of made) {
      const request = purchase(to, pan, 5_00n, { transactionCurrency: 978 });
      expect(await authorize(to, request)).to.include({ outcome: "approved" });
    }
    await catchUp(to);
    expect([...exportCards(to.access, shardCount)].sort()).to.deep.equal(
      [...exportCards(from.access, shardCount)].sort(),
    );
  });

  it("brings in PANs of other issuers, of any length, and refuses one that is there already", async () => {
    const test = await open();
    const pans = [
      "378282246310005",
      "6011111111111117",
      `400000840000000000${luhnCheckDigit("400000840000000000")}`,
      "5555555555554444",
    ];
    const path = await fileOf([csvHeader, ...pans.map((pan) => `${pan},3112,visa,usd`)]);

    expect(await importCards(test.access.program, path, options)).to.equal(pans.length);

    for (const pan of pans) {
      expect(await authorize(test, purchase(test, wirePan(pan), 1_00n))).to.include({ outcome: "approved" });
    }
    let refused: unknown = null;
    await importCards(test.access.program, path, options).catch((error: unknown) => {
      refused = error;
    });
    expect(refused).to.be.instanceOf(ProgramError).with.property("code", "pan_taken");
  });

  it("names the line of a card file that cannot be read, and makes no card of the file", async () => {
    const test = await open();
    const good = "378282246310005,3112,visa,usd";
    const bad = {
      "378282246310006,3112,visa,usd": "check digit",
      "6011111111111117,3113,visa,usd": "YYMM",
      "6011111111111117,3112,amex,usd": "amex",
      "6011111111111117,3112,visa,usx": "usx",
    };

    for (const [line, reason] of Object.entries(bad)) {
      const path = await fileOf([csvHeader, good, line]);
      let refused: unknown = null;
      await importCards(test.access.program, path, options).catch((error: unknown) => {
        refused = error;
      });
      expect(refused).to.be.instanceOf(CsvError).with.property("line", 3);
      expect(String(refused)).to.include(reason);
    }
    expect(await authorize(test, purchase(test, wirePan("378282246310005"), 1n))).to.include({
      outcome: "unknown_pan",
    });
  });
});
