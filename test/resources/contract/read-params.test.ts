import { expect } from "chai";
import fc from "fast-check";
import { Check } from "typebox/value";
import { accountCreateExternalAccountParams, accountUpdateParams } from "../../../specs/api/accounts.ts";
import { fileCreateParams } from "../../../specs/api/files.ts";
import {
  issuingCardCreateParams,
  issuingCardListParams,
  issuingCardUpdateParams,
} from "../../../specs/api/issuing-cards.ts";
import type { ParamsSchema } from "../../../specs/api/schema.ts";
import { testHelpersIssuingAuthorizationCaptureParams } from "../../../specs/api/test-helpers-issuing-authorizations.ts";
import { readForm } from "../../../src/api/form.ts";
import { seededRandom } from "../../../src/kernel/random.ts";
import { ApiError } from "../../../src/resources/api-error.ts";
import { type RawParams, readParams } from "../../../src/resources/contract/read-params.ts";
import type { ParamsOf } from "../../../src/resources/params.ts";
import { everySchema } from "./every-schema.ts";
import { formLimits, fuzzBodies } from "./fuzzed-bodies.ts";
import { randomForm, textOf } from "./random-forms.ts";

const fuzzedBodies = 20_000;
const formsOfEachSchema = 30;
const limit = "spending_controls[spending_limits][0]";

