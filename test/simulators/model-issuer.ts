import { judge } from "../../simulators/judge.ts";
import { isApproval } from "../../simulators/network-side.ts";
import type { NetworkMessage } from "../../simulators/network-message.ts";
import type { Expectation, Opinion } from "../../simulators/opinion.ts";
import type { NetworkName } from "../../simulators/purchase.ts";
import type { Script } from "./scripted-issuer.ts";
import { startMs } from "./small-purchase.ts";
import { readWire } from "./wire-reader.ts";

/** An issuer that answers as the model of the rules does, reading everything it knows from the wire. */
export function modelScript(network: NetworkName, opinion: Opinion, now: () => number): Script {
  return judgedScript(network, (message) => judge(opinion, message, { wallMs: startMs, businessMs: now() }));
}

export function judgedScript(network: NetworkName, judged: (message: NetworkMessage) => Expectation): Script {
  return (request) => {
    const { approvedPart, balances, responseCode } = judged(readWire(request, network));
    if (responseCode === null) return null;
    const fields: Record<string, string> = { 39: responseCode };
    const isRequest = request.mti.charAt(2) === "0" && !request.mti.startsWith("04");
    if (isRequest && isApproval(responseCode)) fields["38"] = (request.get("37") ?? "").slice(-6);
    if (approvedPart !== null) fields["4"] = String(approvedPart).padStart(12, "0");
    if (balances !== null) fields["54"] = group("01", balances.ledgerAmount) + group("02", balances.availableAmount);
    return { fields };
  };
}

function group(type: string, amount: bigint): string {
  const sign = amount < 0n ? "D" : "C";
  return `00${type}840${sign}${String(amount < 0n ? -amount : amount).padStart(12, "0")}`;
}
