import { expect } from "chai";
import { routes } from "../../src/resources/routes.ts";
import { fuzzRequests } from "../prove/request-fuzz.ts";

const seed = Number(process.env["API_FUZZ_SEED"] ?? "20261122");
const requests = Number(process.env["API_FUZZ_REQUESTS"] ?? "3000");

describe("the API and requests that nobody meant", () => {
  it("does them or refuses them as Stripe does, and never fails, and the books stay sound", async () => {
    const report = await fuzzRequests({ seed, requests });

    expect(report.faults.join("\n"), `seed ${seed}`).to.equal("");
    expect(report.operations).to.be.greaterThan(routes.length / 3);
  }).timeout(600_000);
});