describe("resources/contract/read-params", () => {
  it("makes integers, flags, lists and objects of the texts of a form", () => {
    const body =
      `currency=usd&type=physical&exp_month=9&metadata[order]=7&expand[]=number&shipping[require_signature]=false` +
      `&shipping[name]=A&shipping[address][city]=B&shipping[address][country]=US&shipping[address][line1]=C` +
      `&shipping[address][postal_code]=1&${limit}[amount]=500&${limit}[interval]=daily&${limit}[categories][]=bakeries`;

    const params = read(issuingCardCreateParams, body);

    expect(params).to.deep.equal({
      currency: "usd",
      type: "physical",
      exp_month: 9,
      metadata: { order: "7" },
      expand: ["number"],
      shipping: {
        require_signature: false,
        name: "A",
        address: { city: "B", country: "US", line1: "C", postal_code: "1" },
      },
      spending_controls: { spending_limits: [{ amount: 500, interval: "daily", categories: ["bakeries"] }] },
    });
  });

  it("refuses what Stripe refuses, with Stripe's code and the parameter as its writer wrote it", () => {
    const card = "currency=usd&type=virtual";
    const rows: readonly (readonly [string, string, string])[] = [
      [`${card}&colour=red`, "parameter_unknown", "colour"],
      [
        `${card}&spending_controls[spending_limits_currency]=usd`,
        "parameter_unknown",
        "spending_controls[spending_limits_currency]",
      ],
      [`${card}&toString=1`, "parameter_unknown", "toString"],
      ["currency=usd", "parameter_missing", "type"],
      [`${card}&${limit}[interval]=daily`, "parameter_missing", `${limit}[amount]`],
      [`${card}&${limit}[amount]=5.00&${limit}[interval]=daily`, "parameter_invalid_integer", `${limit}[amount]`],
      [`${card}&exp_year=9007199254740993`, "parameter_invalid_integer", "exp_year"],
      [`${card}&exp_year=`, "parameter_invalid_empty", "exp_year"],
      ["currency=&type=virtual", "parameter_invalid_empty", "currency"],
      ["currency[a]=usd&type=virtual", "parameter_invalid", "currency"],
      ["currency=usd&type=plastic", "parameter_invalid", "type"],
      ["currency=usd&type=", "parameter_invalid_empty", "type"],
      [`${card}&shipping[require_signature]=yes`, "parameter_invalid", "shipping[require_signature]"],
      [`${card}&shipping=`, "parameter_invalid_empty", "shipping"],
      [`${card}&spending_controls[spending_limits]=1`, "parameter_invalid", "spending_controls[spending_limits]"],
      [`${card}&metadata[a][b]=1`, "parameter_invalid", "metadata[a]"],
      [`${card}&expand=number`, "parameter_invalid", "expand"],
      [`${card}&second_line=a%00b`, "parameter_invalid", "second_line"],
      [`${card}&metadata[a]=%00`, "parameter_invalid", "metadata[a]"],
      [`${card}&metadata[%00]=a`, "parameter_invalid", "metadata"],
      [`${card}&replacement_for=${"a".repeat(5_001)}`, "parameter_invalid", "replacement_for"],
    ];

    const refusals = rows.map(([body]) => refusalOf(() => read(issuingCardCreateParams, body)));

    expect(refusals.map(({ code, param }) => [code, param])).to.deep.equal(
      rows.map(([, code, param]) => [code, param]),
    );
  });

  it("lets an empty text unset what can be unset, and empty a list", () => {
    const params = read(issuingCardUpdateParams, "metadata=&spending_controls[allowed_categories]=");

    expect(params).to.deep.equal({ metadata: "", spending_controls: { allowed_categories: [] } });
    expect(read(issuingCardUpdateParams, "metadata[order]=")).to.deep.equal({ metadata: { order: "" } });
    expect(read(issuingCardCreateParams, "currency=usd&type=virtual&second_line=")).to.have.property("second_line", "");
  });

  it("keeps metadata to 50 keys of 40 characters with values of 500, counted as characters", () => {
    const pairs = (count: number): string => Array.from({ length: count }, (_, i) => `metadata[k${i}]=v`).join("&");
    const long = (key: number, value: number): string => `metadata[${"k".repeat(key)}]=${"😀".repeat(value)}`;

    expect(read(issuingCardUpdateParams, pairs(50)).metadata).to.have.property("k49", "v");
    expect(read(issuingCardUpdateParams, long(40, 500)).metadata).to.have.property("k".repeat(40));
    for (const body of [pairs(51), long(41, 1), long(1, 501)]) {
      expect(refusalOf(() => read(issuingCardUpdateParams, body))).to.have.property("code", "parameter_invalid");
    }
  });

  it("reads a page of 1 to 100 and a stretch of time in either form", () => {
    expect(read(issuingCardListParams, "limit=100&created=5")).to.deep.equal({ limit: 100, created: 5 });
    expect(read(issuingCardListParams, "created[gte]=1&created[lt]=2").created).to.deep.equal({ gte: 1, lt: 2 });
    for (const body of ["limit=0", "limit=101", "created=now", "created[gt]=x"]) {
      expect(refusalOf(() => read(issuingCardListParams, body))).to.have.property("code", "parameter_invalid_integer");
    }
  });

  it("keeps decimals as they were written", () => {
    const fuel = "purchase_details[fuel][unit_cost_decimal]=";

    const params = read(testHelpersIssuingAuthorizationCaptureParams, `${fuel}3.509`);

    expect(params.purchase_details?.fuel?.unit_cost_decimal).to.equal("3.509");
    for (const written of ["3,5", "1e3", "0.1234567890123", "."]) {
      const refusal = refusalOf(() => read(testHelpersIssuingAuthorizationCaptureParams, fuel + written));
      expect(refusal).to.include({ code: "parameter_invalid", param: "purchase_details[fuel][unit_cost_decimal]" });
    }
  });

  it("reads minus nothing as nothing", () => {
    expect(read(issuingCardCreateParams, "currency=usd&type=virtual&exp_month=-0")).to.deep.include({ exp_month: 0 });
  });

  it("asks for what is missing of the object whose kind is named, where several are possible", () => {
    const refusal = refusalOf(() => read(accountCreateExternalAccountParams, "external_account[object]=bank_account"));

    expect(refusal).to.include({ code: "parameter_missing", param: "external_account[account_number]" });
  });

  it("calls a text in the place of a list no list, where an empty one would unset it", () => {
    const refusal = refusalOf(() => read(accountUpdateParams, "settings[invoices][default_account_tax_ids]=txi_1"));

    expect(refusal.message).to.equal("Invalid array");
  });

  it("refuses names that every object has by birth as keys of metadata", () => {
    const raw: RawParams = { metadata: JSON.parse('{"__proto__":"1"}') };

    expect(refusalOf(() => readParams(issuingCardUpdateParams, raw))).to.have.property("code", "parameter_unknown");
  });

  it("takes lists that a parser has left as numbered objects, in the order of their numbers", () => {
    const raw: RawParams = { currency: "usd", type: "virtual", expand: { 10: "b", 2: "a" } };

    expect(readParams(issuingCardCreateParams, raw).expand).to.deep.equal(["a", "b"]);
  });

  it("never shows what might be the number of a card", () => {
    const refusal = refusalOf(() =>
      read(issuingCardCreateParams, "currency=usd&type=virtual&exp_year=4242 4242 4242 4242"),
    );

    expect(refusal.message).to.equal("Invalid integer");
  });

  it("knows the name of a file and expand wherever they come", () => {
    expect(read(fileCreateParams, "file=a.png&purpose=dispute_evidence")).to.have.property("file", "a.png");
    expect(read({ ...issuingCardListParams, properties: {} }, "expand[]=data.cardholder")).to.have.property("expand");
  });

  it("reads every form of every operation as what was said", async () => {
    for (const [name, schema] of await everySchema()) {
      const property = fc.property(fc.integer(), (seed) => {
        const { value, pairs } = randomForm(seededRandom(seed), schema);

        expect(read(schema, textOf(pairs)), `${name}: ${textOf(pairs)}`).to.deep.equal(value);
      });
      fc.assert(property, { numRuns: formsOfEachSchema });
    }
  });

  it("makes nothing that another validator of JSON Schema would refuse", async () => {
    const random = seededRandom(11);
    for (const [name, schema] of await everySchema()) {
      const { pairs } = randomForm(random, schema);

      const params = readParams(schema, readForm(textOf(pairs), formLimits));

      expect(Check(schema, params), `${name}: ${textOf(pairs)}`).to.equal(true);
    }
    expect(Check(issuingCardCreateParams, { currency: "usd", type: "plastic" })).to.equal(false);
  });

  it("answers damaged bodies with nothing but refusals that have a code", async () => {
    const { faults, read: count, refused } = fuzzBodies([...(await everySchema()).values()], 7, fuzzedBodies);

    expect(faults).to.deep.equal([]);
    expect(count).to.be.above(fuzzedBodies / 100);
    expect(Object.keys(refused)).to.include.members(["parameter_unknown", "parameter_invalid", "parameter_missing"]);
  });
});

function read<const Schema extends ParamsSchema>(schema: Schema, body: string): ParamsOf<Schema> {
  return readParams(schema, readForm(body, formLimits));
}

function refusalOf(action: () => unknown): ApiError {
  try {
    action();
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error("was not refused");
}
