import type { Message } from "../src/iso8583/public.ts";
import type { Balances } from "./model/answers.ts";

const groupLength = 20;
const amountTypes = { ledgerAmount: "01", availableAmount: "02" } as const;

/**
 * What is wrong with the balances that an answer tells; null where they are right.
 *   | account type 2 | amount type 2 | currency 3 | C or D | amount 12 |        DE54, one group after the other
 */
export function balanceMismatch(reply: Message, right: Balances): string | null {
  const groups = reply.get("54") ?? "";
  for (const [name, type] of Object.entries(amountTypes) as [keyof typeof amountTypes, string][]) {
    const found = amountOfType(groups, type);
    if (found === right[name]) continue;
    return `DE54 tells ${found ?? "nothing"} of amount type ${type}, right is ${right[name]}`;
  }
  return null;
}

function amountOfType(groups: string, type: string): bigint | null {
  for (let at = 0; at + groupLength <= groups.length; at += groupLength) {
    const group = groups.slice(at, at + groupLength);
    if (group.slice(2, 4) !== type) continue;
    const amount = BigInt(group.slice(8));
    return group.charAt(7) === "D" ? -amount : amount;
  }
  return null;
}
