import { expect } from "chai";
import type Stripe from "stripe";
import { must } from "../../../src/kernel/assert.ts";
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
      file: { data: pdfOf(bytes), name: "receipt.pdf", type: "application/pdf" },
    });

  it("takes in a file of a few bytes or of many, and tells its size and kind", async () => {
    for (const bytes of [9, 65_536, 400_000]) {
      const file = await pdf(bytes);

      expect(file).to.include({
        object: "file",
        purpose: "dispute_evidence",
        size: bytes,
        type: "pdf",
        filename: "receipt.pdf",
      });
      expect(await stripe.files.retrieve(file.id)).to.deep.equal(file);
    }
  });

  it("gives the contents of a file back octet by octet, to who has a key of its account", async () => {
    const stranger = await stripe.accounts.create({ type: "custom", country: "US" });
    for (const bytes of [1, 65_535, 65_536, 65_537, 3_000_000]) {
      const sent = pdfOf(bytes);
      const { url } = await pdf(bytes);

      const told = await contents(url, { authorization: `Bearer ${api.running.api.key}` });
      const strange = await contents(url, {
        authorization: `Bearer ${api.running.api.key}`,
        "stripe-account": stranger.id,
      });
      const keyless = await contents(url);

      expect([told.status, told.headers.get("content-type")]).to.deep.equal([200, "application/pdf"]);
      expect(told.headers.get("content-disposition")).to.equal("attachment; filename*=UTF-8''receipt.pdf");
      expect(Buffer.compare(told.bytes, sent)).to.equal(0);
      expect([strange.status, keyless.status]).to.deep.equal([404, 401]);
    }
  });

  it("gives nothing back of what an account has to show, and makes no link to it", async () => {
    const file = await stripe.files.create({
      purpose: "account_requirement",
      file: { data: pdfOf(20), name: "passport.pdf", type: "application/pdf" },
    });

    const refused = await api.send(`/v1/files/${file.id}/contents`);
    expect(file.url).to.equal(null);
    expect([refused.status, refused.error["code"]]).to.deep.equal([404, "resource_missing"]);
    expect(await errorOf(stripe.fileLinks.create({ file: file.id }))).to.include({ statusCode: 400, param: "file" });
  });

  it("takes for a purpose its own kinds and sizes, such as 5 MB of evidence", async () => {
    const logo = { data: pdfOf(20), name: "logo.pdf", type: "application/pdf" };

    expect(await pdf(5_242_880)).to.include({ size: 5_242_880 });
    for (const refused of [
      () => pdf(5_242_881),
      () => stripe.files.create({ purpose: "business_logo", file: logo }),
      () =>
        stripe.files.create({ purpose: "dispute_evidence", file: { ...logo, data: Buffer.from("MZ"), name: "a.exe" } }),
    ]) {
      expect(await errorOf(refused())).to.include({ statusCode: 400, code: "parameter_invalid", param: "file" });
    }
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

  it("serves a file to whoever holds a link, until the link or the file ends", async () => {
    const file = await pdf(100_000);
    const soon = file.created + 3_600;
    const lasting = await stripe.fileLinks.create({ file: file.id });
    const short = await stripe.fileLinks.create({ file: file.id, expires_at: soon });
    const statuses = async () => [(await contents(lasting.url)).status, (await contents(short.url)).status];

    expect(Buffer.compare((await contents(short.url)).bytes, pdfOf(100_000))).to.equal(0);
    expect(await statuses()).to.deep.equal([200, 200]);
    await api.running.clock.advance({ hours: 2 });
    expect(await statuses()).to.deep.equal([200, 404]);
    expect(await errorOf(stripe.fileLinks.update(short.id, { expires_at: soon + 9_999 }))).to.include({ param: "id" });
    await api.running.clock.advance({ days: 275 });
    expect(await statuses()).to.deep.equal([404, 404]);
    expect((await contents(file.url, { authorization: `Bearer ${api.running.api.key}` })).status).to.equal(404);
    expect((await contents(`${api.running.api.url}/links/link_1`)).status).to.equal(404);
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

  it("leaves books in which verify finds nothing, however long the files are", async () => {
    await pdf(1_000_000);
    await api.running.settled();

    expect((await api.running.verify()).violations).to.deep.equal([]);
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

/** A text of which no part looks like another. */
function pdfOf(bytes: number): Buffer {
  const numbers = Array.from({ length: bytes / 8 }, (_, at) => String(at).padStart(8, "0")).join("");
  return Buffer.from(`%PDF-1.7${numbers}`).subarray(0, bytes);
}

async function contents(
  url: string | null,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly headers: Headers; readonly bytes: Buffer }> {
  const response = await fetch(must(url, "the file has contents"), { headers });
  return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) };
}
