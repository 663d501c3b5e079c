import { must } from "../../src/kernel/assert.ts";
import type { StateGround, StateTable } from "./state-tables.ts";

type PayoutState = "canceled" | "failed" | "paid" | "pending" | "reversed";

/** Of Stripe's test numbers the one whose bank sends back what is paid to it. */
const refusingNumber = "000111111116";
const usualNumber = "000123456789";

export const payoutTable: StateTable<PayoutState, "cancel" | "reverse"> = {
  object: "payout",
  make: {
    pending: (ground) => payout(ground),
    paid: (ground) => paid(ground),
    canceled: async (ground) => {
      const id = await payout(ground);
      await ground.api.stripe.payouts.cancel(id, {}, ground.program.as);
      return id;
    },
    failed: async (ground) => {
      await bank(ground, refusingNumber);
      return paid(ground);
    },
    reversed: async (ground) => {
      const id = await paid(ground);
      await ground.api.stripe.payouts.reverse(id, {}, ground.program.as);
      return id;
    },
  },
  acts: {
    cancel: ({ api, program }, id) => api.stripe.payouts.cancel(id, {}, program.as),
    reverse: ({ api, program }, id) => api.stripe.payouts.reverse(id, {}, program.as),
  },
  retrieve: ({ api, program }, id) => api.stripe.payouts.retrieve(id, {}, program.as),
  statusOf: async ({ api, program }, id) => {
    const { reversed_by, status } = await api.stripe.payouts.retrieve(id, {}, program.as);
    return reversed_by === null ? status : "reversed";
  },
  edges: {
    pending: { cancel: "canceled", reverse: null },
    paid: { cancel: null, reverse: "reversed" },
    canceled: { cancel: null, reverse: null },
    failed: { cancel: null, reverse: null },
    reversed: { cancel: null, reverse: null },
  },
};

async function payout({ api, program }: StateGround): Promise<string> {
  await api.stripe.topups.create({ amount: 1_000, currency: "usd" }, program.as);
  return (await api.stripe.payouts.create({ amount: 1_000, currency: "usd" }, program.as)).id;
}

/** Some days later. */
async function paid(ground: StateGround): Promise<string> {
  const id = await payout(ground);
  await ground.api.running.clock.advance("3d");
  return id;
}

async function bank({ api, program }: StateGround, account_number: string): Promise<string> {
  const external_account = { object: "bank_account", country: "US", currency: "usd", account_number } as const;
  return (await api.stripe.accounts.createExternalAccount(program.account.id, { external_account })).id;
}

export const topupTable: StateTable<"canceled" | "pending" | "succeeded", "cancel"> = {
  object: "top-up",
  make: {
    succeeded: (ground) => topUp(ground, {}),
    pending: (ground) => topUp(ground, { source: "btok_us_verified" }),
    canceled: async (ground) => {
      const id = await topUp(ground, { source: "btok_us_verified" });
      await ground.api.stripe.topups.cancel(id, {}, ground.program.as);
      return id;
    },
  },
  acts: { cancel: ({ api, program }, id) => api.stripe.topups.cancel(id, {}, program.as) },
  retrieve: ({ api, program }, id) => api.stripe.topups.retrieve(id, {}, program.as),
  statusOf: async ({ api, program }, id) => (await api.stripe.topups.retrieve(id, {}, program.as)).status,
  edges: { succeeded: { cancel: null }, pending: { cancel: "canceled" }, canceled: { cancel: null } },
};

async function topUp({ api, program }: StateGround, from: { readonly source?: string }): Promise<string> {
  return (await api.stripe.topups.create({ amount: 1_000, currency: "usd", ...from }, program.as)).id;
}

type TransferState = "partly reversed" | "reversed" | "whole";

