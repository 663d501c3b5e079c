/** Where a message came in from. The numbers are stored in journal entries and never reused. */
export const networks = { visa: 1, mastercard: 2, generic: 3 } as const;

export type Network = keyof typeof networks;
