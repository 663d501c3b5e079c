import { expect } from "chai";
import type Stripe from "stripe";
import type { FileBody } from "../../../src/resources/files/files.ts";
import { type ApiUnderTest, openApiUnderTest } from "../../support/api.ts";
import { errorOf } from "../../support/sdk-error.ts";

describe("resources/files", () => {
  let api: ApiUnderTest;
  let stripe: Stripe;

  before(async () => {
    api = await openApiUnderTest();
    ({ stripe } = api);
  });

  after(() => api.running.close());

  const pdf = (bytes: number) =>
    stripe.files.create({
      purpose: "dispute_evidence",
      file: { data: Buffer.alloc(bytes, "%PDF-1.7 "), name: "receipt", type: "application/pdf" },
    });

  it("takes in a file of a few bytes or of many, and tells its size and kind", async () => {
    for (const bytes of [9, 65_536, 400_000]) {
      const file = await pdf(bytes);

      expect(file).to.include({
        object: "file",
        purpose: "dispute_evidence",
        size: bytes,
        type: "pdf",
        filename: "receipt",
      });
      expect(await stripe.files.retrieve(file.id)).to.deep.equal(file);
    }
  });

  it("keeps a short file whole, and of a long one nothing but its digest", async () => {
    await pdf(65_536);
    await pdf(65_537);

    const { queries } = api.running.access;
    const [long, short] = queries
      .objects("file", 0, { before: null, rowsMax: 2 })
      .map(({ body }) => JSON.parse(body) as FileBody);

    expect(long).to.include({ contents: null, size: 65_537 });
    expect(Buffer.from(short?.contents ?? "", "base64").toString("latin1")).to.equal(
      "%PDF-1.7 ".repeat(7_282).slice(0, 65_536),
    );
    expect(long?.digest).to.match(/^[0-9a-f]{64}$/);
  });

  it("lists files by what they are for", async () => {
    const { id } = await stripe.files.create({
      purpose: "identity_document",
      file: { data: Buffer.from([0xff, 0xd8, 0xff, 0xe0]), name: "front.jpeg", type: "image/jpeg" },
    });

    const { data } = await stripe.files.list({ purpose: "identity_document" });

    expect(data.map((file) => `${file.id} ${file.type}`)).to.deep.equal([`${id} jpg`]);
  });

  it("makes links that end when they are told to", async () => {
    const file = await pdf(9);
    const link = await stripe.fileLinks.create({ file: file.id, metadata: { a: "1" } });
    const ended = await stripe.fileLinks.update(link.id, { expires_at: "now", metadata: { b: "2" } });

    expect(link).to.deep.include({ object: "file_link", file: file.id, expired: false, expires_at: null });
    expect(ended).to.deep.include({ expired: true, metadata: { a: "1", b: "2" } });
    expect((await stripe.files.retrieve(file.id)).links?.data.map(({ id }) => id)).to.deep.equal([link.id]);
    expect((await stripe.fileLinks.list({ file: file.id, expired: false })).data).to.deep.equal([]);
    expect(await errorOf(stripe.fileLinks.create({ file: file.id, expires_at: 1 }))).to.include({
      param: "expires_at",
    });
  });

  it("makes a link together with its file, named in the parts of the upload as in a form", async () => {
    const form = new FormData();
    form.append("purpose", "dispute_evidence");
    form.append("file_link_data[create]", "true");
    form.append("file_link_data[metadata][a b]", "1 + 1 & 2");
    form.append("expand[0]", "links");
    form.append("file", new Blob(["%PDF-1.7 "]), "a receipt.pdf");
    const upload = new Response(form);
    const made = await api.send("/v1/files", {
      method: "POST",
      headers: { "content-type": upload.headers.get("content-type") ?? "" },
      body: new Uint8Array(await upload.arrayBuffer()),
    });

    expect([made.status, made.body["filename"]]).to.deep.equal([200, "a receipt.pdf"]);
    const { data } = await stripe.fileLinks.list({ file: String(made.body["id"]) });
    expect(data.map(({ metadata }) => metadata)).to.deep.equal([{ "a b": "1 + 1 & 2" }]);
  });

  it("refuses parts of an upload by names that it does not know, and by those that every object has by birth", async () => {
    for (const name of ["file_link_data[other]", "file_link_data[__proto__]", "constructor"]) {
      const form = new FormData();
      form.append("purpose", "dispute_evidence");
      form.append(name, "1");
      form.append("file", new Blob(["%PDF-1.7 "]), "a.pdf");
      const upload = new Response(form);
      const { error, status } = await api.send("/v1/files", {
        method: "POST",
        headers: { "content-type": upload.headers.get("content-type") ?? "" },
        body: new Uint8Array(await upload.arrayBuffer()),
      });

      expect([status, error["code"]]).to.deep.equal([400, "parameter_unknown"]);
    }
  });

  it("keeps an identity document of a cardholder by the file's id", async () => {
    const file = await pdf(9);
    const holder = await stripe.issuing.cardholders.create({
      name: "Jenny Rosen",
      billing: { address: { line1: "1 Main St", city: "Portland", postal_code: "97201", country: "US" } },
      individual: { verification: { document: { front: file.id } } },
    });

    expect(holder.individual?.verification?.document).to.deep.equal({ front: file.id, back: null });
  });
});
