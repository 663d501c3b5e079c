import { plainAcquirer } from "./acquirer.ts";
import { mastercardNetwork } from "./mastercard-network.ts";
import type { NetworkSide } from "./network-side.ts";
import type { NetworkName } from "./purchase.ts";
import { visaNetwork } from "./visa-network.ts";

export const networkSides = {
  visa: visaNetwork,
  mastercard: mastercardNetwork,
  generic: plainAcquirer,
} as const satisfies Readonly<Record<NetworkName, NetworkSide>>;
