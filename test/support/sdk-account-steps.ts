import { postAdmin } from "./card-program.ts";
import type { Step } from "./sdk-walk.ts";

const logo = Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]);

export const accountSteps: readonly Step[] = [
  {
    name: "accounts.create",
    call: async ({ keep, stripe }) =>
      keep(
        "second",
        await stripe.accounts.create({
          type: "custom",
          country: "DE",
          capabilities: { card_issuing: { requested: true } },
        }),
      ),
  },
  { name: "countrySpecs.list", call: ({ stripe }) => stripe.countrySpecs.list() },
  { name: "countrySpecs.retrieve", call: ({ stripe }) => stripe.countrySpecs.retrieve("DE") },
  { name: "accounts.retrieve", call: ({ id, stripe }) => stripe.accounts.retrieve(id("second")) },
  { name: "accounts.retrieveCurrent", call: ({ as, stripe }) => stripe.accounts.retrieveCurrent({}, as) },
  { name: "accounts.list", call: ({ stripe }) => stripe.accounts.list() },
  {
    name: "accounts.update",
    call: ({ program, stripe }) => stripe.accounts.update(program.account.id, { metadata: { crew: "north" } }),
  },
  {
    name: "accounts.listCapabilities",
    call: ({ program, stripe }) => stripe.accounts.listCapabilities(program.account.id),
  },
  {
    name: "accounts.updateCapability",
    call: ({ program, stripe }) =>
      stripe.accounts.updateCapability(program.account.id, "treasury", { requested: true }),
  },
  {
    name: "accounts.retrieveCapability",
    call: ({ program, stripe }) => stripe.accounts.retrieveCapability(program.account.id, "card_issuing"),
  },
  {
    name: "accounts.createExternalAccount",
    call: async ({ keep, program, stripe }) =>
      keep(
        "bank",
        await stripe.accounts.createExternalAccount(program.account.id, {
          external_account: {
            object: "bank_account",
            country: "US",
            currency: "usd",
            routing_number: "110000000",
            account_number: "000123456789",
          },
        }),
      ),
  },
  {
    name: "accounts.listExternalAccounts",
    call: ({ program, stripe }) => stripe.accounts.listExternalAccounts(program.account.id),
  },
  {
    name: "accounts.retrieveExternalAccount",
    call: ({ id, program, stripe }) => stripe.accounts.retrieveExternalAccount(program.account.id, id("bank")),
  },
  {
    name: "accounts.updateExternalAccount",
    call: ({ id, program, stripe }) =>
      stripe.accounts.updateExternalAccount(program.account.id, id("bank"), { metadata: { of: "payouts" } }),
  },
  {
    name: "accounts.createPerson",
    call: async ({ keep, program, stripe }) =>
      keep("person", await stripe.accounts.createPerson(program.account.id, { first_name: "Ada" })),
  },
  {
    name: "accounts.retrievePerson",
    call: ({ id, program, stripe }) => stripe.accounts.retrievePerson(program.account.id, id("person")),
  },
  {
    name: "accounts.updatePerson",
    call: ({ id, program, stripe }) =>
      stripe.accounts.updatePerson(program.account.id, id("person"), { email: "ada@example.com" }),
  },
  {
    name: "accounts.createLoginLink",
    call: async ({ stripe }) => {
      const { id } = await stripe.accounts.create({ type: "express", country: "US" });
      return stripe.accounts.createLoginLink(id);
    },
  },
  {
    name: "accountLinks.create",
    call: ({ program, stripe }) =>
      stripe.accountLinks.create({
        account: program.account.id,
        type: "account_onboarding",
        return_url: "https://example.com/back",
        refresh_url: "https://example.com/again",
      }),
  },
  { name: "accounts.listPersons", call: ({ program, stripe }) => stripe.accounts.listPersons(program.account.id) },
  {
    name: "accounts.deletePerson",
    call: ({ id, program, stripe }) => stripe.accounts.deletePerson(program.account.id, id("person")),
  },
  { name: "accounts.reject", call: ({ id, stripe }) => stripe.accounts.reject(id("second"), { reason: "other" }) },
  { name: "accounts.unreject", call: ({ id, stripe }) => stripe.accounts.unreject(id("second")) },
  { name: "accounts.del", call: ({ id, stripe }) => stripe.accounts.del(id("second")) },
  {
    name: "files.create",
    call: async ({ as, keep, stripe }) =>
      keep(
        "file",
        await stripe.files.create(
          { purpose: "issuing_logo", file: { data: logo, name: "logo.png", type: "image/png" } },
          as,
        ),
      ),
  },
  { name: "files.retrieve", call: ({ as, id, stripe }) => stripe.files.retrieve(id("file"), {}, as) },
  { name: "files.list", call: ({ as, stripe }) => stripe.files.list({}, as) },
  {
    name: "fileLinks.create",
    call: async ({ as, id, keep, stripe }) => keep("link", await stripe.fileLinks.create({ file: id("file") }, as)),
  },
  { name: "fileLinks.retrieve", call: ({ as, id, stripe }) => stripe.fileLinks.retrieve(id("link"), {}, as) },
  {
    name: "fileLinks.update",
    call: ({ as, id, stripe }) => stripe.fileLinks.update(id("link"), { metadata: { a: "b" } }, as),
  },
  { name: "fileLinks.list", call: ({ as, stripe }) => stripe.fileLinks.list({}, as) },
];

