import type { ResponseCodeStyle } from "./response-codes.ts";

export interface MessageFields {
  /** Without one of these a request is a format error that names it. The PAN is wanted besides, in DE2 or in DE35. */
  readonly mandatory: readonly number[];
  /** What the answer carries over from its request, where it is there. */
  readonly echoed: readonly number[];
}

export interface FieldsOfNetwork {
  /** 0100, and 0200, which is answered with the same elements. */
  readonly authorization: MessageFields;
  /** 0120 and 0220. What happened without us is taken with as little as identifies it. */
  readonly advice: MessageFields;
  /** 0400, 0420 and their repeats. */
  readonly reversal: MessageFields;
  /** 0800 and 0820. */
  readonly management: MessageFields;
  /** Administrative messages, and requests that nobody serves: enough for the sender to know its own message again. */
  readonly other: MessageFields;
}

const management = { mandatory: [7, 11, 70], echoed: [7, 11, 33, 48, 63, 70] } as const satisfies MessageFields;
const other = {
  mandatory: [11],
  echoed: [2, 3, 4, 7, 11, 32, 33, 37, 41, 42, 49, 63, 70],
} as const satisfies MessageFields;

/** Data elements of each kind of message, network by network. Ascending: the first that is missing is named. */
export const messageFields = {
  visa: {
    authorization: {
      mandatory: [3, 4, 7, 11, 18, 22, 32, 37, 49],
      echoed: [2, 3, 4, 5, 6, 7, 9, 10, 11, 15, 16, 19, 23, 25, 32, 33, 37, 41, 42, 49, 50, 51, 62, 63],
    },
    advice: {
      mandatory: [3, 4, 7, 11, 18, 32, 37, 49],
      echoed: [2, 3, 4, 5, 6, 7, 9, 10, 11, 15, 16, 19, 23, 25, 32, 33, 37, 41, 42, 49, 50, 51, 62, 63, 90],
    },
    reversal: {
      mandatory: [3, 4, 7, 11, 32, 37, 49],
      echoed: [2, 3, 4, 5, 6, 7, 9, 10, 11, 15, 16, 19, 25, 32, 33, 37, 41, 42, 49, 50, 51, 62, 63, 90],
    },
    management,
    other,
  },
  mastercard: {
    authorization: {
      mandatory: [3, 4, 7, 11, 18, 22, 32, 37, 49],
      echoed: [2, 3, 4, 5, 6, 7, 9, 10, 11, 15, 16, 20, 32, 33, 37, 41, 49, 50, 51, 62, 63],
    },
    advice: {
      mandatory: [3, 4, 7, 11, 18, 32, 37, 49],
      echoed: [2, 3, 4, 5, 6, 7, 9, 10, 11, 15, 16, 20, 32, 33, 37, 41, 49, 50, 51, 62, 63, 90],
    },
    reversal: {
      mandatory: [3, 4, 7, 11, 32, 37, 49],
      echoed: [2, 3, 4, 5, 6, 7, 9, 10, 11, 15, 16, 20, 32, 33, 37, 41, 49, 50, 51, 62, 63, 90, 95],
    },
    management,
    other,
  },
  generic: {
    authorization: {
      mandatory: [3, 4, 7, 11, 18, 49],
      echoed: [2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 15, 16, 19, 25, 32, 33, 37, 41, 42, 49, 50, 51],
    },
    advice: {
      mandatory: [3, 4, 7, 11, 18, 49],
      echoed: [2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 15, 16, 19, 25, 32, 33, 37, 41, 42, 49, 50, 51, 90],
    },
    reversal: {
      mandatory: [3, 4, 7, 11, 49],
      echoed: [2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 15, 16, 19, 25, 32, 33, 37, 41, 42, 49, 50, 51, 90, 95],
    },
    management: { mandatory: [7, 11, 70], echoed: [7, 11, 33, 70] },
    other: { mandatory: [11], echoed: [2, 3, 4, 7, 11, 32, 33, 37, 41, 42, 49, 70] },
  },
} as const satisfies Readonly<Record<ResponseCodeStyle, FieldsOfNetwork>>;
