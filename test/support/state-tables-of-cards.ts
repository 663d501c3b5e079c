import type Stripe from "stripe";
import { must } from "../../src/kernel/assert.ts";
import { askCardholders } from "./card-program.ts";
import type { StateGround, StateTable } from "./state-tables.ts";

const address = { line1: "1 Main St", city: "Portland", state: "OR", postal_code: "97201", country: "US" };
const helpers = ({ api }: StateGround): Stripe["testHelpers"]["issuing"] => api.stripe.testHelpers.issuing;

/** A declined one is closed as well, but nothing can be captured of it; one at the pump waits for what was pumped. */
export const authorizationTable: StateTable<
  "at the pump" | "captured" | "challenged" | "declined" | "expired" | "pending" | "reversed",
  "capture" | "capture a part" | "expire" | "finalize" | "increment" | "respond" | "reverse" | "reverse a part"
> = {
  object: "authorization",
  make: {
    "at the pump": (ground) =>
      authorized(ground, { amount: 100, merchant_data: { category: "automated_fuel_dispensers" } }),
    captured: (ground) => authorizedAnd(ground, "capture"),
    challenged: async (ground) => {
      await askCardholders(ground.api.running.api.url, ground.program);
      return authorized(ground, { risk_assessment: { fraud_risk: { level: "highest" } } });
    },
    declined: (ground) => authorized(ground, { amount: 99_999_999 }),
    expired: (ground) => authorizedAnd(ground, "expire"),
    pending: (ground) => authorized(ground),
    reversed: (ground) => authorizedAnd(ground, "reverse"),
  },
  acts: {
    capture: (ground, id) => helpers(ground).authorizations.capture(id, { capture_amount: 700 }, ground.program.as),
    "capture a part": (ground, id) =>
      helpers(ground).authorizations.capture(id, { capture_amount: 50, close_authorization: false }, ground.program.as),
    expire: (ground, id) => helpers(ground).authorizations.expire(id, {}, ground.program.as),
    finalize: (ground, id) =>
      helpers(ground).authorizations.finalizeAmount(id, { final_amount: 2_000 }, ground.program.as),
    increment: (ground, id) =>
      helpers(ground).authorizations.increment(id, { increment_amount: 200 }, ground.program.as),
    respond: (ground, id) => helpers(ground).authorizations.respond(id, { confirmed: true }, ground.program.as),
    reverse: (ground, id) => helpers(ground).authorizations.reverse(id, {}, ground.program.as),
    "reverse a part": (ground, id) =>
      helpers(ground).authorizations.reverse(id, { reverse_amount: 50 }, ground.program.as),
  },
  retrieve: ({ api, program }, id) => api.stripe.issuing.authorizations.retrieve(id, {}, program.as),
  statusOf: async ({ api, program }, id) =>
    (await api.stripe.issuing.authorizations.retrieve(id, {}, program.as)).status,
  edges: {
    pending: {
      capture: "closed",
      "capture a part": "pending",
      expire: "expired",
      finalize: null,
      increment: "pending",
      respond: null,
      reverse: "reversed",
      "reverse a part": "pending",
    },
    "at the pump": {
      capture: "closed",
      "capture a part": "pending",
      expire: "expired",
      finalize: "pending",
      increment: "pending",
      respond: null,
      reverse: "reversed",
      "reverse a part": "pending",
    },
    captured: ended("closed"),
    // What ends so keeps its status, whatever is cleared later. Whoever lets it expire twice is told of the first time.
    expired: { ...ended("expired"), expire: "expired" },
    reversed: ended("reversed"),
    declined: ended(null),
    challenged: { ...ended(null), respond: "closed" },
  },
};

/** Only a capture still comes, later or more than once. */
function ended<After extends string | null>(capture: After) {
  return {
    capture,
    "capture a part": capture,
    expire: null,
    finalize: null,
    increment: null,
    respond: null,
    reverse: null,
    "reverse a part": null,
  };
}

async function authorized(
  { api, program }: StateGround,
  more: Partial<Parameters<Stripe["testHelpers"]["issuing"]["authorizations"]["create"]>[0]> = {},
): Promise<string> {
  const wish = { card: program.card.id, amount: 1_000, ...more };
  return (await api.stripe.testHelpers.issuing.authorizations.create(wish, program.as)).id;
}

async function authorizedAnd(ground: StateGround, act: "capture" | "expire" | "reverse"): Promise<string> {
  const id = await authorized(ground);
  await helpers(ground).authorizations[act](id, {}, ground.program.as);
  return id;
}

export const cardTable: StateTable<
  "active" | "canceled" | "inactive",
  "activate" | "cancel" | "deactivate" | "report lost"
