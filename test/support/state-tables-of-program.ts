import { must } from "../../src/kernel/assert.ts";
import type { StateGround, StateTable } from "./state-tables.ts";

export const cardholderTable: StateTable<"active" | "inactive", "activate" | "deactivate"> = {
  object: "cardholder",
  make: {
    active: ({ program }) => Promise.resolve(program.cardholder.id),
    inactive: async ({ api, program }) => {
      const { id } = await api.stripe.issuing.cardholders.update(
        program.cardholder.id,
        { status: "inactive" },
        program.as,
      );
      return id;
    },
  },
  acts: {
    activate: ({ api, program }, id) => api.stripe.issuing.cardholders.update(id, { status: "active" }, program.as),
    deactivate: ({ api, program }, id) => api.stripe.issuing.cardholders.update(id, { status: "inactive" }, program.as),
  },
  retrieve: ({ api, program }, id) => api.stripe.issuing.cardholders.retrieve(id, {}, program.as),
  statusOf: async ({ api, program }, id) => (await api.stripe.issuing.cardholders.retrieve(id, {}, program.as)).status,
  edges: {
    active: { activate: "active", deactivate: "inactive" },
    inactive: { activate: "active", deactivate: "inactive" },
  },
};

const winning = { reason: "other", other: { explanation: "winning_evidence" } } as const;
const losing = { reason: "other", other: { explanation: "losing_evidence" } } as const;
const plain = { reason: "other", other: { explanation: "It was not what I ordered." } } as const;

/** Metadata may change at any time: that is told as an edge to the same status. */
export const disputeTable: StateTable<
  "expired" | "lost" | "submitted" | "unsubmitted" | "won",
  "change evidence" | "change metadata" | "submit"
> = {
  object: "dispute",
  make: {
    unsubmitted: (ground) => dispute(ground, plain),
    submitted: (ground) => submitted(ground, plain),
    won: (ground) => submitted(ground, winning),
    lost: (ground) => submitted(ground, losing),
    expired: async (ground) => {
      const id = await dispute(ground, plain);
      await ground.api.running.clock.advance({ days: 111 });
      return id;
    },
  },
  acts: {
    "change evidence": ({ api, program }, id) =>
      api.stripe.issuing.disputes.update(id, { evidence: winning }, program.as),
    "change metadata": ({ api, program }, id) =>
      api.stripe.issuing.disputes.update(id, { metadata: { seen: "yes" } }, program.as),
    submit: ({ api, program }, id) => api.stripe.issuing.disputes.submit(id, {}, program.as),
  },
  retrieve: ({ api, program }, id) => api.stripe.issuing.disputes.retrieve(id, {}, program.as),
  statusOf: async ({ api, program }, id) => (await api.stripe.issuing.disputes.retrieve(id, {}, program.as)).status,
  edges: {
    unsubmitted: { "change evidence": "unsubmitted", "change metadata": "unsubmitted", submit: "submitted" },
    submitted: { "change evidence": null, "change metadata": "submitted", submit: null },
    won: { "change evidence": null, "change metadata": "won", submit: null },
    lost: { "change evidence": null, "change metadata": "lost", submit: null },
    expired: { "change evidence": null, "change metadata": "expired", submit: null },
  },
};

async function dispute(
  { api, program }: StateGround,
  evidence: typeof losing | typeof plain | typeof winning,
): Promise<string> {
  const wish = { card: program.card.id, amount: 700, currency: "usd" };
  const { id: transaction } = await api.stripe.testHelpers.issuing.transactions.createForceCapture(wish, program.as);
  return (await api.stripe.issuing.disputes.create({ transaction, evidence }, program.as)).id;
}

async function submitted(
  ground: StateGround,
  evidence: typeof losing | typeof plain | typeof winning,
): Promise<string> {
  const id = await dispute(ground, evidence);
  await ground.api.stripe.issuing.disputes.submit(id, {}, ground.program.as);
  return id;
}

