import type { Positional } from "./dialect.ts";

/** Fields that are divided in the same way wherever they occur, in text and in BCD. */

/** DE3: see specs/processing-codes.ts. */
export const processingCodePositions = {
  kind: "positional",
  parts: [
    { name: "Transaction", content: "n", length: 2 },
    { name: "Account to debit", content: "n", length: 2 },
    { name: "Account to credit", content: "n", length: 2 },
  ],
} as const satisfies Positional;

/** One group of DE54: see specs/additional-amounts.ts. */
export const additionalAmountPositions = {
  kind: "positional",
  parts: [
    { name: "Account type", content: "n", length: 2 },
    { name: "Amount type", content: "an", length: 2 },
    { name: "Currency", content: "n", length: 3 },
    { name: "Sign", content: "a", length: 1 },
    { name: "Amount", content: "n", length: 12 },
  ],
} as const satisfies Positional;

/** DE90. What is not known of the original is zeros. */
export const originalPositions = {
  kind: "positional",
  parts: [
    { name: "Message type", content: "n", length: 4 },
    { name: "System trace audit number", content: "n", length: 6 },
    { name: "Transmission date and time", content: "n", length: 10 },
    { name: "Acquiring institution", content: "n", length: 11 },
    { name: "Forwarding institution", content: "n", length: 11 },
  ],
} as const satisfies Positional;
