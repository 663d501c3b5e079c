import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { expect } from "chai";
import { endOverdueQuestions } from "../../src/app/due-questions.ts";
import type { Clock } from "../../src/kernel/clock.ts";
import { openRecords } from "../../src/records/database.ts";
import { setAsking } from "../../src/resources/accounts/accounts.ts";
import { createClient } from "../../src/store/client.ts";
import { type VerifyReport, verify } from "../../src/verify/verify.ts";
import { atRest } from "../support/busy-program.ts";
import { type TestEngine, openTestEngine } from "../support/engine.ts";
import { sharedRedis } from "../support/redis.ts";
import { authorize, purchase, smallProgram } from "../support/small-program.ts";

describe("app/killed-asker", () => {
  let test: TestEngine;

  beforeEach(async () => {
    test = (await openTestEngine()) ?? expect.fail("no engine");
  });

  afterEach(() => test.close());

  for (const approvesByDefault of [true, false]) {
    const outcome = approvesByDefault ? "approved" : "declined";
    it(`leaves nothing behind a process that was killed between reserving and answering: ${outcome}`, async () => {
      const { account, pan } = await smallProgram(test, 1_000_00n);
      await setAsking(test.access.program, account, { asksPlatform: true, approvesByDefault });
      const request = purchase(test, pan, 40_00n);

      const child = await askedElsewhere(request);
      child.kill("SIGKILL");
      await once(child, "exit");
      await test.access.caughtUp(0);
      expect(test.access.queries.balances(account).map(({ held }) => held)).to.deep.equal([40_00n]);
      expect((await books()).violations).to.deep.equal([]);
      const ended = await endOverdueQuestions({ access: test.access, clock: later(), engine: test.engine });

      expect(ended).to.equal(1);
      expect(await authorize(test, request)).to.include({ outcome, isDuplicate: true });
      await test.access.caughtUp(0);
      const held = test.access.queries.balances(account).map((row) => row.held);
      expect(held).to.deep.equal([approvesByDefault ? 40_00n : 0n]);
      expect((await books()).violations).to.deep.equal([]);
    });
  }

  /** A process of its own reserves the amount, says that it has asked, and hears nothing. */
  async function askedElsewhere(request: object): Promise<ChildProcess> {
    const { socketPath } = await sharedRedis();
    const given = { keys: test.keys, namespace: test.namespace, request, socketPath };
    const script = `
      import { openEngine, defaultEngineLimits } from ${moduleAt("app/engine.js")};
      import { MovableClock } from ${moduleAt("kernel/clock.js")};
      import { seededRandom } from ${moduleAt("kernel/random.js")};
      const revive = (_, value) => value?.type === "Buffer" ? Buffer.from(value.data)
        : typeof value === "string" && /^-?\\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value;
      const { keys, namespace, request, socketPath } = JSON.parse(process.argv[1], revive);
      const engine = (await openEngine({ address: { path: socketPath }, namespace, shardCount: 2, keys,
        clock: new MovableClock(), random: seededRandom(2), limits: defaultEngineLimits,
        ask: { ask: (place) => console.log(JSON.stringify(place)) } })).value;
      engine.authorizer.authorize(request, () => undefined);
      engine.authorizer.flush();
      process.stdin.resume();`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script, textOf(given)], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    return child;
  }

  function later(): Clock {
    const { clock } = test;
    return {
      wallNow: () => clock.wallNow() + 10_000,
      businessNow: () => clock.businessNow(),
      monotonicNow: () => clock.monotonicNow(),
    };
  }

  async function books(): Promise<VerifyReport> {
    const redis = createClient({ address: { path: (await sharedRedis()).socketPath } });
    await atRest(test, redis);
    const records = openRecords({ path: test.recordsPath, dataSetId: null, isDurable: false });
    if (!records.ok) throw new Error(records.error.message);
    const report = await verify({ redis, keyspace: test.engine.keyspace, records: records.value });
    records.value.close();
    redis.disconnect();
    return report;
  }
});

function moduleAt(path: string): string {
  return JSON.stringify(new URL(`../../src/${path}`, import.meta.url).href);
}

/** Amounts as "4000n"; what is binary as Node writes a Buffer. */
function textOf(value: object): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === "bigint") return `${part}n`;
    return part instanceof Uint8Array ? { type: "Buffer", data: [...part] } : part;
  });
}
