import { balanceRoutes } from "./balances/balance-routes.ts";
import { payoutRoutes } from "./balances/payout-routes.ts";
import { transferRoutes } from "./balances/transfer-routes.ts";
import { topupRoutes } from "./balances/topup-routes.ts";
import { cardRoutes } from "./issuing/card-routes.ts";
import { cardholderRoutes } from "./issuing/cardholder-routes.ts";
import { physicalBundleRoutes } from "./issuing/physical-bundle-routes.ts";
import { fundingRoutes } from "./issuing/funding-routes.ts";
import type { Route } from "./route.ts";
import { webhookEndpointRoutes } from "./webhook-endpoints/webhook-endpoint-routes.ts";

/** Every operation of the API. */
export const routes: readonly Route[] = [
  ...balanceRoutes,
  ...topupRoutes,
  ...transferRoutes,
  ...fundingRoutes,
  ...payoutRoutes,
  ...cardholderRoutes,
  ...cardRoutes,
  ...physicalBundleRoutes,
  ...webhookEndpointRoutes,
];
