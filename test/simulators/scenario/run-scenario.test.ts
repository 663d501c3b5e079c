import { expect } from "chai";
import { MovableClock } from "../../../src/kernel/clock.ts";
import { readScenario } from "../../../simulators/scenario/read-scenario.ts";
import { renderResult } from "../../../simulators/scenario/report.ts";
import { type ScenarioResult, runScenario } from "../../../simulators/scenario/run-scenario.ts";
import { TraceNumbers } from "../../../simulators/trace-numbers.ts";
import type { Script } from "../scripted-issuer.ts";
import { openModelProgram } from "./model-program.ts";

describe("simulators/scenario/run-scenario", () => {
  async function run(steps: string, bend: (script: Script) => Script = (script) => script): Promise<ScenarioResult> {
    const text = `scenario: A visit\nvariables: { price: 20.00 }\ncards:\n  guest: { funds: 50.00 }\nsteps:\n${steps}`;
    const read = readScenario("visit.yaml", text);
    const scenario = read.ok ? read.value : expect.fail(read.error);
    const clock = new MovableClock();
    const program = await openModelProgram(clock, bend);
    try {
      return await runScenario(scenario, { issuer: program.issuer, clock, numbers: new TraceNumbers(6) });
    } finally {
      await program.close();
    }
  }

  const buy = "card: guest, merchant: grocery, amount: 20.00";

  it("fills in variables, and fields of what was sent and answered before", async () => {
    const result = await run(
      [
        "  - { send: 0100, as: first, card: guest, merchant: grocery, amount: '${price}', expect: 00 }",
        `  - { send: 0100, ${buy}, expect: { code: '\${first.reply.39}', fields: { 4: '\${first.request.4}' } } }`,
      ].join("\n"),
    );

    expect(result.failures).to.deep.equal([]);
    expect(result.messages).to.equal(2);
  });

  it("stops at the first step that is not as it should be, and says where, what was expected and what was found", async () => {
    const result = await run(
      [
        `  - { send: 0100, ${buy}, expect: 00 }`,
        `  - { send: 0100, ${buy}, expect: 51 }`,
        `  - { send: 0100, ${buy}, expect: 51 }`,
      ].join("\n"),
    );

    expect(result).to.include({ isPassed: false, stepsTaken: 2 });
    expect(result.failures).to.deep.equal([
      { line: 7, path: "steps[2].expect", expected: "51 (insufficient funds)", found: "00 (approved)" },
    ]);
    expect(renderResult(result).split("\n")[1]).to.equal(
      "    visit.yaml:7  steps[2].expect  expected 51 (insufficient funds), found 00 (approved)",
    );
  });

  it("holds an answer against the rules as well, whatever the file expects of it", async () => {
    const wrong = (script: Script): Script => {
      return (request, count) => (request.mti === "0100" ? { fields: { 39: "05" } } : script(request, count));
    };

    const result = await run(`  - { send: 0100, ${buy}, expect: 05 }\n`, wrong);

    expect(result.failures).to.deep.equal([
      {
        line: 6,
        path: "steps[1]",
        expected: "by the rules 00 (approved), approved",
        found: "05 (do not honor)",
      },
    ]);
  });

  it("tells silence from an answer, and an answer from silence", async () => {
    const silent = (): Script => () => null;

    const wanted = await run(
      `  - { send: 0100, ${buy}, judged: false, within: 60ms, expect: { silence: true } }\n`,
      silent,
    );
    const unwanted = await run(`  - { send: 0100, ${buy}, judged: false, within: 60ms, expect: 00 }\n`, silent);
    const answered = await run(`  - { send: 0100, ${buy}, expect: { silence: true } }\n`);

    expect(wanted.isPassed).to.equal(true);
    expect(unwanted.failures.map(({ found }) => found)).to.deep.equal(["silence"]);
    expect(answered.failures).to.deep.equal([
      { line: 6, path: "steps[1].expect", expected: "silence", found: "00 (approved)" },
    ]);
  });

  it("compares balances and open holds with the file, in the currency of the card", async () => {
    const result = await run(
      [
        `  - { send: 0100, ${buy}, expect: 00 }`,
        "  - { balance: guest, available: 30.00, held: 19.00, holds: [19.00] }",
      ].join("\n"),
    );

    expect(result.failures.map(({ path, expected, found }) => [path, expected, found])).to.deep.equal([
      ["steps[2].held", "19.00 usd", "20.00 usd"],
      ["steps[2]", "19.00 usd", "20.00 usd"],
    ]);
  });

  it("says which name nobody has given", async () => {
    const result = await run("  - { send: 0101, of: nothing }\n");

    expect(result.failures).to.deep.equal([
      { line: 6, path: "steps[1].of", expected: "a message that was named before", found: '"nothing"' },
    ]);
  });
});
