import { type Minor, divideHalfEven, minor, zero } from "../kernel/money.ts";

interface AmountPair {
  readonly cardAmount: Minor;
  readonly transactionAmount: Minor;
}

/** A part of a message's card amount in the merchant's currency. */
export function merchantAmountOf({ cardAmount, transactionAmount }: AmountPair, amount: Minor): Minor {
  if (amount === cardAmount || cardAmount === zero) return transactionAmount;
  return minor(divideHalfEven(amount * transactionAmount, cardAmount));
}
