import { expect } from "chai";
import { readScenario } from "../../../simulators/scenario/read-scenario.ts";

describe("simulators/scenario/read-scenario", () => {
  function errorOf(text: string): string {
    const read = readScenario("visit.yaml", text);
    return read.ok ? "" : read.error;
  }

  const head = "scenario: A visit\ncards:\n  guest: { network: visa }\n";

  it("keeps the digits of a type, a code and an amount as they are written", () => {
    const text = `${head}steps:\n  - { send: 0100, card: guest, merchant: grocery, amount: 12.50, expect: 00 }\n`;

    const read = readScenario("visit.yaml", text);

    const step = read.ok ? read.value.steps[0] : undefined;
    expect(step?.kind === "send" && [step.mti, step.amount?.text, step.expect?.code?.text]).to.deep.equal([
      "0100",
      "12.50",
      "00",
    ]);
  });

  it("names file, line and key of what it does not know", () => {
    expect(errorOf(`${head}steps:\n  - send: 0100\n    card: guest\n    shop: grocery\n`)).to.match(
      /^visit\.yaml:7: steps\[1\]\.shop is not known here; there are send, as, /,
    );
    expect(errorOf("scenario: A visit\ncards:\n  guest: { colour: red }\nsteps:\n  - verify: holds\n")).to.match(
      /^visit\.yaml:3: cards\.guest\.colour is not known here/,
    );
  });

  it("names what is missing, and what a value has to be", () => {
    expect(errorOf(`${head}steps:\n  - { send: 0100, card: guest, amount: 1.00 }\n`)).to.equal(
      'visit.yaml:5: steps[1] needs "merchant"',
    );
    expect(errorOf(`${head}steps:\n  - { send: 0110 }\n`)).to.match(
      /^visit\.yaml:5: steps\[1\]\.send is "0110"; it has/,
    );
    expect(errorOf(`${head}steps:\n  - clock: tomorrow\n`)).to.equal(
      'visit.yaml:5: steps[1].clock is "tomorrow"; it has to be a span such as +31d or +2h',
    );
    expect(errorOf(`${head}steps:\n  - dance: yes\n`)).to.match(
      /^visit\.yaml:5: steps\[1\] begins with "dance"; a step is/,
    );
    expect(errorOf("scenario: A visit\n")).to.equal('visit.yaml:1: the file needs "steps"');
  });

  it("names the line at which a file is no YAML any more", () => {
    expect(errorOf("scenario: A visit\nsteps:\n  - { send: 0100\n")).to.match(/^visit\.yaml:[34]: /);
  });
});
