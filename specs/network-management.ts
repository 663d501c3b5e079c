import type { ResponseCodeStyle } from "./response-codes.ts";

/** DE70 of a 0800 by what it asks for. The first of several is the one that we send; every one is understood. */
export interface NetworkManagementCodes {
  readonly signOn: readonly [string, ...string[]];
  readonly signOff: readonly [string, ...string[]];
  readonly echo: readonly [string, ...string[]];
  /** What asks the network for the advices that it has stored; null where nobody stores any. */
  readonly storedAdvices: string | null;
}

export const networkManagementCodes = {
  visa: { signOn: ["001", "071"], signOff: ["002", "072"], echo: ["301"], storedAdvices: "078" },
  mastercard: { signOn: ["001", "061"], signOff: ["002", "062"], echo: ["301", "270"], storedAdvices: "060" },
  generic: { signOn: ["001"], signOff: ["002"], echo: ["301"], storedAdvices: null },
} as const satisfies Readonly<Record<ResponseCodeStyle, NetworkManagementCodes>>;