export const transferTable: StateTable<TransferState, "reverse a part" | "reverse the rest"> = {
  object: "transfer",
  make: {
    whole: (ground) => transfer(ground),
    "partly reversed": async (ground) => {
      const id = await transfer(ground);
      await ground.api.stripe.transfers.createReversal(id, { amount: 100 });
      return id;
    },
    reversed: async (ground) => {
      const id = await transfer(ground);
      await ground.api.stripe.transfers.createReversal(id);
      return id;
    },
  },
  acts: {
    "reverse a part": ({ api }, id) => api.stripe.transfers.createReversal(id, { amount: 100 }),
    "reverse the rest": ({ api }, id) => api.stripe.transfers.createReversal(id),
  },
  retrieve: ({ api }, id) => api.stripe.transfers.retrieve(id),
  statusOf: async ({ api }, id) => {
    const { amount_reversed, reversed } = await api.stripe.transfers.retrieve(id);
    return reversed ? "reversed" : amount_reversed > 0 ? "partly reversed" : "whole";
  },
  edges: {
    whole: { "reverse a part": "partly reversed", "reverse the rest": "reversed" },
    "partly reversed": { "reverse a part": "partly reversed", "reverse the rest": "reversed" },
    reversed: { "reverse a part": null, "reverse the rest": null },
  },
};

async function transfer({ api, program }: StateGround): Promise<string> {
  await api.stripe.topups.create({ amount: 1_000, currency: "usd" });
  const { id } = await api.stripe.transfers.create({ amount: 1_000, currency: "usd", destination: program.account.id });
  return id;
}

export const transactionTable: StateTable<"capture" | "refund", "refund"> = {
  object: "transaction",
  make: {
    capture: async ({ api, program }) => {
      const posted = { card: program.card.id, amount: 500, currency: "usd" };
      return (await api.stripe.testHelpers.issuing.transactions.createForceCapture(posted, program.as)).id;
    },
    refund: async ({ api, program }) => {
      const posted = { card: program.card.id, amount: 500, currency: "usd" };
      return (await api.stripe.testHelpers.issuing.transactions.createUnlinkedRefund(posted, program.as)).id;
    },
  },
  acts: { refund: ({ api, program }, id) => api.stripe.testHelpers.issuing.transactions.refund(id, {}, program.as) },
  retrieve: ({ api, program }, id) => api.stripe.issuing.transactions.retrieve(id, {}, program.as),
  statusOf: async ({ api, program }, id) => (await api.stripe.issuing.transactions.retrieve(id, {}, program.as)).type,
  edges: { capture: { refund: "capture" }, refund: { refund: null } },
};

export const externalAccountTable: StateTable<"default" | "other", "delete" | "make default"> = {
  object: "external account",
  make: {
    default: async (ground) => {
      const id = await bank(ground, usualNumber);
      await bank(ground, refusingNumber);
      return id;
    },
    other: async (ground) => {
      await bank(ground, usualNumber);
      return bank(ground, refusingNumber);
    },
  },
  acts: {
    delete: ({ api, program }, id) => api.stripe.accounts.deleteExternalAccount(program.account.id, id),
    "make default": ({ api, program }, id) =>
      api.stripe.accounts.updateExternalAccount(program.account.id, id, { default_for_currency: true }),
  },
  retrieve: ({ api, program }, id) => api.stripe.accounts.retrieveExternalAccount(program.account.id, id),
  statusOf: async ({ api, program }, id) => {
    const { data } = await api.stripe.accounts.listExternalAccounts(program.account.id);
    const found = data.find((one) => one.id === id);
    return found === undefined ? "deleted" : found.default_for_currency === true ? "default" : "other";
  },
  edges: {
    default: { delete: null, "make default": "default" },
    other: { delete: "deleted", "make default": "default" },
  },
};

export const capabilityTable: StateTable<"active" | "inactive" | "unrequested", "give back" | "request"> = {
  object: "capability",
  make: {
    active: () => Promise.resolve("transfers"),
    unrequested: async (ground) => {
      await wish(ground, false);
      return "transfers";
    },
    inactive: async ({ api, program }) => {
      await api.stripe.accounts.reject(program.account.id, { reason: "fraud" });
      return "transfers";
    },
  },
  acts: { "give back": (ground) => wish(ground, false), request: (ground) => wish(ground, true) },
  retrieve: ({ api, program }, id) => api.stripe.accounts.retrieveCapability(program.account.id, id),
  statusOf: async ({ api, program }, id) =>
    must((await api.stripe.accounts.retrieveCapability(program.account.id, id)).status, "a capability has a status"),
  edges: {
    active: { "give back": "unrequested", request: "active" },
    unrequested: { "give back": "unrequested", request: "active" },
    inactive: { "give back": "unrequested", request: "inactive" },
  },
};

function wish({ api, program }: StateGround, requested: boolean): Promise<unknown> {
  return api.stripe.accounts.updateCapability(program.account.id, "transfers", { requested });
}
