import { expect } from "chai";
import {
  adviceOutcomes,
  authorizationOutcomes,
  clearingOutcomes,
  financialOutcomes,
  reversalOutcomes,
} from "../../src/authorizer/decision.ts";
import { messageFunctions, purposes } from "../../src/authorizer/request.ts";
import { luaConstants } from "../../src/store/library.ts";

describe("store/library", () => {
  const constants: Readonly<Record<string, number>> = luaConstants;

  it("gives the functions the numbers that the authorizer knows every outcome by", () => {
    const told = { ...reversalOutcomes, ...adviceOutcomes, ...clearingOutcomes };
    const outcomes = { ...authorizationOutcomes, ...told, ...financialOutcomes };

    for (const [name, number] of Object.entries(outcomes)) {
      expect(constants[name.toUpperCase()], name).to.equal(number);
    }
    expect(new Set(Object.values(outcomes)).size).to.equal(Object.keys(outcomes).length);
  });

  it("gives them the numbers of purposes and of the functions of a message", () => {
    for (const [name, number] of Object.entries(purposes)) {
      expect(constants[`PURPOSE_${name.toUpperCase()}`], name).to.equal(number);
    }
    expect(luaConstants.FUNCTION_AUTHORIZATION).to.equal(messageFunctions.authorization);
    expect(luaConstants.FUNCTION_FINANCIAL).to.equal(messageFunctions.financial);
  });
});
