import { expect } from "chai";
import { openProgram } from "../../../src/app/program-access.ts";
import { seededRandom } from "../../../src/kernel/random.ts";
import { noControls } from "../../../src/ledger/limits.ts";
import { startProjector } from "../../../src/projector/projector.ts";
import { type CardBody, createCard, replaceCard, updateCard } from "../../../src/resources/issuing/cards.ts";
import { type Program, ProgramError, readObject } from "../../../src/resources/program.ts";
import { type TestEngine, openTestEngine } from "../../support/engine.ts";
import { sharedRedis } from "../../support/redis.ts";
import { type SmallProgram, authorize, purchase, smallProgram } from "../../support/small-program.ts";

describe("resources/issuing/cards", () => {
  let test: TestEngine;

  beforeEach(async () => {
    const opened = await openTestEngine();
    if (opened === null) throw new Error("the functions do not load");
    test = opened;
  });

  afterEach(() => test.close());

  /** A program of which somebody else changes the card right after its record was read for the first time. */
  function interrupted(change: () => Promise<unknown>): Program {
    const { program } = test.access;
    let reads = 0;
    const read: Program["reader"]["read"] = async (type, place) => {
      const found = await program.reader.read(type, place);
      if (++reads === 1) await change();
      return found;
    };
    return { ...program, reader: { ...program.reader, read } };
  }

  it("never undoes a block of the card that came while another change of it was being made", async () => {
    const { card, pan } = await smallProgram(test);
    const slow = interrupted(() => updateCard(test.access.program, card, { status: "inactive" }));

    await updateCard(slow, card, { metadata: { note: "late" } }).catch(isConflict);

    expect(await authorize(test, purchase(test, pan, 1_00n))).to.include({ check: "card_inactive" });
    expect((await readObject<CardBody>(test.access.program, "card", card)).body.status).to.equal("inactive");
  });

  it("gives a replacement the controls that its card has when it is replaced", async () => {
    const { card } = await smallProgram(test);
    const slow = interrupted(() => updateCard(test.access.program, card, { metadata: { note: "first" } }));
    const replacement = { reason: "damaged", expMonth: 1, expYear: 2033, status: "active" } as const;

    const made = await replaceCard(slow, card, replacement);

    const { body } = await readObject<CardBody>(test.access.program, "card", made.place);
    expect(body.metadata).to.deep.equal({ note: "first" });
  });

  it("refuses a limit that no message could be compared with, and leaves the card as it was", async () => {
    const { card, pan } = await smallProgram(test);

    for (const amount of [-1, 0.5, 2 ** 48, Number.NaN]) {
      const limit = { amount, interval: "daily", categories: null } as const;
      const change = { spending_controls: { ...noControls, spending_limits: [limit] } };
      const cause = await updateCard(test.access.program, card, change).catch((error: unknown) => error);
      expect(cause).to.be.instanceOf(ProgramError).with.property("code", "invalid");
    }

    expect(await authorize(test, purchase(test, pan, 1_00n))).to.include({ outcome: "approved" });
  });

  it("gives no number and no PAN a second time after a start that is ahead of its records", async () => {
    const program = await smallProgram(test);
    const replacement = { reason: "lost", expMonth: 1, expYear: 2033, status: "active" } as const;
    expect(await test.projector.drained(5_000)).to.equal(true);
    await test.projector.close();
    const replaced = await replaceWhileUnrecorded(program, replacement);

    const made = await inNextProcess((next) =>
      createCard(next, program.account, {
        cardholder: program.cardholder.no,
        currency: { code: "usd", number: 840 },
        network: "visa",
        type: "virtual",
        status: "active",
        cancellationReason: null,
        expMonth: 12,
        expYear: 2031,
        program: "standard",
        controls: noControls,
        pan: null,
      }),
    );

    expect(made.place.no).to.be.greaterThan(replaced.no);
    expect([program.pan, replaced.pan]).not.to.include(made.pan);
  });

  /** The records stand still meanwhile, as they do when the process dies before it has copied the journal. */
  async function replaceWhileUnrecorded(
    { card }: SmallProgram,
    replacement: Parameters<typeof replaceCard>[2],
  ): Promise<{ no: number; pan: string }> {
    const { program, queries } = test.access;
    const read: Program["reader"]["read"] = async (type, place) => queries.object(type, place);
    const charged: Program["reader"]["charged"] = async (window) => queries.chargedSum(window);
    const made = await replaceCard({ ...program, reader: { read, charged } }, card, replacement);
    return { no: made.place.no, pan: made.pan };
  }

  async function inNextProcess<T>(work: (program: Program) => Promise<T>): Promise<T> {
    const { engine, recordsPath, clock } = test;
    const started = await startProjector({
      redis: { address: { path: (await sharedRedis()).socketPath } },
      keyspace: engine.keyspace,
      recordsPath,
      dataSetId: null,
      isDurable: false,
    });
    if (!started.ok) throw new Error(started.error.message);
    const projector = started.value;
    const random = seededRandom(2);
    const access = openProgram({ engine, projector, recordsPath, clock, random, readTimeoutMs: 5_000 });
    try {
      return await work(access.program);
    } finally {
      access.close();
      await projector.close();
    }
  }

  function isConflict(error: unknown): void {
    if (!(error instanceof ProgramError) || error.code !== "conflict") throw error;
  }
});
