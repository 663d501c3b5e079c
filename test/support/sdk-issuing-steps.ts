import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { must } from "../../src/kernel/assert.ts";
import { askCardholders } from "./card-program.ts";
import { errorOf } from "./sdk-error.ts";
import type { Step, Walk } from "./sdk-walk.ts";

const address = { line1: "1 Main St", city: "Portland", state: "OR", postal_code: "97201", country: "US" };
const shipping = { name: "Jenny Rosen", address, service: "standard" } as const;

export const issuingSteps: readonly Step[] = [
  {
    name: "issuing.cardholders.create",
    call: async ({ as, keep, stripe }) =>
      keep("holder", await stripe.issuing.cardholders.create({ name: "Ada Lovelace", billing: { address } }, as)),
  },
  {
    name: "issuing.cardholders.retrieve",
    call: ({ as, id, stripe }) => stripe.issuing.cardholders.retrieve(id("holder"), {}, as),
  },
  {
    name: "issuing.cardholders.update",
    call: ({ as, id, stripe }) => stripe.issuing.cardholders.update(id("holder"), { metadata: { crew: "north" } }, as),
  },
  { name: "issuing.cardholders.list", call: ({ as, stripe }) => stripe.issuing.cardholders.list({}, as) },
  {
    name: "issuing.physicalBundles.list",
    call: async ({ as, keep, stripe }) => {
      const list = await stripe.issuing.physicalBundles.list({ status: "active", type: "standard" }, as);
      keep("bundle", must(list.data[0] ?? null, "a bundle"));
      return list;
    },
  },
  {
    name: "issuing.physicalBundles.retrieve",
    call: ({ as, id, stripe }) => stripe.issuing.physicalBundles.retrieve(id("bundle"), {}, as),
  },
  {
    name: "issuing.personalizationDesigns.create",
    call: async ({ as, id, keep, stripe }) => {
      const wish = { physical_bundle: id("bundle"), carrier_text: { header_title: "Welcome" } };
      return keep("design", await stripe.issuing.personalizationDesigns.create(wish, as));
    },
  },
  {
    name: "issuing.personalizationDesigns.retrieve",
    call: ({ as, id, stripe }) => stripe.issuing.personalizationDesigns.retrieve(id("design"), {}, as),
  },
  {
    name: "issuing.personalizationDesigns.update",
    call: ({ as, id, stripe }) => stripe.issuing.personalizationDesigns.update(id("design"), { name: "Crew" }, as),
  },
  {
    name: "issuing.personalizationDesigns.list",
    call: ({ as, stripe }) => stripe.issuing.personalizationDesigns.list({}, as),
  },
  {
    name: "testHelpers.issuing.personalizationDesigns.reject",
    call: ({ as, id, stripe }) =>
      stripe.testHelpers.issuing.personalizationDesigns.reject(
        id("design"),
        { rejection_reasons: { carrier_text: ["other"] } },
        as,
      ),
  },
  {
    name: "testHelpers.issuing.personalizationDesigns.activate",
    call: async ({ as, id, stripe }) => {
      await stripe.issuing.personalizationDesigns.update(id("design"), { name: "Team" }, as);
      return stripe.testHelpers.issuing.personalizationDesigns.activate(id("design"), {}, as);
    },
  },
  {
    name: "testHelpers.issuing.personalizationDesigns.deactivate",
    call: ({ as, id, stripe }) => stripe.testHelpers.issuing.personalizationDesigns.deactivate(id("design"), {}, as),
  },
  {
    name: "issuing.cards.create",
    call: async (walk) => {
      for (const name of ["delivered", "returned", "failed"]) await physicalCard(walk, name);
      return walk.stripe.issuing.cards.create(
        { cardholder: walk.id("holder"), currency: "usd", type: "virtual" },
        walk.as,
      );
    },
  },
  {
    name: "issuing.cards.retrieve",
    call: ({ as, program, stripe }) =>
      stripe.issuing.cards.retrieve(program.card.id, { expand: ["number", "cvc"] }, as),
  },
  {
    name: "issuing.cards.update",
    call: ({ as, program, stripe }) => stripe.issuing.cards.update(program.card.id, { metadata: { a: "b" } }, as),
  },
  {
    name: "issuing.cards.list",
    call: ({ as, stripe }) => stripe.issuing.cards.list({ expand: ["data.cardholder"] }, as),
  },
  {
    name: "issuing.tokens.list",
    call: ({ as, program, stripe }) => stripe.issuing.tokens.list({ card: program.card.id }, as),
  },
  // No wallet provisions a card, so that there is none to be found.
  {
    name: "issuing.tokens.retrieve",
    call: ({ as, stripe }) => errorOf(stripe.issuing.tokens.retrieve("intok_1", {}, as)),
  },
  {
    name: "issuing.tokens.update",
    call: ({ as, stripe }) => errorOf(stripe.issuing.tokens.update("intok_1", { status: "suspended" }, as)),
  },
  {
    name: "testHelpers.issuing.cards.submitCard",
    call: ({ as, id, stripe }) => stripe.testHelpers.issuing.cards.submitCard(id("delivered"), {}, as),
  },
  {
    name: "testHelpers.issuing.cards.shipCard",
    call: async ({ as, id, stripe }) => {
      await stripe.testHelpers.issuing.cards.shipCard(id("returned"), {}, as);
      return stripe.testHelpers.issuing.cards.shipCard(id("delivered"), {}, as);
    },
  },
  {
    name: "testHelpers.issuing.cards.deliverCard",
    call: ({ as, id, stripe }) => stripe.testHelpers.issuing.cards.deliverCard(id("delivered"), {}, as),
  },
  {
    name: "testHelpers.issuing.cards.returnCard",
    call: ({ as, id, stripe }) => stripe.testHelpers.issuing.cards.returnCard(id("returned"), {}, as),
  },
  {
    name: "testHelpers.issuing.cards.failCard",
    call: ({ as, id, stripe }) => stripe.testHelpers.issuing.cards.failCard(id("failed"), {}, as),
  },
  {
    name: "ephemeralKeys.create",
    call: async ({ as, keep, program, stripe }) => {
      const wish = { issuing_card: program.card.id, nonce: "a nonce of the test" };
      const options = { ...as, apiVersion: "2026-10-28.endive" };
      return keep("key", await stripe.ephemeralKeys.create(wish, options));
    },
  },
  { name: "ephemeralKeys.del", call: ({ as, id, stripe }) => stripe.ephemeralKeys.del(id("key"), {}, as) },
];

