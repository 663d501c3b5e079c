import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { merchantProfiles } from "../../../specs/merchant-profiles.ts";
import { MovableClock } from "../../../src/kernel/clock.ts";
import { readScenario } from "../../../simulators/scenario/read-scenario.ts";
import { runScenario } from "../../../simulators/scenario/run-scenario.ts";
import type { Scenario, SendStep } from "../../../simulators/scenario/scenario.ts";
import { TraceNumbers } from "../../../simulators/trace-numbers.ts";
import { openModelProgram } from "./model-program.ts";

const folder = fileURLToPath(new URL("../../../../simulators/scenarios/", import.meta.url));
const files = readdirSync(folder).toSorted();

function scenarioIn(file: string): Scenario {
  const read = readScenario(file, readFileSync(join(folder, file), "utf8"));
  return read.ok ? read.value : expect.fail(read.error);
}

function sendsOf({ steps }: Scenario): SendStep[] {
  return steps.flatMap((step) => {
    if (step.kind === "send") return [step];
    if (step.kind === "plan") return [step.send];
    return step.kind === "together" || step.kind === "outage" ? step.sends : [];
  });
}

/** What only a switch can do: read what is broken, force what is forced, and know what it does not serve. */
function needsSwitch(scenario: Scenario): boolean {
  return sendsOf(scenario).some(({ isJudged }) => !isJudged) || scenario.steps.some(({ kind }) => kind === "manage");
}

describe("simulators/scenarios", () => {
  for (const file of files) {
    const scenario = scenarioIn(file);
    if (needsSwitch(scenario)) continue;
    it(`says of ${file.replace(".yaml", "")} what the rules say, in every answer and every balance`, async () => {
      const clock = new MovableClock();
      const program = await openModelProgram(clock, (script) => script);

      const result = await runScenario(scenario, { issuer: program.issuer, clock, numbers: new TraceNumbers(5) });
      await program.close();

      expect(result.failures).to.deep.equal([]);
      expect(result).to.include({ isPassed: true, stepsTaken: scenario.steps.length });
    });
  }

  it("has a scenario of every kind of message and of every merchant profile", () => {
    const sends = files.flatMap((file) => sendsOf(scenarioIn(file)));

    const mtis = new Set(sends.map(({ mti }) => mti));
    const merchants = new Set(sends.map(({ merchant }) => merchant?.text));
    const services = new Set(sends.map(({ service }) => service));

    expect([...mtis].sort()).to.deep.equal([
      "0100",
      "0101",
      "0120",
      "0121",
      "0200",
      "0201",
      "0220",
      "0221",
      "0400",
      "0401",
      "0420",
      "0421",
    ]);
    expect([...merchants]).to.include.members(merchantProfiles.map(({ key }) => key));
    expect([...services]).to.include.members(["goods_and_cash", "cash", "refund", "verification", "inquiry"]);
    expect(files.length).to.be.at.least(20);
  });
});
