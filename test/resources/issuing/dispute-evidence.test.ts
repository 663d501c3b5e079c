import { expect } from "chai";
import type Stripe from "stripe";
import { type ApiUnderTest, openApiUnderTest } from "../../support/api.ts";
import { expectSoundBooks, openCardProgram, type CardProgram } from "../../support/card-program.ts";
import {
  type DisputedProgram,
  openDisputedProgram,
  undecided,
  neverCame,
  disputedId,
} from "../../support/disputed-program.ts";
import { errorOf } from "../../support/sdk-error.ts";

describe("resources/issuing/dispute-evidence", () => {
  let api: ApiUnderTest;
  let program: DisputedProgram;
  let disputes: Stripe["issuing"]["disputes"];

  before(async () => {
    api = await openApiUnderTest();
    ({ disputes } = api.stripe.issuing);
  });

  after(() => api.running.close());

  beforeEach(async () => {
    program = await openDisputedProgram(api);
  });

  afterEach(() => expectSoundBooks(api, program));

  it("takes as proof of a duplicate another transaction or a file for disputes, of the account alone", async () => {
    const original = await program.captured(600);
    const dispute = await program.disputed(600, { reason: "duplicate", duplicate: { explanation: "Twice." } });
    const { id } = dispute;
    const stranger = await openCardProgram(api);
    const fileOf = (purpose: Stripe.FileCreateParams.Purpose, as: CardProgram["as"]) =>
      api.stripe.files.create({ purpose, file: { data: Buffer.from("a picture"), name: "a.png" } }, as);
    const theirs = await fileOf("dispute_evidence", stranger.as);
    const logo = await fileOf("business_logo", program.as);
    const receipt = await fileOf("dispute_evidence", program.as);
    const duplicateOf = (more: Stripe.Issuing.DisputeUpdateParams.Evidence.Duplicate) =>
      disputes.update(id, { evidence: { duplicate: more } }, program.as);

    const unproven = await errorOf(disputes.submit(id, {}, program.as));
    const itself = await errorOf(duplicateOf({ original_transaction: disputedId(dispute) }));
    const foreign = await errorOf(duplicateOf({ cash_receipt: theirs.id }));
    const wrongPurpose = await errorOf(duplicateOf({ cash_receipt: logo.id }));
    const proven = await duplicateOf({ cash_receipt: receipt.id, original_transaction: original });

    expect(unproven).to.include({ param: "evidence[duplicate][original_transaction]" });
    expect(itself).to.include({ statusCode: 400, param: "evidence[duplicate][original_transaction]" });
    expect(foreign).to.include({ statusCode: 404, param: "evidence[duplicate][cash_receipt]" });
    expect(wrongPurpose).to.include({ statusCode: 400, param: "evidence[duplicate][cash_receipt]" });
    expect(proven.evidence.duplicate).to.deep.equal({
      additional_documentation: null,
      card_statement: null,
      cash_receipt: receipt.id,
      check_image: null,
      explanation: "Twice.",
      original_transaction: original,
    });
    expect((await disputes.submit(id, {}, program.as)).status).to.equal("submitted");
  });

  it("merges evidence and metadata, unsets what is empty, and forgets the evidence of another reason", async () => {
    const { id } = await program.disputed(600, { reason: "not_received", not_received: neverCame("It never came.") });
    const merged = await disputes.update(
      id,
      { evidence: { not_received: { product_type: "", product_description: "A lamp" } }, metadata: { a: "1", b: "2" } },
      program.as,
    );
    const changed = await disputes.update(
      id,
      { evidence: { reason: "other", other: { explanation: "It is odd." } }, metadata: { a: "" } },
      program.as,
    );
    const back = await disputes.update(id, { evidence: { reason: "not_received" } }, program.as);

    expect(merged.evidence.not_received).to.deep.include({
      explanation: "It never came.",
      expected_at: 1_700_000_000,
      product_type: null,
      product_description: "A lamp",
    });
    expect(changed).to.deep.include({ metadata: { b: "2" } });
    expect(changed.evidence).not.to.have.property("not_received");
    expect(back.evidence.not_received).to.include({ explanation: null });
  });

  it("refuses evidence that belongs to no reason or to another one", async () => {
    const transaction = await program.captured(200);
    const { id } = await disputes.create({ transaction, evidence: undecided }, program.as);
    const unreasoned = await errorOf(
      disputes.create({ transaction, evidence: { other: { explanation: "e" } } }, program.as),
    );
    const other = await errorOf(disputes.update(id, { evidence: { other: { explanation: "e" } } }, program.as));
    const unknown = await errorOf(disputes.update(id, { evidence: { reason: "boredom" } }, program.as));

    expect(unreasoned).to.include({ statusCode: 400, code: "parameter_missing", param: "evidence[reason]" });
    expect(other).to.include({ statusCode: 400, param: "evidence[other]" });
    expect(unknown).to.include({ statusCode: 400, param: "evidence[reason]" });
  });
});