export const moneySteps: readonly Step[] = [
  {
    name: "testHelpers.issuing.authorizations.create",
    call: async (walk) => {
      for (const name of ["reversed", "expired", "captured"]) await authorization(walk, name);
      await authorization(walk, "pump", { amount: 100, merchant_data: { category: "automated_fuel_dispensers" } });
      return authorization(walk, "named");
    },
  },
  {
    name: "testHelpers.issuing.authorizations.increment",
    call: ({ as, id, stripe }) =>
      stripe.testHelpers.issuing.authorizations.increment(id("captured"), { increment_amount: 50 }, as),
  },
  {
    name: "testHelpers.issuing.authorizations.reverse",
    call: ({ as, id, stripe }) => stripe.testHelpers.issuing.authorizations.reverse(id("reversed"), {}, as),
  },
  {
    name: "testHelpers.issuing.authorizations.expire",
    call: ({ as, id, stripe }) => stripe.testHelpers.issuing.authorizations.expire(id("expired"), {}, as),
  },
  {
    name: "testHelpers.issuing.authorizations.respond",
    call: async (walk) => {
      await askCardholders(walk.url, walk.program);
      await authorization(walk, "challenged", { risk_assessment: { fraud_risk: { level: "highest" } } });
      const { as, id, stripe } = walk;
      return stripe.testHelpers.issuing.authorizations.respond(id("challenged"), { confirmed: true }, as);
    },
  },
  {
    name: "testHelpers.issuing.authorizations.finalizeAmount",
    call: ({ as, id, stripe }) =>
      stripe.testHelpers.issuing.authorizations.finalizeAmount(id("pump"), { final_amount: 3_000 }, as),
  },
  {
    name: "testHelpers.issuing.authorizations.capture",
    call: async ({ as, id, keep, stripe }) => {
      const captured = await stripe.testHelpers.issuing.authorizations.capture(id("captured"), {}, as);
      keep("capture", must(captured.transactions[0] ?? null, "a transaction"));
      return captured;
    },
  },
  { name: "issuing.authorizations.list", call: ({ as, stripe }) => stripe.issuing.authorizations.list({}, as) },
  {
    name: "issuing.authorizations.retrieve",
    call: ({ as, id, stripe }) => stripe.issuing.authorizations.retrieve(id("named"), {}, as),
  },
  {
    name: "issuing.authorizations.update",
    call: ({ as, id, stripe }) => stripe.issuing.authorizations.update(id("named"), { metadata: { a: "b" } }, as),
  },
  { name: "issuing.authorizations.approve", call: (walk) => answeredMeanwhile(walk, "approve") },
  { name: "issuing.authorizations.decline", call: (walk) => answeredMeanwhile(walk, "decline") },
  {
    name: "testHelpers.issuing.transactions.refund",
    call: ({ as, id, stripe }) =>
      stripe.testHelpers.issuing.transactions.refund(id("capture"), { refund_amount: 100 }, as),
  },
  {
    name: "testHelpers.issuing.transactions.createForceCapture",
    call: async ({ as, keep, program, stripe }) => {
      const wish = { card: program.card.id, amount: 700, currency: "usd" };
      return keep("forced", await stripe.testHelpers.issuing.transactions.createForceCapture(wish, as));
    },
  },
  {
    name: "testHelpers.issuing.transactions.createUnlinkedRefund",
    call: ({ as, program, stripe }) =>
      stripe.testHelpers.issuing.transactions.createUnlinkedRefund(
        { card: program.card.id, amount: 300, currency: "usd" },
        as,
      ),
  },
  { name: "issuing.transactions.list", call: ({ as, stripe }) => stripe.issuing.transactions.list({}, as) },
  {
    name: "issuing.transactions.retrieve",
    call: ({ as, id, stripe }) =>
      stripe.issuing.transactions.retrieve(id("forced"), { expand: ["card", "balance_transaction"] }, as),
  },
  {
    name: "issuing.transactions.update",
    call: ({ as, id, stripe }) => stripe.issuing.transactions.update(id("forced"), { metadata: { a: "b" } }, as),
  },
  {
    name: "issuing.disputes.create",
    call: async ({ as, id, keep, stripe }) =>
      keep("dispute", await stripe.issuing.disputes.create({ transaction: id("forced") }, as)),
  },
  {
    name: "issuing.disputes.update",
    call: ({ as, id, stripe }) =>
      stripe.issuing.disputes.update(
        id("dispute"),
        { evidence: { reason: "fraudulent", fraudulent: { explanation: "winning_evidence" } } },
        as,
      ),
  },
  {
    name: "issuing.disputes.submit",
    call: ({ as, id, stripe }) => stripe.issuing.disputes.submit(id("dispute"), {}, as),
  },
  {
    name: "issuing.disputes.retrieve",
    call: ({ as, id, stripe }) => stripe.issuing.disputes.retrieve(id("dispute"), {}, as),
  },
  { name: "issuing.disputes.list", call: ({ as, stripe }) => stripe.issuing.disputes.list({}, as) },
];

