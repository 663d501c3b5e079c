import { expect } from "chai";
import { refusalOf } from "../../src/api/envelope.ts";
import { ProgramError } from "../../src/resources/program.ts";

describe("api/envelope", () => {
  it("tells who was overtaken by another request to come again, and not by which name the object is kept", () => {
    const refusal = refusalOf(new ProgramError("conflict", "arrival: changed meanwhile"));

    expect(refusal?.code).to.equal("lock_timeout");
    expect(refusal?.message)
      .to.match(/another request/i)
      .and.not.include("arrival");
  });
});
