import { ephemeralKeyRoutes } from "./ephemeral-keys.ts";
import { fileLinkRoutes } from "./files/file-links.ts";
import { fileRoutes } from "./files/files.ts";
import { externalAccountRoutes } from "./accounts/external-account-routes.ts";
import { accountLinkRoutes } from "./accounts/account-links.ts";
import { countrySpecRoutes } from "./accounts/country-specs.ts";
import { personRoutes } from "./accounts/person-routes.ts";
import { capabilityRoutes } from "./accounts/capabilities.ts";
import { accountRoutes } from "./accounts/account-routes.ts";
import { designReviewRoutes } from "./test-helpers/issuing/personalization-design-routes.ts";
import { cardShippingRoutes } from "./test-helpers/issuing/card-shipping-routes.ts";
import { personalizationDesignRoutes } from "./issuing/personalization-design-routes.ts";
import { balanceSettingsRoutes } from "./balances/balance-settings.ts";
import { balanceRoutes } from "./balances/balance-routes.ts";
import { payoutRoutes } from "./balances/payout-routes.ts";
import { transferReversalRoutes } from "./balances/transfer-reversal-routes.ts";
import { transferRoutes } from "./balances/transfer-routes.ts";
import { topupRoutes } from "./balances/topup-routes.ts";
import { cardRoutes } from "./issuing/card-routes.ts";
import { cardholderRoutes } from "./issuing/cardholder-routes.ts";
import { physicalBundleRoutes } from "./issuing/physical-bundle-routes.ts";
import { fundingRoutes } from "./issuing/funding-routes.ts";
import { balanceTransactionRoutes } from "./balances/balance-transaction-routes.ts";
import { eventRoutes } from "./events/event-routes.ts";
import { authorizationAnswerRoutes } from "./issuing/authorization-answer-routes.ts";
import { authorizationRoutes } from "./issuing/authorization-routes.ts";
import { disputeRoutes } from "./issuing/dispute-routes.ts";
import { tokenRoutes } from "./issuing/token-routes.ts";
import { transactionRoutes } from "./issuing/transaction-routes.ts";
import type { Route } from "./route.ts";
import { webhookEndpointRoutes } from "./webhook-endpoints/webhook-endpoint-routes.ts";

import { testFraudChallengeRoutes } from "./test-helpers/issuing/fraud-challenge-routes.ts";
import { testAuthorizationRoutes } from "./test-helpers/issuing/authorization-routes.ts";
import { testTransactionRoutes } from "./test-helpers/issuing/transaction-routes.ts";

/** Every operation of the API. */
export const routes: readonly Route[] = [
  ...balanceRoutes,
  ...balanceSettingsRoutes,
  ...topupRoutes,
  ...transferRoutes,
  ...transferReversalRoutes,
  ...fundingRoutes,
  ...payoutRoutes,
  ...cardholderRoutes,
  ...cardRoutes,
  ...physicalBundleRoutes,
  ...webhookEndpointRoutes,
  ...personalizationDesignRoutes,
  ...cardShippingRoutes,
  ...designReviewRoutes,
  ...accountRoutes,
  ...capabilityRoutes,
  ...externalAccountRoutes,
  ...personRoutes,
  ...countrySpecRoutes,
  ...accountLinkRoutes,
  ...fileRoutes,
  ...fileLinkRoutes,
  ...ephemeralKeyRoutes,
  ...authorizationRoutes,
  ...authorizationAnswerRoutes,
  ...transactionRoutes,
  ...disputeRoutes,
  ...tokenRoutes,
  ...balanceTransactionRoutes,
  ...eventRoutes,
  ...testAuthorizationRoutes,
  ...testFraudChallengeRoutes,
  ...testTransactionRoutes,
];