async function physicalCard({ as, id, keep, stripe }: Walk, name: string): Promise<void> {
  const wish = { cardholder: id("holder"), currency: "usd", type: "physical", shipping } as const;
  keep(name, await stripe.issuing.cards.create(wish, as));
}

async function authorization({ as, keep, program, stripe }: Walk, name: string, more: object = {}): Promise<unknown> {
  const wish = { card: program.card.id, amount: 1_000, ...more };
  return keep(name, await stripe.testHelpers.issuing.authorizations.create(wish, as));
}

/** The endpoint answers by a call of its own while it is asked, as programs of earlier versions do. */
async function answeredMeanwhile({ as, program, stripe }: Walk, how: "approve" | "decline"): Promise<unknown> {
  let answered: Promise<unknown> = Promise.reject(new Error("the endpoint was not asked"));
  answered.catch(() => undefined);
  const endpoint = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { data } = JSON.parse(Buffer.concat(chunks).toString("utf8")) as { data: { object: { id: string } } };
      answered = stripe.issuing.authorizations[how](data.object.id, {}, as);
      answered.then(
        () => response.end(),
        () => response.destroy(),
      );
    });
  });
  endpoint.listen(0, "127.0.0.1");
  await once(endpoint, "listening");
  const { port } = endpoint.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/`;
  const { id } = await stripe.webhookEndpoints.create({ url, enabled_events: ["issuing_authorization.request"] }, as);
  try {
    await stripe.testHelpers.issuing.authorizations.create({ card: program.card.id, amount: 500 }, as);
    return await answered;
  } finally {
    await stripe.webhookEndpoints.del(id, {}, as);
    endpoint.closeAllConnections();
    endpoint.close();
  }
}
