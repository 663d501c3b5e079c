import { expect } from "chai";
import { maskPan } from "../../src/kernel/pan-mask.ts";
import { withoutPans } from "../../src/kernel/pans-in-text.ts";
import { isLuhnValid, parsePan, randomPan } from "../../src/kernel/pan.ts";
import { seededRandom } from "../../src/kernel/random.ts";

describe("kernel/pan", () => {
  it("accepts 12 to 19 digits whose check digit is right, and nothing else", () => {
    expect(parsePan("4242424242424242")).to.equal("4242424242424242");
    expect(parsePan("4242424242424241")).to.equal(null);
    expect(parsePan("42424242424")).to.equal(null);
    expect(parsePan("4242 4242 4242 4242")).to.equal(null);
  });

  it("makes PANs of its prefix whose check digit is right", () => {
    const random = seededRandom(5);

    for (let i = 0; i < 100; i++) {
      const pan = randomPan(random, "40000084");
      expect(pan).to.match(/^40000084\d{8}$/);
      expect(isLuhnValid(pan)).to.equal(true);
    }
  });

  it("masks the PANs that stand in a text, and leaves other numbers as they are", () => {
    expect(withoutPans("No such card: '4242424242424242'")).to.equal("No such card: '424242******4242'");
    expect(withoutPans("4242424242424241, 999999999999, 1700000000")).to.equal(
      "4242424242424241, 999999999999, 1700000000",
    );
  });

  it("shows first six and last four digits at the most", () => {
    expect(maskPan("4242424242424242")).to.equal("424242******4242");
    expect(maskPan("4242424242")).to.equal("**********");
  });
});
