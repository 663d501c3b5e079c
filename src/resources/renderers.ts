import { renderEphemeralKey } from "./ephemeral-keys.ts";
import { renderFileLink } from "./files/file-links.ts";
import { renderFile } from "./files/files.ts";
import { renderBankAccount } from "./accounts/external-account-view.ts";
import { renderPerson } from "./accounts/person-view.ts";
import { renderAccount } from "./accounts/account-view.ts";
import { renderPayout } from "./balances/payout-view.ts";
import { renderTransferReversal } from "./balances/transfer-reversal-view.ts";
import { renderTransfer } from "./balances/transfer-routes.ts";
import { renderTopup } from "./balances/topup-routes.ts";
import { renderCard } from "./issuing/card-view.ts";
import { renderCardholder } from "./issuing/cardholder-view.ts";
import { renderDesign } from "./issuing/personalization-design-view.ts";
import { renderBundle } from "./issuing/physical-bundle-routes.ts";
import { renderFunding } from "./issuing/funding-routes.ts";
import { renderBalanceTransaction } from "./balances/balance-transaction-view.ts";
import { renderEvent } from "./events/event-view.ts";
import { renderAuthorization } from "./issuing/authorization-view.ts";
import { renderDispute } from "./issuing/dispute-view.ts";
import { renderTransaction } from "./issuing/transaction-view.ts";
import type { RenderedType, Renderer } from "./view.ts";
import { renderWebhookEndpoint } from "./webhook-endpoints/webhook-endpoint-routes.ts";

/** How each kind of object is told. */
export const renderers = {
  ephemeral_key: renderEphemeralKey,
  file: renderFile,
  file_link: renderFileLink,
  external_account: renderBankAccount,
  account: renderAccount,
  card: renderCard,
  cardholder: renderCardholder,
  funding: renderFunding,
  payout: renderPayout,
  person: renderPerson,
  topup: renderTopup,
  transfer: renderTransfer,
  transfer_reversal: renderTransferReversal,
  webhook_endpoint: renderWebhookEndpoint,
  personalization_design: renderDesign,
  physical_bundle: renderBundle,
  authorization: renderAuthorization,
  balance_transaction: renderBalanceTransaction,
  event: renderEvent,
  dispute: renderDispute,
  transaction: renderTransaction,
} satisfies Readonly<Partial<Record<RenderedType, Renderer>>>;