export const designTable: StateTable<
  "active" | "inactive" | "rejected" | "review",
  "activate" | "deactivate" | "print anew" | "reject"
> = {
  object: "personalization design",
  make: {
    review: (ground) => design(ground),
    active: (ground) => designAnd(ground, ["activate"]),
    inactive: (ground) => designAnd(ground, ["activate", "deactivate"]),
    rejected: (ground) => designAnd(ground, ["reject"]),
  },
  acts: {
    activate: (ground, id) => reviewed(ground, id, "activate"),
    deactivate: (ground, id) => reviewed(ground, id, "deactivate"),
    reject: (ground, id) => reviewed(ground, id, "reject"),
    "print anew": ({ api, program }, id) =>
      api.stripe.issuing.personalizationDesigns.update(
        id,
        { carrier_text: { header_title: "Hello again" } },
        program.as,
      ),
  },
  retrieve: ({ api, program }, id) => api.stripe.issuing.personalizationDesigns.retrieve(id, {}, program.as),
  statusOf: async ({ api, program }, id) =>
    (await api.stripe.issuing.personalizationDesigns.retrieve(id, {}, program.as)).status,
  edges: {
    review: { activate: "active", deactivate: "inactive", "print anew": "review", reject: "rejected" },
    active: { activate: null, deactivate: "inactive", "print anew": "review", reject: "rejected" },
    inactive: { activate: "active", deactivate: null, "print anew": "review", reject: null },
    rejected: { activate: "active", deactivate: null, "print anew": "review", reject: null },
  },
};

type Review = "activate" | "deactivate" | "reject";

function reviewed({ api, program }: StateGround, id: string, review: Review): Promise<unknown> {
  const { personalizationDesigns } = api.stripe.testHelpers.issuing;
  const reasons = { rejection_reasons: { carrier_text: ["other" as const] } };
  return review === "reject"
    ? personalizationDesigns.reject(id, reasons, program.as)
    : personalizationDesigns[review](id, {}, program.as);
}

async function design({ api, program }: StateGround): Promise<string> {
  const { data } = await api.stripe.issuing.physicalBundles.list({ status: "active", type: "standard" }, program.as);
  const physical_bundle = must(data[0] ?? null, "a bundle").id;
  const wish = { physical_bundle, carrier_text: { header_title: "Welcome" } };
  return (await api.stripe.issuing.personalizationDesigns.create(wish, program.as)).id;
}

async function designAnd(ground: StateGround, reviews: readonly Review[]): Promise<string> {
  const id = await design(ground);
  for (const review of reviews) await reviewed(ground, id, review);
  return id;
}

export const endpointTable: StateTable<"disabled" | "enabled", "disable" | "enable"> = {
  object: "webhook endpoint",
  make: {
    enabled: (ground) => endpoint(ground),
    disabled: async (ground) => {
      const id = await endpoint(ground);
      await ground.api.stripe.webhookEndpoints.update(id, { disabled: true }, ground.program.as);
      return id;
    },
  },
  acts: {
    disable: ({ api, program }, id) => api.stripe.webhookEndpoints.update(id, { disabled: true }, program.as),
    enable: ({ api, program }, id) => api.stripe.webhookEndpoints.update(id, { disabled: false }, program.as),
  },
  retrieve: ({ api, program }, id) => api.stripe.webhookEndpoints.retrieve(id, {}, program.as),
  statusOf: async ({ api, program }, id) => (await api.stripe.webhookEndpoints.retrieve(id, {}, program.as)).status,
  edges: { enabled: { disable: "disabled", enable: "enabled" }, disabled: { disable: "disabled", enable: "enabled" } },
};

/** It asks for what never happens here, so that nothing is sent to it. */
async function endpoint({ api, program }: StateGround): Promise<string> {
  const wish = { url: "http://127.0.0.1:9/", enabled_events: ["topup.reversed" as const] };
  return (await api.stripe.webhookEndpoints.create(wish, program.as)).id;
}
