import type { Message } from "../src/iso8583/public.ts";
import { requestResponses } from "../specs/response-codes.ts";
import { answerMti } from "./correlator.ts";
import { isApproval } from "./network-side.ts";
import type { WireFields } from "./purchase.ts";

/** What an answer says, or why it counts as none: `fault` names the first thing that is wrong with it. */
export type CheckedAnswer =
  | { readonly isSound: true; readonly responseCode: string; readonly authorizationCode: string }
  | { readonly isSound: false; readonly fault: string };

/**
 * An answer counts only when all of it is right: type, DE39, six characters of DE38 beside an approval, and DE2, 4, 11
 * and 37 as they were sent. Part of an amount may be approved; then DE4 is that part.
 */
export function checkAnswer(sent: WireFields, reply: Message): CheckedAnswer {
  const expected = answerMti(sent["0"] ?? "");
  if (reply.mti !== expected) return { isSound: false, fault: `type ${reply.mti}, expected ${expected}` };
  const responseCode = reply.get("39") ?? "";
  if (responseCode.length !== 2) return { isSound: false, fault: "no DE39" };
  const authorizationCode = reply.get("38") ?? "";
  const isApproved = (expected === "0110" || expected === "0210") && isApproval(responseCode);
  if (isApproved && authorizationCode.trim().length !== 6) return { isSound: false, fault: "an approval without DE38" };
  for (const path of echoed) {
    const mayDiffer = path === "4" && partialCodes.includes(responseCode);
    if (!mayDiffer && reply.get(path) !== sent[path])
      return { isSound: false, fault: `DE${path} is not that of the request` };
  }
  return { isSound: true, responseCode, authorizationCode };
}

const { approved_in_part, approved_without_cashback } = requestResponses;
const partialCodes: readonly string[] = [approved_in_part.visa, approved_without_cashback.visa];
const echoed = ["11", "37", "4", "2"] as const;