> = {
  object: "card",
  make: {
    active: (ground) => cardWith(ground, { type: "virtual", status: "active" }),
    canceled: async (ground) => {
      const id = await cardWith(ground, { type: "virtual", status: "active" });
      await ground.api.stripe.issuing.cards.update(id, { status: "canceled" }, ground.program.as);
      return id;
    },
    inactive: (ground) => cardWith(ground, { type: "virtual" }),
  },
  acts: {
    activate: changeCard({ status: "active" }),
    cancel: changeCard({ status: "canceled" }),
    deactivate: changeCard({ status: "inactive" }),
    "report lost": changeCard({ status: "canceled", cancellation_reason: "lost" }),
  },
  retrieve: ({ api, program }, id) => api.stripe.issuing.cards.retrieve(id, {}, program.as),
  statusOf: async ({ api, program }, id) => (await api.stripe.issuing.cards.retrieve(id, {}, program.as)).status,
  edges: {
    active: { activate: "active", cancel: "canceled", deactivate: "inactive", "report lost": "canceled" },
    canceled: { activate: null, cancel: null, deactivate: null, "report lost": null },
    inactive: { activate: "active", cancel: "canceled", deactivate: "inactive", "report lost": "canceled" },
  },
};

function changeCard(change: Stripe.Issuing.CardUpdateParams) {
  return ({ api, program }: StateGround, id: string): Promise<unknown> =>
    api.stripe.issuing.cards.update(id, change, program.as);
}

async function cardWith(
  { api, program }: StateGround,
  wish: Pick<Stripe.Issuing.CardCreateParams, "shipping" | "status" | "type">,
): Promise<string> {
  const more = { cardholder: program.cardholder.id, currency: "usd" };
  return (await api.stripe.issuing.cards.create({ ...more, ...wish }, program.as)).id;
}

type ShippingAct = "cancel the card" | "deliver" | "fail" | "return" | "ship" | "submit";

const nothingMore = { deliver: null, fail: null, return: null, ship: null, submit: null } as const;

/** The parcel of a physical card. */
export const shippingTable: StateTable<
  "canceled" | "delivered" | "failure" | "pending" | "returned" | "shipped" | "submitted",
  ShippingAct
> = {
  object: "shipping of a card",
  make: {
    pending: (ground) => parcel(ground, []),
    submitted: (ground) => parcel(ground, ["submitCard"]),
    shipped: (ground) => parcel(ground, ["submitCard", "shipCard"]),
    delivered: (ground) => parcel(ground, ["shipCard", "deliverCard"]),
    returned: (ground) => parcel(ground, ["shipCard", "returnCard"]),
    failure: (ground) => parcel(ground, ["failCard"]),
    canceled: async (ground) => {
      const id = await parcel(ground, []);
      await changeCard({ status: "canceled" })(ground, id);
      return id;
    },
  },
  acts: {
    submit: (ground, id) => helpers(ground).cards.submitCard(id, {}, ground.program.as),
    ship: (ground, id) => helpers(ground).cards.shipCard(id, {}, ground.program.as),
    deliver: (ground, id) => helpers(ground).cards.deliverCard(id, {}, ground.program.as),
    return: (ground, id) => helpers(ground).cards.returnCard(id, {}, ground.program.as),
    fail: (ground, id) => helpers(ground).cards.failCard(id, {}, ground.program.as),
    "cancel the card": changeCard({ status: "canceled" }),
  },
  retrieve: ({ api, program }, id) => api.stripe.issuing.cards.retrieve(id, {}, program.as),
  statusOf: async ({ api, program }, id) =>
    must((await api.stripe.issuing.cards.retrieve(id, {}, program.as)).shipping, "a parcel").status,
  edges: {
    pending: {
      submit: "submitted",
      ship: "shipped",
      deliver: null,
      return: null,
      fail: "failure",
      "cancel the card": "canceled",
    },
    submitted: {
      submit: null,
      ship: "shipped",
      deliver: null,
      return: null,
      fail: "failure",
      "cancel the card": "submitted",
    },
    shipped: {
      submit: null,
      ship: null,
      deliver: "delivered",
      return: "returned",
      fail: "failure",
      "cancel the card": "shipped",
    },
    delivered: { ...nothingMore, "cancel the card": "delivered" },
    returned: { ...nothingMore, "cancel the card": "returned" },
    failure: { ...nothingMore, "cancel the card": "failure" },
    canceled: { ...nothingMore, "cancel the card": null },
  },
};

async function parcel(
  ground: StateGround,
  way: readonly ("deliverCard" | "failCard" | "returnCard" | "shipCard" | "submitCard")[],
): Promise<string> {
  const id = await cardWith(ground, { type: "physical", shipping: { name: "Jenny Rosen", address } });
  for (const stage of way) await helpers(ground).cards[stage](id, {}, ground.program.as);
  return id;
}