export const fundingSteps: readonly Step[] = [
  {
    name: "topups.create",
    call: async ({ as, keep, stripe }) =>
      keep("topup", await stripe.topups.create({ amount: 50_000, currency: "usd" }, as)),
  },
  { name: "topups.retrieve", call: ({ as, id, stripe }) => stripe.topups.retrieve(id("topup"), {}, as) },
  {
    name: "topups.update",
    call: ({ as, id, stripe }) => stripe.topups.update(id("topup"), { description: "payments" }, as),
  },
  { name: "topups.list", call: ({ as, stripe }) => stripe.topups.list({}, as) },
  // What is topped up is there at once, so that nothing is left to cancel.
  {
    name: "topups.cancel",
    call: async ({ as, stripe }) => {
      const asked = { amount: 700, currency: "usd", source: "btok_us_verified" };
      return stripe.topups.cancel((await stripe.topups.create(asked, as)).id, {}, as);
    },
  },
  {
    name: "payouts.create",
    call: async ({ as, keep, stripe }) => {
      await stripe.payouts.create({ amount: 500, currency: "usd", method: "instant" }, as);
      return keep("payout", await stripe.payouts.create({ amount: 1_000, currency: "usd" }, as));
    },
  },
  { name: "payouts.retrieve", call: ({ as, id, stripe }) => stripe.payouts.retrieve(id("payout"), {}, as) },
  {
    name: "payouts.update",
    call: ({ as, id, stripe }) => stripe.payouts.update(id("payout"), { metadata: { a: "b" } }, as),
  },
  { name: "payouts.cancel", call: ({ as, id, stripe }) => stripe.payouts.cancel(id("payout"), {}, as) },
  {
    name: "payouts.reverse",
    call: async ({ as, stripe, url }) => {
      const { id } = await stripe.payouts.create({ amount: 700, currency: "usd" }, as);
      await postAdmin(`${url}/_admin/clock`, { advance: "2d" });
      return stripe.payouts.reverse(id, {}, as);
    },
  },
  { name: "payouts.list", call: ({ as, stripe }) => stripe.payouts.list({}, as) },
  {
    name: "transfers.create",
    call: async ({ keep, program, stripe }) => {
      await stripe.topups.create({ amount: 9_000, currency: "usd" });
      const wish = { amount: 2_000, currency: "usd", destination: program.account.id };
      return keep("transfer", await stripe.transfers.create(wish));
    },
  },
  { name: "transfers.retrieve", call: ({ id, stripe }) => stripe.transfers.retrieve(id("transfer")) },
  {
    name: "transfers.update",
    call: ({ id, stripe }) => stripe.transfers.update(id("transfer"), { metadata: { a: "b" } }),
  },
  { name: "transfers.list", call: ({ stripe }) => stripe.transfers.list() },
  {
    name: "transfers.createReversal",
    call: async ({ id, keep, stripe }) =>
      keep("reversal", await stripe.transfers.createReversal(id("transfer"), { amount: 500 })),
  },
  {
    name: "transfers.retrieveReversal",
    call: ({ id, stripe }) => stripe.transfers.retrieveReversal(id("transfer"), id("reversal")),
  },
  {
    name: "transfers.updateReversal",
    call: ({ id, stripe }) => stripe.transfers.updateReversal(id("transfer"), id("reversal"), { metadata: { a: "b" } }),
  },
  { name: "transfers.listReversals", call: ({ id, stripe }) => stripe.transfers.listReversals(id("transfer")) },
  { name: "balance.retrieve", call: ({ as, stripe }) => stripe.balance.retrieve({}, as) },
  {
    name: "balanceSettings.update",
    call: ({ as, stripe }) =>
      stripe.balanceSettings.update({ payments: { payouts: { schedule: { interval: "daily" } } } }, as),
  },
  { name: "balanceSettings.retrieve", call: ({ as, stripe }) => stripe.balanceSettings.retrieve({}, as) },
  {
    name: "balanceTransactions.list",
    call: async ({ as, keep, stripe }) => {
      const list = await stripe.balanceTransactions.list({}, as);
      keep("row", list.data[0] ?? { id: "" });
      return list;
    },
  },
  {
    name: "balanceTransactions.retrieve",
    call: ({ as, id, stripe }) => stripe.balanceTransactions.retrieve(id("row"), {}, as),
  },
];

export const eventSteps: readonly Step[] = [
  {
    name: "accounts.deleteExternalAccount",
    call: ({ id, program, stripe }) => stripe.accounts.deleteExternalAccount(program.account.id, id("bank")),
  },
  {
    name: "events.list",
    call: async ({ as, keep, stripe }) => {
      const list = await stripe.events.list({}, as);
      keep("event", list.data[0] ?? { id: "" });
      return list;
    },
  },
  { name: "events.retrieve", call: ({ as, id, stripe }) => stripe.events.retrieve(id("event"), {}, as) },
  {
    name: "webhookEndpoints.create",
    call: async ({ as, keep, stripe }) =>
      keep(
        "endpoint",
        await stripe.webhookEndpoints.create(
          { url: "http://127.0.0.1:9/", enabled_events: ["issuing_dispute.updated"] },
          as,
        ),
      ),
  },
  {
    name: "webhookEndpoints.retrieve",
    call: ({ as, id, stripe }) => stripe.webhookEndpoints.retrieve(id("endpoint"), {}, as),
  },
  {
    name: "webhookEndpoints.update",
    call: ({ as, id, stripe }) => stripe.webhookEndpoints.update(id("endpoint"), { disabled: true }, as),
  },
  { name: "webhookEndpoints.list", call: ({ as, stripe }) => stripe.webhookEndpoints.list({}, as) },
  { name: "webhookEndpoints.del", call: ({ as, id, stripe }) => stripe.webhookEndpoints.del(id("endpoint"), {}, as) },
];
