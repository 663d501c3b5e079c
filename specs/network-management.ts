import type { ResponseCodeStyle } from "./response-codes.ts";

/** DE70 of a 0800 or 0820 by what it asks for or tells. The first of several is the one that we send; every one is understood. */
export interface NetworkManagementCodes {
  readonly signOn: readonly [string, ...string[]];
  readonly signOff: readonly [string, ...string[]];
  readonly echo: readonly [string, ...string[]];
  /** What asks the network for the advices that it has stored; null where nobody stores any. */
  readonly storedAdvices: string | null;
  /** The network has none left, or the sender wants no more of them. */
  readonly storedAdvicesEnd: readonly string[];
  /** The business day of the network ends: what follows settles on the next one. */
  readonly cutover: readonly string[];
  /** A new key, a request for one, a check of one. */
  readonly keyExchange: readonly string[];
}

export const networkManagementCodes = {
  visa: {
    signOn: ["001", "071"],
    signOff: ["002", "072"],
    echo: ["301"],
    storedAdvices: "078",
    storedAdvicesEnd: ["079"],
    cutover: ["201"],
    keyExchange: ["101", "160", "161", "162", "163"],
  },
  mastercard: {
    signOn: ["001", "061", "063", "065"],
    signOff: ["002", "062", "064", "066"],
    echo: ["301", "270"],
    storedAdvices: "060",
    storedAdvicesEnd: ["363"],
    cutover: ["201"],
    keyExchange: ["101", "161", "162", "163", "164"],
  },
  generic: {
    signOn: ["001"],
    signOff: ["002"],
    echo: ["301"],
    storedAdvices: null,
    storedAdvicesEnd: [],
    cutover: ["201"],
    keyExchange: ["101", "161", "162"],
  },
} as const satisfies Readonly<Record<ResponseCodeStyle, NetworkManagementCodes>>;

/**
 * The name, in `networkManagementResponses`, of our answer to a request of the peer. Keys are not exchanged here, and
 * `unsupported` says so; a request for advices that we have stored is accepted, since there are none to send.
 */
export const networkManagementAnswers = {
  signOn: "accepted",
  signOff: "accepted",
  echo: "accepted",
  storedAdvices: "accepted",
  storedAdvicesEnd: "accepted",
  cutover: "accepted",
  keyExchange: "unsupported",
  unknown: "unsupported",
} as const satisfies Readonly<Record<keyof NetworkManagementCodes | "unknown", "accepted" | "unsupported">>;
