import { cardholderRoutes } from "./issuing/cardholder-routes.ts";
import type { Route } from "./route.ts";

/** Every operation of the API. */
export const routes: readonly Route[] = [...cardholderRoutes];
